import t from 'tap';
import { refusal } from './helm.ts';
import { literalSecrets, wrongValues } from './secrets.ts';
import { change, full, sound } from './values.ts';

t.test('helm takes the sound values', async t => {
  t.equal(await refusal(sound), undefined);
});

for (const [path, value] of [...literalSecrets, ...wrongValues]) {
  t.test(`helm refuses by the schema: ${path} ${JSON.stringify(value)}`, async t => {
    const words = await refusal(change(sound, path, value));
    t.match(words, /don't meet the specifications of the schema/);
    t.notMatch(words?.replace(/^Command failed.*$/m, ''), /hunter2|c2VjcmV0/, 'and repeats no secret');
  });
}

const AUDIT = { file: '/var/log/halogate/audit.ndjson' };

t.test('an audit log in a file is taken where the root can be written to', async t => {
  const writable = change(sound, 'securityContext', { readOnlyRootFilesystem: false });
  t.equal(await refusal(change(writable, 'config.audit', AUDIT)), undefined);
});

for (const [values, words] of [
  [change(sound, 'image.registry', ''), /image\.registry is required/],
  [change(sound, 'config.session.redis', undefined), /more than one replica needs config\.session\.redis/],
  [change(sound, 'existingSecret', ''), /nothing gives ENTRA_CLIENT_SECRET, HALOGATE_SESSION_SECRET/],
  [
    change(sound, 'terminationGracePeriodSeconds', 25),
    /terminationGracePeriodSeconds \(25\) has to be more than config\.drain\.deadline \(25s\)/,
  ],
  [change(sound, 'config.drain', { deadline: '2m' }), /terminationGracePeriodSeconds \(40\) .* \(120s\)/],
  [change(sound, 'ca.trust', true), /ca\.trust needs/],
  [
    change(change(sound, 'existingSecret', ''), 'existingSecretMountPath', '/secrets'),
    /existingSecretMountPath needs existingSecret/,
  ],
  [change(sound, 'httpRoute', { enabled: true }), /httpRoute\.parentRefs is required/],
  [change(full, 'metrics.enabled', false), /need metrics\.enabled/],
  [
    change(sound, 'podDisruptionBudget', { minAvailable: null, maxUnavailable: null }),
    /podDisruptionBudget needs minAvailable or maxUnavailable/,
  ],
  [
    change(sound, 'config.audit', AUDIT),
    /config\.audit\.file \(\/var\/log\/halogate\/audit\.ndjson\) cannot be written/,
  ],
  [
    change(change(sound, 'config.audit', AUDIT), 'extraVolumeMounts', [{ name: 'audit', mountPath: '/var/log/halo' }]),
    /config\.audit\.file .* cannot be written/,
  ],
  [
    change(full, 'extraVolumeMounts', [{ name: 'audit', mountPath: '/var/log/halogate', readOnly: true }]),
    /config\.audit\.file .* cannot be written/,
  ],
  [
    { image: { registry: 'registry.example.com' }, existingConfigMap: 'settings', ingress: { enabled: true } },
    /ingress\.hosts is required/,
  ],
] as const) {
  t.test(`helm says what does not go together: ${words.source}`, async t => {
    t.match(await refusal(values), words);
  });
}

import t from 'tap';
import { notes } from './helm.ts';
import { change, full, sound, tables } from './values.ts';

t.test('name the redirect URIs of the portals, each once', async t => {
  const text = await notes(full);
  t.same(
    text.match(/^ {2}https:\S+$/gm)?.map(line => line.trim()),
    [
      'https://halo.example.com/auth/account/azureresponse',
      'https://halo.example.com/portal/auth/account/azureresponse',
      'https://support.example.com:8443/auth/account/azureresponse',
    ],
  );
  const moved = await notes(change(sound, 'config.halo.authPath', '/sso/'));
  t.match(moved, '  https://halo.example.com/sso/account/azureresponse\n');
  t.match(await notes(tables['own-configmap'] ?? {}), /portals are in the ConfigMap halogate-settings/);
});

t.test('warn of trustedProxies left empty behind an ingress or a gateway', async t => {
  const warning = /WARNING: config\.trustedProxies is empty/;
  t.match(await notes(change(sound, 'ingress', { enabled: true })), warning);
  t.match(await notes(change(sound, 'httpRoute', { enabled: true, parentRefs: [{ name: 'public' }] })), warning);
  t.notMatch(await notes(full), /WARNING/);
  t.notMatch(await notes(sound), /WARNING/);
});

t.test('warn of sessions in memory, and of a federated token that nobody brings', async t => {
  const alone = change(change(sound, 'config.session.redis', undefined), 'replicaCount', 1);
  t.match(await notes(alone), /WARNING: sessions are in memory/);
  const workload = change(sound, 'config.connections.0.credential', { workloadIdentity: true });
  t.match(await notes(workload), /WARNING: .* workloadIdentity\.enabled is false/);
  t.notMatch(await notes(change(workload, 'workloadIdentity.enabled', true)), /WARNING/);
  const redis = { url: 'rediss://redis.example.com:6380', entra: true };
  const tokens = change(sound, 'config.session.redis', redis);
  t.match(await notes(tokens), /WARNING: config\.session\.redis needs .* workloadIdentity\.enabled is false/);
  t.notMatch(await notes(change(tokens, 'workloadIdentity.enabled', true)), /WARNING/);
  t.notMatch(await notes(change(tokens, 'config.session.redis.entra', false)), /WARNING/);
  t.notMatch(await notes(change(sound, 'config.connections.0.name', 'workloadIdentity')), /WARNING/, 'a mere name');
});

t.test('warn of a NetworkPolicy that cannot know the port of Redis', async t => {
  const secret = change(
    change(sound, 'config.session.redis', { url: { env: 'REDIS_URL' } }),
    'networkPolicy.enabled',
    true,
  );
  t.match(await notes(secret), /WARNING: config\.session\.redis\.url is not known here/);
  t.notMatch(await notes(change(secret, 'networkPolicy.egress', { redis: { ports: [6380] } })), /WARNING/);
});

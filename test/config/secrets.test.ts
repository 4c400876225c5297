import { generateKeyPairSync, randomBytes } from 'node:crypto';
import t from 'tap';
import { formatFinding, loadSettings, loadSettingsText } from '../../src/config/index.ts';
import { briefly, changed, findingsOf, sound } from '../support/settings.ts';

const strong = randomBytes(32).toString('base64');
const tlsFixtures = new URL('../fixtures/tls/', import.meta.url).pathname;

t.test('a secret comes from the file itself, the environment or another file', async t => {
  const dir = t.testdir({
    'client-secret': 'from a file\n',
    'settings.yaml': changed('credential:', '    credential: {secret: {file: client-secret}}').replace(
      /^session:.*$/m,
      `session: {secret: [${strong}, {env: SESSION}], redis: {url: "redis://127.0.0.1:6379/1", password: {env: REDIS}}}`,
    ),
  });
  const env = { SESSION: Buffer.alloc(40, 7).toString('base64'), REDIS: 'hunter2' };
  const { config, findings } = await loadSettings(`${dir}/settings.yaml`, { env });
  t.same(findings, []);
  t.strictSame(
    config?.connections[0]?.credential,
    { secret: 'from a file' },
    'relative to the settings, without its newline',
  );
  t.same(config?.session.secrets, [Buffer.from(strong, 'base64'), Buffer.alloc(40, 7)]);
  t.same(config?.session.redis, { url: 'redis://127.0.0.1:6379/1', password: 'hunter2', keyPrefix: 'halogate:' });
});

t.test('of the newlines at the end of a file one is dropped', async t => {
  for (const [content, expected] of [
    ['s', 's'],
    ['s\n', 's'],
    ['s\r\n', 's'],
    ['s\n\n', 's\n'],
  ]) {
    const dir = t.testdir({
      secret: content ?? '',
      'settings.yaml': changed('credential:', '    credential: {secret: {file: secret}}'),
    });
    const { config } = await loadSettings(`${dir}/settings.yaml`);
    t.strictSame(config?.connections[0]?.credential, { secret: expected }, JSON.stringify(content));
  }
});

const credential = (secret: string) => changed('credential:', `    credential: {secret: ${secret}}`);
const session = (keys: string) => changed('session:', `session: {${keys}}`);

t.test('a secret that is not there is found', async t => {
  t.same(await briefly(credential('""')), ['13:26 SECRET_MISSING'], 'an empty text');
  t.same(await briefly(credential('{env: UNSET}')), ['13:26 SECRET_MISSING'], 'a variable that is not set');
  t.same(
    await briefly(credential('{env: EMPTY}'), { EMPTY: '' }),
    ['13:26 SECRET_MISSING'],
    'a variable that is empty',
  );
  t.same(await briefly(credential('{file: /nowhere/at/all}')), ['13:26 SECRET_MISSING'], 'a file that does not exist');
  t.same(await briefly(credential(`{file: ${t.testdir({})}}`)), ['13:26 SECRET_MISSING'], 'a directory');
  const empty = `${t.testdir({ empty: '\n' })}/empty`;
  t.same(await briefly(credential(`{file: ${empty}}`)), ['13:26 SECRET_MISSING'], 'an empty file');
});

t.test('a session secret is base64 of 32 bytes or more', async t => {
  const short = randomBytes(31).toString('base64');
  t.same(await briefly(session(`secret: "${short}"`)), ['17:19 SECRET_TOO_SHORT']);
  t.match((await findingsOf(session('secret: "abcd"')))[0]?.message, 'this decodes to 3 bytes');
  t.same(await briefly(session('secret: "a passphrase that is long enough, but no base64"')), [
    '17:19 SECRET_NOT_BASE64',
  ]);
  t.same(await briefly(session(`secret: [${strong}, "${short}"]`)), [`17:${22 + strong.length} SECRET_TOO_SHORT`]);
  t.same(await briefly(session(`secret: "${randomBytes(32).toString('base64url')}"`)), []);
});

t.test('a redis address is redis://host:port, and gives its password once', async t => {
  const redis = (keys: string) => session(`secret: ${strong}, redis: {${keys}}`);
  const column = 28 + strong.length;
  for (const url of ['http://127.0.0.1', 'redis:', 'redis://h/x', 'redis://h?family=6', '/run/redis.sock']) {
    t.same(await briefly(redis(`url: "${url}"`)), [`17:${column + 6} INVALID_URL`], url);
  }
  t.same(await briefly(redis('url: "redis://u:p@h", password: q')), [`17:${column + 23} SECRET_TWICE`]);
  t.same(await briefly(redis('url: "redis://u:p@h"')), []);
});

t.test('the key of the assertion is an EC P-256 key in PKCS#8', async t => {
  const assertion = (pem: string) => `${sound}identity: {assertion: {key: ${JSON.stringify(pem)}}}\n`;
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  t.same(await briefly(assertion(String(p256.export(pkcs8)))), []);
  for (const pem of [String(p384.export(pkcs8)), String(p256.export({ type: 'sec1', format: 'pem' })), 'no key']) {
    t.same(await briefly(assertion(pem)), ['18:29 INVALID_KEY']);
  }
});

t.test('TLS material of an upstream is read, and examined', async t => {
  const dir = t.testdir({
    'other.key': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    junk: 'junk',
  });
  const upstream = (keys: string) => changed('halo:', `halo: {upstream: {url: "https://h", ${keys}}}`);
  const [cert, key] = [`${tlsFixtures}client.crt`, `${tlsFixtures}client.key`];
  const { config } = await loadSettingsText(upstream(`ca: ${cert}, cert: ${cert}, key: ${key}, servername: halo`), {
    file: 'x',
  });
  t.match(config?.halo.upstream, {
    origin: 'https://h',
    ca: /^-----BEGIN CERTIFICATE-----/,
    cert: /^-----BEGIN CERTIFICATE-----/,
    key: /^-----BEGIN PRIVATE KEY-----/,
    servername: 'halo',
  });
  t.same(
    config?.portals.map(portal => portal.upstream),
    [config?.halo.upstream, config?.halo.upstream],
  );
  t.same(await briefly(upstream('ca: /nowhere')), ['4:41 FILE_UNREADABLE']);
  t.same(await briefly(upstream(`ca: ${dir}/junk`)), ['4:41 INVALID_CERTIFICATE']);
  t.same(await briefly(upstream(`cert: ${cert}`)), ['4:8 MISSING_KEY']);
  t.match(await briefly(upstream(`cert: ${cert}, key: ${dir}/junk`)), [/ INVALID_KEY$/]);
  t.match(await briefly(upstream(`cert: ${cert}, key: ${dir}/other.key`)), [/ INVALID_KEY$/]);
});

t.test('a static check looks at nothing outside the file, and makes no Config', async t => {
  const text = credential('{env: UNSET}').replace(/^session:.*$/m, 'session: {secret: {file: /nowhere}}');
  const { layout, files, ...rest } = await loadSettingsText(text, { file: 'x', static: true, env: {} });
  t.same(rest, { findings: [] });
  t.same(files.paths(), []);
  t.match(layout, { authPath: '/auth', portals: [{ name: 'agents' }, { name: 'customers' }] });
  const short = text.replace('{file: /nowhere}', 'c2hvcnQ=');
  const { findings } = await loadSettingsText(short, { file: 'x', static: true });
  t.match(findings, [{ code: 'SECRET_TOO_SHORT' }], 'a secret in the file itself is not outside');
});

t.test('no finding quotes a secret', async t => {
  const texts = [
    credential('[S3CRET]'),
    credential('{S3CRET}'),
    credential('{env: S3CRET-}'),
    credential('{secret: S3CRET}'),
    credential('"x" S3CRET'),
    credential('*S3CRET'),
    credential('!S3CRET x'),
    credential('&S3CRET'),
    session('secret: S3CRET'),
    session('secret: "S3CRET!"'),
    session('secret: [S3CRET, 1]'),
    session(`secret: ${strong}, redis: {url: "http://u:S3CRET@h/S3CRET"}`),
    session(`secret: ${strong}, redis: {url: "rediss://u:S3CRET@h", password: S3CRET}`),
    changed('halo:', 'halo: {upstream: "http://u:S3CRET@h"}'),
    changed('halo:', 'halo: {upstream: "u:S3CRET@h"}'),
    changed('halo:', 'halo: {upstream: "http://S3CRET@h"}'),
    changed('halo:', 'halo: {upstream: "http://u:S3CRET/S3CRET@h"}'),
    `${sound}identity: {assertion: {key: S3CRET}}\n`,
  ];
  for (const text of texts) {
    const findings = await findingsOf(text);
    t.not(findings.length, 0, text);
    for (const finding of findings) t.notMatch(formatFinding(finding), 'S3CRET');
  }
});

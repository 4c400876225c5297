import t from 'tap';
import { loadSettingsText } from '../../src/config/index.ts';
import { briefly, changed, findingsOf } from '../support/settings.ts';

const secret = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const redis = (keys: string) => changed('session:', `session:\n  secret: ${secret}\n  redis:\n    ${keys}`);
const fixture = (name: string) => new URL(`../fixtures/tls/${name}`, import.meta.url).pathname;
const [ca, cert, key] = ['redis-ca.crt', 'redis-client.crt', 'redis-client.key'].map(fixture);
const token = new URL('../fixtures/decisions.yaml', import.meta.url).pathname;
const workload = { AZURE_CLIENT_ID: 'client', AZURE_TENANT_ID: 'tenant', AZURE_FEDERATED_TOKEN_FILE: token };

async function configured(keys: string, env: NodeJS.ProcessEnv = {}) {
  const { config, findings } = await loadSettingsText(redis(keys), { file: '/nowhere/halogate.yaml', env });
  t.same(findings, []);
  return config?.session.redis;
}

t.test('one server, sentinels, and nodes of a cluster', async t => {
  t.same(
    await configured('{sentinel: {name: m, nodes: ["s-1:26379", "[2001:db8::1]:26379"]}, username: u, password: p}'),
    {
      sentinel: {
        name: 'm',
        nodes: [
          { host: 's-1', port: 26_379 },
          { host: '2001:db8::1', port: 26_379 },
        ],
      },
      username: 'u',
      password: 'p',
      keyPrefix: 'halogate:',
    },
  );
  t.match(await configured('{url: "redis://u:50%25off@h"}'), { url: 'redis://u:50%25off@h' });
  t.same(await configured('{cluster: ["10.0.0.1:7000"], keyPrefix: "x:"}'), {
    cluster: [{ host: '10.0.0.1', port: 7000 }],
    keyPrefix: 'x:',
  });
});

t.test('TLS material is read, and examined', async t => {
  t.match(await configured(`{url: "redis://h", tls: {ca: ${ca}, cert: ${cert}, key: ${key}, servername: n}}`), {
    url: 'redis://h',
    tls: { ca: /^-----BEGIN CERTIFICATE/, cert: /^-----BEGIN CERTIFICATE/, key: /PRIVATE KEY/, servername: 'n' },
  });
  t.same(await configured('{url: "redis://h", tls: {}}'), { url: 'redis://h', tls: {}, keyPrefix: 'halogate:' });
  t.same(await configured('{url: "rediss://h"}'), { url: 'rediss://h', keyPrefix: 'halogate:' });
  t.match(await briefly(redis(`{url: "redis://h", tls: {cert: ${cert}}}`)), [/ MISSING_KEY$/]);
  t.match(await briefly(redis(`{url: "redis://h", tls: {ca: ${key}}}`)), [/ INVALID_CERTIFICATE$/]);
  t.match(await briefly(redis(`{url: "redis://h", tls: {ca: /nowhere}}`)), [/ FILE_UNREADABLE$/]);
  const [other] = ['redis-server.key'].map(fixture);
  t.match(await briefly(redis(`{url: "redis://h", tls: {cert: ${cert}, key: ${other}}}`)), [/ INVALID_KEY$/]);
});

t.test('tokens of Entra ID: whose, and from where', async t => {
  t.same(await configured('{url: "rediss://h", entra: true}', workload), {
    url: 'rediss://h',
    entra: { tokenEndpoint: 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token', clientId: 'client' },
    keyPrefix: 'halogate:',
  });
  const sovereign = { ...workload, AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/' };
  t.match(await configured('{cluster: ["h:1"], tls: {}, username: u, entra: true}', sovereign), {
    username: 'u',
    entra: { tokenEndpoint: 'https://login.microsoftonline.us/tenant/oauth2/v2.0/token' },
  });
  t.match(await configured('{url: "redis://127.0.0.1", entra: true}', workload), { entra: {} });
  t.match(await configured('{cluster: ["127.0.0.1:1", "[::1]:2"], entra: true}', workload), { entra: {} });
});

const wrong: [what: string, keys: string, codes: string[]][] = [
  ['no way', '{username: u}', ['MISSING_KEY']],
  ['two ways', '{url: "redis://h", cluster: ["h:1"]}', ['CHOOSE_ONE']],
  ['a % that is no escape in a password', '{url: "redis://u:50%off@h"}', ['INVALID_URL']],
  ['a % that is no escape in a user', '{url: "redis://50%@h"}', ['INVALID_URL']],
  ['an escape in a password that is no UTF-8', '{url: "redis://:%FF@h"}', ['INVALID_URL']],
  ['sentinels that are none', '{sentinel: {name: m, nodes: []}}', ['MISSING_KEY']],
  ['sentinels without a name', '{sentinel: {nodes: ["h:1"]}}', ['MISSING_KEY']],
  ['a node without a port', '{cluster: [h]}', ['INVALID_VALUE']],
  ['a port that is none', '{cluster: ["h:0", "h:65536"]}', ['INVALID_ADDRESS', 'INVALID_ADDRESS']],
  ['braces in the prefix of a cluster', '{cluster: ["h:1"], keyPrefix: "{x}:"}', ['INVALID_VALUE']],
  ['tokens beside a password', '{url: "rediss://h", password: p, entra: true}', ['KEY_NOT_APPLICABLE']],
  ['tokens beside a user in the address', '{url: "rediss://u@h", entra: true}', ['SECRET_TWICE']],
  ['tokens under sentinels', '{sentinel: {name: m, nodes: ["h:1"]}, tls: {}, entra: true}', ['KEY_NOT_APPLICABLE']],
  ['tokens in plain text', '{url: "redis://h", entra: true}', ['MISSING_KEY']],
  ['tokens in plain text to a node', '{cluster: ["127.0.0.1:1", "h:1"], entra: true}', ['MISSING_KEY']],
];

for (const [what, keys, codes] of wrong) {
  t.test(`${what} is a finding`, async t => {
    const found = await findingsOf(redis(keys), workload);
    t.same(
      found.map(({ code }) => code),
      codes,
    );
  });
}

t.test('what the platform did not set is named', async t => {
  const messages = async (env: NodeJS.ProcessEnv) =>
    (await findingsOf(redis('{url: "rediss://h", entra: true}'), env)).map(({ message }) => message).join();
  const all = await messages({});
  for (const name of ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'AZURE_FEDERATED_TOKEN_FILE']) t.match(all, name);
  t.match(await messages({ ...workload, AZURE_AUTHORITY_HOST: 'http://login.example.com' }), 'AZURE_AUTHORITY_HOST');
});

t.test('no finding quotes a secret', async t => {
  for (const keys of [
    '{url: "redis://u:S3CRET@h", entra: true}',
    '{url: "rediss://u:S3CRET@h/S3CRET", entra: true}',
    '{url: "rediss://h", password: S3CRET, entra: true}',
    '{url: "rediss://u:S3CRET%@h"}',
  ]) {
    const text = JSON.stringify(await findingsOf(redis(keys), workload));
    t.notMatch(text, 'S3CRET', keys);
  }
});

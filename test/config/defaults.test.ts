import { createHash } from 'node:crypto';
import t from 'tap';
import { type Config, loadSettingsText } from '../../src/config/index.ts';
import { changed, sound } from '../support/settings.ts';

async function load(t: Tap, text: string): Promise<Config> {
  const { config, findings } = await loadSettingsText(text, { file: 'halogate.yaml', env: {} });
  t.same(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  if (config === undefined) throw new Error('There is no Config.');
  return config;
}
type Tap = Pick<typeof t, 'same'>;

const minimal = `version: 1
halo: {upstream: "http://halo.internal"}
portals:
  - {name: agents, kind: agent, url: "https://halo.example.com"}
  - {name: customers, kind: user, url: "https://halo.example.com/portal"}
connections:
  - name: default
    published: true
    tenant: AAAAAAAA-0000-4000-8000-00000000000A
    clientId: client
    credential: {secret: example}
    allow: agents-and-users
    autoRedirect: true
session: {secret: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
`;

t.test('the least settings become a whole Config', async t => {
  const upstream = { origin: 'http://halo.internal' };
  const portal = {
    origin: 'https://halo.example.com',
    host: 'halo.example.com',
    secure: true,
    upstream,
    anonymous: false,
    nativeSignIn: false,
    origins: [],
  };
  const everyone = { tenants: [], groups: [], roles: [], people: [] };
  const expected: Config = {
    hash: createHash('sha256').update(minimal).digest('hex'),
    listen: { host: '0.0.0.0', port: 8080 },
    opsListen: { host: '127.0.0.1', port: 9090 },
    trustedProxies: [],
    halo: { upstream, authPath: '/auth', shared: [], timeout: 60_000 },
    portals: [
      { name: 'agents', kind: 'agent', url: 'https://halo.example.com', path: '', ...portal },
      { name: 'customers', kind: 'user', url: 'https://halo.example.com/portal', path: '/portal', ...portal },
    ],
    connections: [
      {
        name: 'default',
        published: true,
        provider: 'entra',
        issuer: 'https://login.microsoftonline.com/aaaaaaaa-0000-4000-8000-00000000000a/v2.0',
        authority: 'https://login.microsoftonline.com',
        graph: 'https://graph.microsoft.com',
        tenantType: 'single',
        tenant: 'aaaaaaaa-0000-4000-8000-00000000000a',
        tenants: [],
        clientId: 'client',
        credential: { secret: 'example' },
        allow: 'agents-and-users',
        autoRedirect: true,
        scope: 'openid profile email offline_access',
        responseMode: 'query',
        domains: [],
        portals: ['agents', 'customers'],
        agents: { ...everyone, guests: false },
        users: { ...everyone, guests: true },
      },
    ],
    routes: { defaults: true, public: [], grants: ['client_credentials'], bearer: 'forward' },
    session: {
      secrets: [Buffer.from('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=', 'base64')],
      idle: 3_600_000,
      absolute: 43_200_000,
      refresh: 900_000,
      refreshGrace: 14_400_000,
      outageGrace: 30_000,
    },
    identity: {
      headers: [
        { name: 'X-Forwarded-User', template: '{username}' },
        { name: 'X-Forwarded-Email', template: '{email}' },
        { name: 'X-Forwarded-Name', template: '{name}' },
        { name: 'X-Forwarded-Groups', template: '{groups}' },
        { name: 'X-Halo-Portal', template: '{portal.kind}' },
        { name: 'X-Halo-Tenant', template: '{tid}' },
        { name: 'X-Halo-Object-Id', template: '{oid}' },
        { name: 'X-Halo-Connection', template: '{connection}' },
      ],
      groups: 'named',
      assertion: { header: 'X-Halo-Assertion', lifetime: 60_000 },
    },
    limits: { signIn: { count: 600, period: 60_000 } },
    timeouts: { headers: 10_000, idle: 75_000 },
    drain: { wait: 5_000, deadline: 25_000 },
    storeReadiness: 300_000,
    pages: { title: 'Halo' },
    log: { level: 'info' },
    audit: {},
  };
  t.strictSame(await load(t, minimal), expected);
});

t.test('JSON is YAML', async t => {
  const json = `{"version": 1,\n\t"halo": {"upstream": "http://halo.internal"}, "portals": [{"name": "a", "kind": "user", "url": "https:\\/\\/h.example"}],
\t"connections": [{"name": "c", "published": true, "tenant": "aaaaaaaa-0000-4000-8000-00000000000a", "clientId": "x",
\t"credential": {"secret": "s"}, "allow": "users", "autoRedirect": false}], "session": {"secret": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}}`;
  t.equal((await load(t, json)).portals[0]?.url, 'https://h.example');
});

t.test('a portal address is brought to its normal form', async t => {
  const addresses: [string, { url: string; host: string; path: string; secure: boolean }][] = [
    [
      'HTTPS://Desk.Example.COM:443/',
      { url: 'https://desk.example.com', host: 'desk.example.com', path: '', secure: true },
    ],
    [
      'http://desk.example.com:80',
      { url: 'http://desk.example.com', host: 'desk.example.com', path: '', secure: false },
    ],
    [
      'https://desk.example.com:8443',
      { url: 'https://desk.example.com:8443', host: 'desk.example.com:8443', path: '', secure: true },
    ],
    ['http://[::1]:3000/', { url: 'http://[::1]:3000', host: '[::1]:3000', path: '', secure: false }],
  ];
  for (const [written, expected] of addresses) {
    const config = await load(t, changed('- {name: customers', `  - {name: b, kind: user, url: "${written}"}`));
    t.match(config.portals[1], expected, written);
  }
  const config = await load(
    t,
    changed('- {name: customers', '  - {name: b, kind: user, url: "https://HALO.example.com/Portal/"}'),
  );
  t.match(
    config.portals[1],
    { url: 'https://halo.example.com/Portal', path: '/Portal' },
    'a path keeps its letter case',
  );
});

t.test('an empty list is as if it were left out', async t => {
  const lists = `trustedProxies: []
routes: {public: [], grants: []}
`;
  const text =
    minimal
      .replace('http://halo.internal"', 'http://halo.internal", shared: []')
      .replace('autoRedirect: true', 'autoRedirect: true\n    portals: []\n    agents: {groups: []}') + lists;
  const withHash = (config: Config) => ({ ...config, hash: '' });
  t.strictSame(withHash(await load(t, text)), withHash(await load(t, minimal)));
  const methods = await load(t, `${sound}routes: {public: [{path: /a/, methods: []}]}\n`);
  t.strictSame(methods.routes.public, [{ path: '/a' }], 'every method');
});

t.test('what is given is taken', async t => {
  const text = changed(
    'autoRedirect:',
    '    autoRedirect: false\n    authority: https://login.microsoftonline.us/\n    portals: [customers]\n    prompt: login\n    loginHint: a@example.com\n    domainHint: example.com\n    users: {groups: [AAAAAAAA-0000-4000-8000-00000000000B], guests: false}',
  )
    .replace(
      '"http://halo.internal"',
      '"http://halo.internal/", authPath: /haloauth/, shared: [/hub/**], timeout: 1500ms',
    )
    .concat(`emergency: {from: [192.0.2.0/24], until: 2026-12-31T01:00:00+01:00}
identity: {headers: {X-User: "{username}"}, groups: all, assertion: false}
pages: {title: Helpdesk, support: "mailto:it@example.com"}
log: {level: debug}
`);
  const config = await load(t, text);
  t.match(config.connections[0], {
    issuer: 'https://login.microsoftonline.us/aaaaaaaa-0000-4000-8000-00000000000a/v2.0',
    autoRedirect: false,
    portals: ['customers'],
    prompt: 'login',
    loginHint: 'a@example.com',
    domainHint: 'example.com',
    users: { groups: ['aaaaaaaa-0000-4000-8000-00000000000b'], guests: false },
  });
  t.strictSame(config.halo, {
    upstream: { origin: 'http://halo.internal' },
    authPath: '/haloauth',
    shared: ['/hub/**'],
    timeout: 1500,
  });
  t.strictSame(config.emergency, { from: ['192.0.2.0/24'], until: Date.UTC(2026, 11, 31) });
  t.strictSame(config.identity, { headers: [{ name: 'X-User', template: '{username}' }], groups: 'all' });
  t.strictSame(config.pages, { title: 'Helpdesk', support: 'mailto:it@example.com' });
  t.equal(config.log.level, 'debug');
});

t.test('another provider is known by its issuer, to the letter', async t => {
  const text = changed('tenant:', '    provider: oidc\n    issuer: http://127.0.0.1:4000/').replace(
    '11111111-0000-4000-8000-000000000001',
    'Service Desk',
  );
  const [connection] = (await load(t, text)).connections;
  t.match(connection, { provider: 'oidc', issuer: 'http://127.0.0.1:4000/', agents: { groups: ['Service Desk'] } });
  t.notOk(connection && 'tenant' in connection);
});

t.test('a rule of a kind that the connection excludes admits nobody', async t => {
  const config = await load(t, changed('allow:', '    allow: users'));
  t.equal(config.connections[0]?.agents, undefined);
  t.same(config.connections[0]?.portals, ['customers']);
});

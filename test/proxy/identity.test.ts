import t from 'tap';
import type { Connection, EntryRule, IdentityConfig } from '../../src/config/index.ts';
import { type Assertions, createIdentityHeaders } from '../../src/proxy/index.ts';
import { aPortal, aSession, DEFAULT_IDENTITY, startGateway, startUpstream } from '../support/forwarding.ts';

const portal = aPortal();

function aRule(groups: readonly string[]): EntryRule {
  return { tenants: [], groups, roles: [], people: [], guests: false };
}

function aConnection(overrides: Partial<Connection>): Connection {
  return {
    name: 'default',
    published: true,
    provider: 'entra',
    issuer: 'https://login.example/v2.0',
    graph: 'https://graph.example',
    tenantType: 'single',
    tenants: [],
    clientId: 'client',
    credential: { secret: 'secret' },
    allow: 'agents-and-users',
    autoRedirect: true,
    scope: 'openid',
    responseMode: 'query',
    domains: [],
    portals: ['agents'],
    ...overrides,
  };
}

function withHeaders(headers: Readonly<Record<string, string>>): {
  identity: IdentityConfig;
  connections: Connection[];
} {
  const list = Object.entries(headers).map(([name, template]) => ({ name, template }));
  return { identity: { headers: list, groups: 'all' }, connections: [] };
}

t.test('the default headers say who somebody is; what is empty is not sent', async t => {
  const identityHeaders = createIdentityHeaders({ identity: DEFAULT_IDENTITY, connections: [] });
  t.same(await identityHeaders(aSession({ email: '' }), portal), [
    'X-Forwarded-User',
    'ada@example.com',
    'X-Forwarded-Name',
    'Ada Lovelace',
    'X-Halo-Portal',
    'agent',
    'X-Halo-Tenant',
    '11111111-1111-1111-1111-111111111111',
    'X-Halo-Object-Id',
    '22222222-2222-2222-2222-222222222222',
    'X-Halo-Connection',
    'default',
  ]);
});

t.test('every placeholder is filled in, several in one value and text around them', async t => {
  const identityHeaders = createIdentityHeaders(
    withHeaders({
      A: '{person}',
      B: '{username}/{email} at {portal.name}',
      C: '{groups}|{roles}',
      D: '{tid}.{oid} {connection} {portal.kind} {name}',
    }),
  );
  const session = aSession({ groups: ['g1', 'g2'], roles: ['Agent', 'Admin'] });
  const { id, tid, oid } = session.person;
  t.same(await identityHeaders(session, portal), [
    'A',
    id,
    'B',
    'ada@example.com/ada@example.com at agents',
    'C',
    'g1,g2|Agent,Admin',
    'D',
    `${tid}.${oid} default agent Ada Lovelace`,
  ]);
});

t.test('a placeholder that does not exist is an error at once', async t => {
  for (const template of ['{nobody}', '{constructor}', '{}']) {
    t.throws(() => createIdentityHeaders(withHeaders({ A: template })), TypeError, template);
  }
});

t.test('named groups are those that a rule of a published connection names', async t => {
  const identityHeaders = createIdentityHeaders({
    identity: { ...withHeaders({ G: '{groups}' }).identity, groups: 'named' },
    connections: [
      aConnection({ agents: aRule(['aaaa-1']), users: aRule(['bbbb-2']) }),
      aConnection({ name: 'other', users: aRule(['cccc-3']) }),
      aConnection({ name: 'hidden', published: false, users: aRule(['dddd-4']) }),
    ],
  });
  const groups = ['dddd-4', 'cccc-3', 'aaaa-1', 'eeee-5', 'bbbb-2'];
  t.same(await identityHeaders(aSession({ groups }), portal), ['G', 'cccc-3,aaaa-1,bbbb-2']);
  t.same(await identityHeaders(aSession({ groups: ['eeee-5'] }), portal), []);
});

t.test('a group that holds a comma cannot pass for two', async t => {
  const identityHeaders = createIdentityHeaders(withHeaders({ G: '{groups}', R: '{roles}' }));
  const session = aSession({ groups: ['staff', 'guests,admins'], roles: ['x,Admin'] });
  t.same(await identityHeaders(session, portal), ['G', 'staff']);
});

t.test('values travel as UTF-8', async t => {
  let received: string | undefined;
  const { origin } = await startUpstream(t, (request, response) => {
    received = Buffer.from(String(request.headers['x-name']), 'latin1').toString('utf8');
    response.end();
  });
  const identityHeaders = createIdentityHeaders(withHeaders({ 'X-Name': '{name}' }));
  const identity = await identityHeaders(aSession({ name: 'Zoë Łukasz 佐藤 🙂' }), portal);
  const gateway = await startGateway(t, { upstream: origin, identity });
  await fetch(gateway.origin);
  t.equal(received, 'Zoë Łukasz 佐藤 🙂');
});

t.test('no control character passes, whoever put it there', async t => {
  const identityHeaders = createIdentityHeaders(withHeaders({ N: '{name}', U: '{username}', G: '{groups}' }));
  for (const control of ['\r\nX-Forwarded-User: root', '\n', '\0', '\x1b[2J', '\x7f', '\u0085', '\t']) {
    const session = aSession({ name: `Ada${control}X`, groups: ['a', `b${control}c`] });
    t.same(await identityHeaders(session, portal), ['U', 'ada@example.com'], JSON.stringify(control));
  }
});

t.test('what is prepared is kept with the session, for each portal', async t => {
  const identityHeaders = createIdentityHeaders(withHeaders({ P: '{portal.name}', N: '{name}' }));
  const session = aSession();
  const other = aPortal({ name: 'customers', kind: 'user' });
  const first = await identityHeaders(session, portal);
  t.equal(await identityHeaders(session, portal), first, 'the same array');
  t.same(await identityHeaders(session, other), ['P', 'customers', 'N', 'Ada Lovelace']);
  t.same(await identityHeaders(aSession({ name: 'Grace' }), portal), ['P', 'agents', 'N', 'Grace']);
});

t.test('the assertion is renewed before it expires, and not earlier', async t => {
  let signed = 0;
  const assertions: Assertions = {
    sign: async () => {
      signed += 1;
      return `token-${signed}`;
    },
    jwks: async () => ({ keys: [] }),
  };
  let time = 1_000_000;
  const config = {
    connections: [],
    identity: { headers: [], groups: 'all', assertion: { header: 'X-Halo-Assertion', lifetime: 60_000 } },
  } as const;
  const identityHeaders = createIdentityHeaders(config, assertions, () => time);
  const session = aSession();
  t.same(await identityHeaders(session, portal), ['X-Halo-Assertion', 'token-1']);
  time += 40_000;
  t.same(await identityHeaders(session, portal), ['X-Halo-Assertion', 'token-1']);
  time += 10_000;
  t.same(
    await Promise.all([identityHeaders(session, portal), identityHeaders(session, portal)]),
    [
      ['X-Halo-Assertion', 'token-2'],
      ['X-Halo-Assertion', 'token-2'],
    ],
    'signed once for requests that come together',
  );
});

t.test('who cannot be vouched for is an error, not a request without assertion, and is tried again', async t => {
  let fail = true;
  const assertions: Assertions = {
    sign: async () => {
      if (fail) throw new Error('no keys');
      return 'token';
    },
    jwks: async () => ({ keys: [] }),
  };
  const identity: IdentityConfig = { ...DEFAULT_IDENTITY, assertion: { header: 'X-Halo-Assertion', lifetime: 60_000 } };
  const identityHeaders = createIdentityHeaders({ identity, connections: [] }, assertions);
  const session = aSession();
  await t.rejects(identityHeaders(session, portal), { message: 'no keys' });
  fail = false;
  t.match(await identityHeaders(session, portal), ['X-Forwarded-User']);
  t.throws(() => createIdentityHeaders({ identity, connections: [] }), TypeError, 'nobody signs');
});

import fc from 'fast-check';
import t from 'tap';
import { type AccessRequest, decide, type SignedIn, sessionMatters } from '../../src/policy/index.ts';
import { createLocate, isMisplaced } from '../../src/portals/index.ts';
import { connectionSettings, G1, judge, signedIn, testConfig } from '../support/policy.ts';

const PORTALS = [
  { name: 'agents', kind: 'agent', url: 'https://halo.example.com', origins: ['https://intranet.example.com'] },
  { name: 'customers', kind: 'user', url: 'https://halo.example.com/portal' },
  { name: 'support', kind: 'user', url: 'https://support.example.com/portal' },
];

/** Every shape of settings that a rule of the table asks about. */
const judges = await Promise.all(
  [
    {},
    { autoRedirect: false },
    { allow: 'users' },
    { allow: 'agents' },
    { published: false },
    { portals: ['customers'] },
  ].flatMap(differences =>
    [{}, { anonymous: true }, { nativeSignIn: true }].map(async openness => {
      const [first, ...others] = PORTALS;
      const portals = [first, ...others.map(portal => ({ ...portal, ...openness }))];
      const second = connectionSettings({ name: 'second', allow: 'users', autoRedirect: false, portals: ['support'] });
      const connections = [connectionSettings(differences), second];
      const routes = { public: [{ path: '/public/**' }] };
      return judge(await testConfig({ portals, connections, routes }));
    }),
  ),
);

const chosenJudge = fc.constantFrom(...judges);
const host = fc.constantFrom('halo.example.com', 'support.example.com');
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE');
const path = fc
  .array(
    fc.constantFrom(
      ...['/', '/api', '/auth', '/portal', '/token', '/logout', '/account', '/azureresponse', '/login', '/authorize'],
      ...[
        '/azure',
        '/.halogate',
        '/sign-in',
        '/public',
        '/Notify',
        '/authinfo',
        '/tickets',
        '/..',
        '/%2e%2e',
        '//',
        '/a;b',
      ],
    ),
    { maxLength: 5 },
  )
  .map(parts => (parts.length === 0 ? '/' : parts.join('')));
const site = fc.constantFrom(undefined, 'same-origin', 'same-site', 'cross-site', 'none', '', ['none', 'none']);
const origin = fc.oneof(
  fc.constantFrom(undefined, 'null', '', 'https://halo.example.com', 'https://support.example.com'),
  fc.constantFrom('https://intranet.example.com', 'https://evil.example', ['https://halo.example.com', 'null']),
  fc.webUrl(),
);
const headers = fc.record({
  origin,
  'sec-fetch-site': site,
  'sec-fetch-mode': fc.constantFrom(undefined, 'navigate', 'cors', 'websocket', ['navigate', 'navigate']),
  'sec-fetch-dest': fc.constantFrom(undefined, 'document', 'iframe', 'empty'),
  accept: fc.constantFrom(undefined, 'text/html', '*/*'),
  authorization: fc.constantFrom(undefined, 'Bearer abc', 'Basic abc', ['Bearer a', 'Bearer b']),
  'access-control-request-method': fc.constantFrom(undefined, 'POST'),
});
const token = fc.constantFrom(
  { grant: 'password' },
  { grant: 'client_credentials' },
  { grant: 'x' },
  { unreadable: 'x' },
);
const rest = fc.record({
  websocket: fc.boolean(),
  ourCallback: fc.boolean(),
  emergency: fc.boolean(),
  signedOut: fc.boolean(),
  token,
});
const session: fc.Arbitrary<SignedIn> = fc
  .record({
    connection: fc.constantFrom('default', 'second', 'gone', ''),
    groups: fc.constantFrom([], [G1]),
    guest: fc.boolean(),
  })
  .map(({ connection, ...person }) => signedIn(person, connection));

const asked = fc.record({ judge: chosenJudge, method, host, path, headers, rest });
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

function accessOf({ judge, method, host, path, headers, rest }: Asked): AccessRequest | undefined {
  const place = judge.locate(method, path, host);
  return isMisplaced(place) ? undefined : { method, place, headers, ...rest };
}

const options = { numRuns: 10_000 };

function property(name: string, holds: (asked: Asked, access: AccessRequest, session: SignedIn) => boolean): void {
  t.test(name, async () => {
    fc.assert(
      fc.property(asked, session, (asked, session) => {
        const access = accessOf(asked);
        return access === undefined || holds(asked, access, session);
      }),
      options,
    );
  });
}

property('without a session nothing is forwarded with identity', ({ judge }, access) => {
  return decide(judge.policy, access, undefined).outcome !== 'identity';
});

property(
  'a session of a connection that does not apply to the portal gives no identity',
  ({ judge }, access, session) => {
    const { outcome, portal } = decide(judge.policy, access, session);
    const connection = judge.config.connections.find(({ name }) => name === session.connection);
    const kinds = { agents: ['agent'], users: ['user'], 'agents-and-users': ['agent', 'user'] };
    const applies =
      connection?.published === true &&
      kinds[connection.allow].includes(portal.kind) &&
      connection.portals.includes(portal.name);
    return applies || outcome !== 'identity';
  },
);

property('a person whom the agent rule does not name is never forwarded as an agent', ({ judge }, access, session) => {
  const { outcome, portal } = decide(judge.policy, access, session);
  const named = session.person.groups.includes(G1) && !session.person.guest;
  return named || outcome !== 'identity' || portal.kind !== 'agent';
});

property('a write from another origin is never forwarded with identity', ({ judge }, access, session) => {
  const { outcome, portal } = decide(judge.policy, access, session);
  if (outcome !== 'identity' || ['GET', 'HEAD', 'OPTIONS'].includes(access.method) || access.websocket) return true;
  const { origin, 'sec-fetch-site': site } = access.headers;
  if (typeof origin === 'string' && [portal.origin, ...portal.origins].includes(origin)) return true;
  return (
    (origin === undefined || origin === 'null') &&
    (site === 'same-origin' || site === 'none' || (site ?? origin) === undefined)
  );
});

property('a WebSocket from another origin is never forwarded with identity', ({ judge }, access, session) => {
  const { outcome, portal } = decide(judge.policy, { ...access, websocket: true }, session);
  const { origin } = access.headers;
  return outcome !== 'identity' || (typeof origin === 'string' && [portal.origin, ...portal.origins].includes(origin));
});

property('passwords never reach Halo from a portal where they are shut', ({ judge }, access, session) => {
  const { rule, outcome, portal } = decide(judge.policy, access, session);
  const { route } = access.place;
  if (access.emergency || portal.nativeSignIn || access.method !== 'POST' || route.kind !== 'auth') return true;
  if (rule <= 3 || ['authorize', 'logout'].includes(route.rest)) return true;
  const isPassword = route.rest !== 'token' || !('grant' in (access.token ?? {})) || access.token === undefined;
  const shut = judge.config.portals.some(
    ({ name, kind, anonymous }) =>
      (kind === 'agent' || name === portal.name) &&
      !anonymous &&
      judge.policy.portals.get(name)?.applicable.some(({ autoRedirect }) => autoRedirect),
  );
  return !shut || !isPassword || outcome === 'refuse';
});

property('where the session does not matter it changes nothing', ({ judge }, access, session) => {
  if (sessionMatters(judge.policy, access)) return true;
  return (
    JSON.stringify(decide(judge.policy, access, session)) === JSON.stringify(decide(judge.policy, access, undefined))
  );
});

property('the same question has the same answer', ({ judge }, access, session) => {
  const first = JSON.stringify(decide(judge.policy, access, session));
  return JSON.stringify(decide(judge.policy, access, session)) === first;
});

property(
  'letter case of the path, a trailing slash and encoded letters never change the decision',
  (asked, access, session) => {
    const brief = (request: AccessRequest) => {
      const { rule, outcome, portal, code } = decide(asked.judge.policy, request, session);
      return JSON.stringify([rule, outcome, portal.name, code]);
    };
    const expected = brief(access);
    const encoded = asked.path.replace(/[a-z]/g, letter => `%${letter.charCodeAt(0).toString(16)}`);
    return [asked.path.toUpperCase(), `${asked.path}/`, asked.path.toLowerCase()]
      .concat(/%/.test(asked.path) ? [] : [encoded])
      .every(path => {
        const other = accessOf({ ...asked, path: path.replaceAll('%2E', '%2e') });
        return other === undefined || brief(other) === expected;
      });
  },
);

property('what is forwarded is what was decided on', (asked, access, session) => {
  const { path, query } = access.place.target;
  const again = createLocate(asked.judge.config)(access.method, path + query, asked.host);
  if (isMisplaced(again)) return false;
  const decision = JSON.stringify(decide(asked.judge.policy, access, session));
  return JSON.stringify(decide(asked.judge.policy, { ...access, place: again }, session)) === decision;
});

property('every answer is one that the table knows', ({ judge }, access, session) => {
  const { rule, outcome, status, code, page, portal } = decide(judge.policy, access, session);
  const outcomes: Readonly<Record<number, readonly string[]>> = {
    1: ['own'],
    2: ['forward'],
    3: ['forward'],
    4: ['refuse'],
    5: ['forward'],
    6: ['identity'],
    7: ['refuse'],
    8: ['refuse'],
    9: ['forward'],
    10: ['forward'],
    11: ['sign-in', 'refuse'],
    12: ['refuse'],
  };
  const refused = outcome === 'refuse';
  return (
    outcomes[rule]?.includes(outcome) === true &&
    access.place.hostPortals.includes(portal) &&
    [status, code, page].every(part => (part !== undefined) === refused)
  );
});

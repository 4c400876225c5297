import t from 'tap';
import { briefly, changed, sound } from '../support/settings.ts';

const firstPortal = (first: string) => changed('- {name: agents', first);
const connection = (line: string) => changed('autoRedirect:', `    autoRedirect: true\n    ${line}`);
const session = (keys: string) =>
  changed('session:', `session: {${keys}, secret: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}`);
const publicRoute = (route: string) => `${sound}routes: {public: [${route}]}\n`;
const headers = (map: string) => `${sound}identity: {headers: ${map}}\n`;

const table: [what: string, text: string, expected: string[]][] = [
  // connections
  [
    'two connections of one name',
    changed(
      'session:',
      '  - {name: default, published: true, tenant: aaaaaaaa-0000-4000-8000-00000000000a, clientId: c, credential: {secret: s}, allow: users, autoRedirect: true}\nsession: {secret: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}',
    ),
    ['17:12 DUPLICATE_NAME'],
  ],
  ['a single tenant that is not named', changed('tenant:', ''), ['9:5 MISSING_KEY']],
  ['a tenant that is no GUID', changed('tenant:', '    tenant: contoso.onmicrosoft.com'), ['11:13 INVALID_ID']],
  [
    'the tenant of consumers',
    changed('tenant:', '    tenant: 9188040D-6c67-4c5b-b112-36a304b66dad'),
    ['11:13 CONSUMER_TENANT'],
  ],
  [
    'a listed portal that does not exist',
    connection('portals: [agents, customers, nowhere]'),
    ['16:34 UNKNOWN_PORTAL'],
  ],
  [
    'a listed portal of an excluded kind',
    changed('allow:', '    allow: users\n    portals: [agents]'),
    ['15:15 PORTAL_KIND_NOT_ALLOWED'],
  ],
  [
    'a connection without a portal of its kind',
    firstPortal('  - {name: a, kind: user, url: "https://halo.example.com"}').replace('agents-and-users', 'agents'),
    ['9:5 SERVES_NO_PORTAL'],
  ],
  ['an http authority', connection('authority: http://login.example.com'), ['16:16 INSECURE_URL']],
  [
    'a host that only looks like loopback',
    connection('authority: http://127.0.0.1.example.com'),
    ['16:16 INSECURE_URL'],
  ],
  ['an http graph', connection('graph: http://graph.example.com'), ['16:12 INSECURE_URL']],
  [
    'an authority with the tenant in it',
    connection('authority: https://login.microsoftonline.com/organizations'),
    ['16:16 INVALID_URL'],
  ],
  ['a graph with the version in it', connection('graph: https://graph.microsoft.com/v1.0'), ['16:12 INVALID_URL']],
  ['an authority with a slash at its end', connection('authority: https://login.microsoftonline.us/'), []],
  [
    'an http issuer',
    changed('tenant:', '    provider: oidc\n    issuer: http://id.example.com'),
    ['12:13 INSECURE_URL'],
  ],
  [
    'an issuer with a query',
    changed('tenant:', '    provider: oidc\n    issuer: https://id.example.com?x=1'),
    ['12:13 INVALID_URL'],
  ],
  ['oidc without an issuer', changed('tenant:', '    provider: oidc'), ['9:5 MISSING_KEY']],
  [
    'oidc with a tenant',
    changed(
      'tenant:',
      '    provider: oidc\n    issuer: https://id.example.com\n    tenant: aaaaaaaa-0000-4000-8000-00000000000a',
    ),
    ['13:5 KEY_NOT_APPLICABLE'],
  ],
  ['an issuer beside a tenant', connection('issuer: https://id.example.com'), ['16:5 KEY_NOT_APPLICABLE']],
  ['scopes without openid', connection('scope: profile email'), ['16:12 INVALID_VALUE']],
  ['a prompt that always fails', connection('prompt: none'), ['16:13 INVALID_VALUE']],
  [
    'form_post on an http portal',
    firstPortal('  - {name: a, kind: agent, url: "http://a.example.com"}').replace(
      'autoRedirect: true',
      'autoRedirect: true\n    responseMode: form_post',
    ),
    ['16:19 FORM_POST_NEEDS_HTTPS', '6:33 INSECURE_PORTAL'],
  ],
  ['a group by its name', connection('users: {groups: [Everyone]}'), ['16:22 INVALID_ID']],
  ['a person by an address', connection('users: {people: [a@example.com]}'), ['16:22 INVALID_ID']],
  [
    'tenants of people who have none',
    changed(
      'tenant:',
      '    provider: oidc\n    issuer: https://id.example.com\n    users: {tenants: [aaaaaaaa-0000-4000-8000-00000000000a]}',
    ),
    ['13:13 KEY_NOT_APPLICABLE'],
  ],

  // public routes
  ['a pattern without a slash', publicRoute('{path: hooks}'), ['18:26 INVALID_PATTERN']],
  ['a pattern with a query', publicRoute('{path: "/hooks?x"}'), ['18:26 INVALID_PATTERN']],
  ['a pattern with a fragment', publicRoute('{path: "/hooks#x"}'), ['18:26 INVALID_PATTERN']],
  ['a pattern with a backslash', publicRoute("{path: '/hooks\\x'}"), ['18:26 INVALID_PATTERN']],
  ['a pattern with an encoded part', publicRoute('{path: /%61}'), ['18:26 INVALID_PATTERN']],
  ['a pattern with an empty segment', publicRoute('{path: /a//b}'), ['18:26 INVALID_PATTERN']],
  ['a pattern with dot segments', publicRoute('{path: /a/../b}'), ['18:26 INVALID_PATTERN']],
  ['a pattern with ** in a segment', publicRoute('{path: /a**}'), ['18:26 INVALID_PATTERN']],
  ['a method in lower case', publicRoute('{path: /a, methods: [post]}'), ['18:40 INVALID_VALUE']],
  ['everything public', publicRoute('{path: /**}'), ['18:26 PUBLIC_ROUTE_OPENS_SIGN_IN']],
  [
    'a wildcard over the authorization path',
    publicRoute('{path: /*/account/login, methods: [POST]}'),
    ['18:26 PUBLIC_ROUTE_OPENS_SIGN_IN'],
  ],
  [
    'a wildcard below the authorization path',
    publicRoute('{path: /AUTH/account/**}'),
    ['18:26 PUBLIC_ROUTE_OPENS_SIGN_IN'],
  ],
  [
    "a wildcard over a portal's authorization path",
    publicRoute('{path: /portal/au*/x}'),
    ['18:26 PUBLIC_ROUTE_OPENS_SIGN_IN'],
  ],
  ['the token endpoint', publicRoute('{path: /Auth/Token/}'), ['18:26 PUBLIC_ROUTE_OPENS_SIGN_IN']],
  ["a portal's token endpoint", publicRoute('{path: /portal/auth/token}'), ['18:26 PUBLIC_ROUTE_OPENS_SIGN_IN']],
  [
    'one path of the authorization path',
    publicRoute('{path: /auth/account/external}'),
    ['18:26 PUBLIC_ROUTE_ON_AUTH_PATH'],
  ],
  ['the authorization path, but for reading', publicRoute('{path: /auth/**, methods: [GET, HEAD]}'), []],
  ['a path beside the authorization path', publicRoute('{path: /authx/**}'), []],
  ['a wildcard that stays clear of it', publicRoute('{path: /hooks/*/auth/**}'), []],

  // sessions
  [
    'an idle time beyond the absolute',
    changed('session:', 'session: {idle: 2h, absolute: 1h, secret: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}'),
    ['17:17 IDLE_BEYOND_ABSOLUTE'],
  ],
  [
    'a session that ends at once',
    changed('session:', 'session: {idle: 0s, secret: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}'),
    ['17:17 INVALID_DURATION'],
  ],
  ['a refresh that never comes', session('refresh: 999999h'), ['17:20 INVALID_DURATION', '17:20 NO_REFRESH_GRACE']],
  ['a refresh that is a slip', session('refresh: 0s'), ['17:20 INVALID_DURATION']],
  ['no refresh', session('refresh: 0, refreshGrace: 0s'), []],
  ['a grace without end', session('refreshGrace: 999999h'), ['17:25 INVALID_DURATION']],
  ['an outage that is outlived for ever', session('outageGrace: 999999h'), ['17:24 INVALID_DURATION']],
  ['no grace in an outage', session('outageGrace: 0s'), []],
  ['a grace that is over before the next question', session('refreshGrace: 10m'), ['17:25 NO_REFRESH_GRACE']],
  ['questions more seldom than the grace lasts', session('refresh: 5h'), ['17:20 NO_REFRESH_GRACE']],
  ['a grace as long as the period', session('refresh: 10m, refreshGrace: 10m'), []],
  ['a drain that waits beyond its deadline', `${sound}drain: {wait: 30s}\n`, ['18:15 DRAIN_ORDER']],
  [
    'redis without an address',
    changed('session:', 'session: {redis: {}, secret: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}'),
    ['17:11 MISSING_KEY'],
  ],

  // identity
  ['a placeholder that no identity has', headers('{X-User: "{usrname}"}'), ['18:30 UNKNOWN_PLACEHOLDER']],
  ['a brace left open', headers('{X-User: "{username"}'), ['18:30 UNKNOWN_PLACEHOLDER']],
  ['a header name with a space', headers('{"X User": "{username}"}'), ['18:22 INVALID_HEADER']],
  ['a line break in a header', headers('{X-User: "a\\nb"}'), ['18:30 INVALID_VALUE']],
  [
    'two headers that differ in - and _',
    headers('{X-User: "{username}", x_user: "{email}"}'),
    ['18:44 DUPLICATE_HEADER'],
  ],
  ['the header of the assertion', headers('{X-Halo-Assertion: "{username}"}'), ['18:1 DUPLICATE_HEADER']],
  [
    'an assertion in the authorization header',
    `${sound}identity: {assertion: {header: Authorization}}\n`,
    ['18:24 RESERVED_HEADER'],
  ],
  ['every group in the assertion', `${sound}identity: {groups: all}\n`, ['18:20 ALL_GROUPS_ASSERTED']],
  ['every group in the headers alone', `${sound}identity: {groups: all, assertion: false}\n`, []],
  ['the groups that rules name in the assertion', `${sound}identity: {groups: named}\n`, []],
  ['an assertion that lives for a day', `${sound}identity: {assertion: {lifetime: 24h}}\n`, ['18:34 INVALID_DURATION']],
  ...[
    'Host',
    'Cookie',
    'Authorization',
    'connection',
    'Transfer-Encoding',
    'content_length',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Original-URL',
    'Sec-Fetch-Site',
    'X-HTTP-Method-Override',
  ].map((name): [string, string, string[]] => [
    `identity in ${name}`,
    headers(`{${name}: "{username}"}`),
    ['18:22 RESERVED_HEADER'],
  ]),
];

for (const [what, text, expected] of table) {
  t.test(`${what}: ${expected.length === 0 ? 'no finding' : expected.join(', ')}`, async t => {
    t.same(await briefly(text), expected);
  });
}

import t from 'tap';
import { briefly, changed, findingsOf, sound } from '../support/settings.ts';

const [A, B, C] = ['a', 'b', 'c'].map(letter => `${letter.repeat(8)}-0000-4000-8000-00000000000${letter}`);
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Settings whose one connection is multi-tenant, for users; `lines` are further keys of it, from line 12 on. */
function multi(lines: readonly string[], allow = 'users'): string {
  const keys = ['tenantType: multi', ...lines].map(line => `    ${line}`).join('\n');
  return sound
    .replace(/ {4}tenant: .*/, keys)
    .replace('allow: agents-and-users', `allow: ${allow}`)
    .replace('autoRedirect: true', 'autoRedirect: false')
    .replace(/ {4}agents: {groups: \[1.*\n/, '');
}

/** The same, for agents and users. */
const both = (...lines: string[]) => multi(lines, 'agents-and-users');
const users = (...lines: string[]) => multi(lines);
const single = (line: string) => changed('autoRedirect:', `    autoRedirect: true\n    ${line}`);
const listed = `tenants: [{id: ${A}}]`;

const table: [what: string, text: string, expected: string[]][] = [
  // What goes with what
  ['several tenants', users(listed), []],
  ['one tenant beside several', users(listed, `tenant: ${A}`), ['13:5 KEY_NOT_APPLICABLE']],
  ['several tenants with an issuer', users(listed, 'issuer: "https://id.example.com"'), ['13:5 KEY_NOT_APPLICABLE']],
  ['a list of tenants beside one', single(listed), ['16:5 KEY_NOT_APPLICABLE']],
  ['customers beside one tenant', single(`csp: {partnerTenant: ${A}}`), ['16:5 KEY_NOT_APPLICABLE']],
  ['an empty list of tenants beside one', single('tenants: []'), []],
  ['customers without a partner', users('csp: {include: all}'), ['12:5 MISSING_KEY']],
  [
    'customers that are read all the time',
    users(`csp: {partnerTenant: ${A}, refresh: 0s}`),
    ['12:73 INVALID_DURATION'],
  ],
  [
    'customers that are read once in a year',
    users(`csp: {partnerTenant: ${A}, refresh: 8760h}`),
    ['12:73 INVALID_DURATION'],
  ],

  ['an empty list of customers', users(`csp: {partnerTenant: ${A}, include: []}`), ['12:73 CUSTOMERS_UNRESTRICTED']],
  ['every customer, by name', users(`csp: {partnerTenant: ${A}, include: all}`), []],

  // Consumers
  ['consumers among the tenants', users(`tenants: [{id: ${A}}, {id: ${CONSUMERS}}]`), ['12:64 CONSUMER_TENANT']],
  ['consumers as a partner', users(`csp: {partnerTenant: ${CONSUMERS}}`), ['12:26 CONSUMER_TENANT']],
  [
    'consumers as a customer',
    users(`csp: {partnerTenant: ${A}, include: [${CONSUMERS.toUpperCase()}]}`),
    ['12:74 CONSUMER_TENANT'],
  ],
  ['consumers as no customer', users(`csp: {partnerTenant: ${A}, exclude: [${CONSUMERS}]}`), ['12:74 CONSUMER_TENANT']],
  [
    'consumers in a rule',
    users(`csp: {partnerTenant: ${A}}`, `users: {tenants: [${CONSUMERS}]}`),
    ['13:23 CONSUMER_TENANT'],
  ],
  [
    'a consumer in a rule',
    users(`csp: {partnerTenant: ${A}}`, `users: {people: [${CONSUMERS}.${A}]}`),
    ['13:22 CONSUMER_TENANT'],
  ],

  // Twice, or both in and out
  ['a tenant twice', users(`tenants: [{id: ${A}}, {id: ${A?.toUpperCase()}}]`), ['12:64 DUPLICATE_TENANT']],
  [
    'a customer in and out',
    users(`csp: {partnerTenant: ${A}, include: [${B}], exclude: [${B?.toUpperCase()}]}`),
    ['12:123 TENANT_IN_AND_OUT'],
  ],
  [
    'a listed tenant that is no customer',
    users(`csp: {partnerTenant: ${A}, exclude: [${B}]}`, `tenants: [{id: ${B}}]`),
    ['12:74 TENANT_IN_AND_OUT'],
  ],
  ['some customers in, others out', users(`csp: {partnerTenant: ${A}, include: [${B}], exclude: [${C}]}`), []],

  // Domains
  [
    'a domain of two tenants',
    users('tenants:', `  - {id: ${A}, domains: [a.example, b.example]}`, `  - {id: ${B}, domains: [B.Example]}`),
    ['14:62 DUPLICATE_TENANT_DOMAIN'],
  ],
  ['a domain of one tenant, twice', users(`tenants: [{id: ${A}, domains: [a.example, a.example]}]`), []],

  // Nobody
  ['nobody', users(), ['9:5 NOBODY_ADMITTED']],
  ['an empty list of tenants', users('tenants: []'), ['9:5 NOBODY_ADMITTED']],
  ['nobody, but unpublished', users().replace('published: true', 'published: false'), []],
  ['customers alone', users(`csp: {partnerTenant: ${A}}`), []],

  // Agents
  ['agents of several tenants without a rule', both(listed), ['9:5 AGENTS_SHUT_OUT']],
  ['the same, unpublished', both(listed).replace('published: true', 'published: false'), []],
  ['the same, for portals of users alone', both(listed, 'portals: [customers]'), []],
  ['agents by group alone', both(listed, `agents: {groups: [${C}]}`), ['13:5 MISSING_KEY']],
  ['an empty rule for agents', both(listed, 'agents: {}'), ['13:5 MISSING_KEY']],
  ['a rule for agents of no tenant', both(listed, 'agents: {tenants: []}'), ['13:14 MISSING_KEY']],
  ['agents by tenant', both(listed, `agents: {tenants: [${A}]}`), []],

  // Rules about tenants that are not admitted
  ['agents of an unlisted tenant', both(listed, `agents: {tenants: [${A}, ${B}]}`), ['13:62 RULE_TENANT_NOT_ADMITTED']],
  ['users of an unlisted tenant', users(listed, `users: {tenants: [${B}]}`), ['13:23 RULE_TENANT_NOT_ADMITTED']],
  ['a user of an unlisted tenant', users(listed, `users: {people: [${B}.${C}]}`), ['13:22 RULE_TENANT_NOT_ADMITTED']],
  ['a user by object id', users(listed, `users: {people: [${C}]}`), []],
  ['a tenant that may be a customer', users(`csp: {partnerTenant: ${A}}`, `users: {tenants: [${B}]}`), []],
  [
    'a tenant that is excluded',
    users(`csp: {partnerTenant: ${A}, exclude: [${B}]}`, `users: {tenants: [${B}]}`),
    ['13:23 RULE_TENANT_NOT_ADMITTED'],
  ],
  [
    'a tenant that is not included',
    users(`csp: {partnerTenant: ${A}, include: [${B}]}`, `users: {tenants: [${B}, ${C}]}`),
    ['13:61 RULE_TENANT_NOT_ADMITTED'],
  ],
  [
    'agents of the partner, who is no customer of its own',
    both(`csp: {partnerTenant: ${A}}`, `agents: {tenants: [${A}]}`),
    ['13:24 RULE_TENANT_NOT_ADMITTED'],
  ],
  [
    'agents of the partner, who is listed',
    both(`csp: {partnerTenant: ${A}}`, `agents: {tenants: [${A}]}`, `tenants: [{id: ${A?.toUpperCase()}}]`),
    [],
  ],
  ['one tenant, and a rule about another', single(`users: {tenants: [${B}]}`), ['16:23 RULE_TENANT_NOT_ADMITTED']],
  ['one tenant, and a rule about it', single(`users: {tenants: [${A?.toUpperCase()}]}`), []],
];

for (const [what, text, expected] of table) {
  t.test(`${what}: ${expected.length === 0 ? 'no finding' : expected.join(', ')}`, async t => {
    t.same(await briefly(text), expected);
  });
}

/** Two connections that lead people of one domain to themselves; `second` are keys of the second one. */
const twoWith = (second: string) =>
  changed(
    'session:',
    `  - {name: second, tenant: ${B}, clientId: c, credential: {secret: s}, autoRedirect: true, domains: [Example.com], ${second}}
session: {secret: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}`,
  ).replace('    autoRedirect: true\n', '    autoRedirect: true\n    domains: [example.com]\n');

t.test('a domain that leads to two connections of one portal', async t => {
  const ambiguous = ['18:134 AMBIGUOUS_DOMAIN'];
  t.same(await briefly(twoWith('published: true, allow: users')), ambiguous);
  t.same(await briefly(twoWith('published: true, allow: users, portals: [customers]')), ambiguous);
  t.same(await briefly(twoWith('published: false, allow: users')), [], 'one is not published');
  const apart = twoWith('published: true, allow: users').replace('agents-and-users', 'agents');
  t.same(await briefly(apart), [], 'no portal is served by both');
});

t.test('a finding says what was found, what is expected, and what to do', async t => {
  const message = async (text: string) => (await findingsOf(text)).map(finding => finding.message);
  t.same(await message(users(listed, `tenant: ${A}`)), [
    'connections[0].tenant: has no meaning for several tenants of Entra ID (tenantType "multi")',
  ]);
  t.same(await message(both(listed, 'agents: {}')), [
    "connections[0].agents.tenants: is required in a connection of several tenants: a customer's administrator grants groups and roles",
  ]);
  t.same(
    await message(users('tenants:', `  - {id: ${A}, domains: [a.example]}`, `  - {id: ${B}, domains: [a.example]}`)),
    [
      `connections[0].tenants[1].domains[0]: "a.example" is said to be that of "${A}" as well; a domain belongs to one tenant`,
    ],
  );
  t.same(await message(both(listed)), [
    'connections[0]: without a rule "agents", nobody whom this connection signs in may enter "agents"',
  ]);
  t.same(await message(twoWith('published: true, allow: users')), [
    'connections[1].domains[0]: "Example.com" leads to connection "default" as well, at a portal that both serve',
  ]);
});

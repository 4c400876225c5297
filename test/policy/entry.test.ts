import t from 'tap';
import type { Connection, EntryRule } from '../../src/config/index.ts';
import { compilePolicy, mayEnter, namedGroups, type Person, type SignedIn } from '../../src/policy/index.ts';
import { connectionSettings, G1, signedIn, TENANT, testConfig } from '../support/policy.ts';

const config = await testConfig();
const [base] = config.connections as [Connection];
const [agents, customers] = config.portals;

const G2 = '22222222-0000-4000-8000-00000000000b';
const OID = 'eeeeeeee-0000-4000-8000-00000000000e';
const OTHER_TENANT = 'bbbbbbbb-0000-4000-8000-00000000000b';
const NOBODY: EntryRule = { tenants: [], groups: [], roles: [], people: [], guests: false };

/** Whether a person enters the agent portal under a rule of the connection. */
function enters(
  rule: Partial<EntryRule> | undefined,
  person: Partial<Person>,
  connection: Partial<Connection> = {},
): boolean {
  const { agents: _, ...rest } = { ...base, ...connection };
  const connections = [rule === undefined ? rest : { ...rest, agents: { ...NOBODY, ...rule } }];
  if (agents === undefined) throw new Error('no portal');
  return mayEnter(compilePolicy({ ...config, connections }), signedIn(person), agents);
}

/** A connection of a provider that is not Entra. */
const OIDC: Partial<Connection> = { provider: 'oidc', issuer: 'https://id.example' };

t.test('without a rule nobody enters', async t => {
  t.equal(enters(undefined, { groups: [G1] }), false);
});

t.test('an empty rule admits everyone but guests', async t => {
  t.equal(enters({}, {}), true);
  t.equal(enters({}, { guest: true }), false);
  t.equal(enters({ guests: true }, { guest: true }), true);
});

t.test('a guest passes only where guests are let in, whatever else matches', async t => {
  const person = { guest: true, groups: [G1], roles: ['Agent'], oid: OID };
  for (const rule of [{ groups: [G1] }, { roles: ['Agent'] }, { people: [OID] }, { tenants: [TENANT] }]) {
    t.equal(enters(rule, person), false);
    t.equal(enters({ ...rule, guests: true }, person), true);
  }
  t.equal(enters({ groups: [G2], guests: true }, person), false, 'being let in as a guest is not enough');
});

t.test('of groups, roles and people any one that matches is enough', async t => {
  const rule = { groups: [G1], roles: ['Halo.Agent'], people: [OID] };
  t.equal(enters(rule, { groups: [G2, G1] }), true);
  t.equal(enters(rule, { roles: ['Halo.Agent'] }), true);
  t.equal(enters(rule, { oid: OID }), true);
  t.equal(enters(rule, { groups: [G2], roles: ['Other'] }), false);
  t.equal(enters(rule, { name: G1, email: OID, username: 'Halo.Agent' }), false, 'names and addresses never count');
  t.equal(enters(rule, { groups: ['Halo.Agent', OID], roles: [G1] }), false, 'each list is for its own');
});

t.test('tenants, where given, must match, and alone decide where nothing else is given', async t => {
  const multi = { tenant: '' };
  t.equal(enters({ tenants: [TENANT] }, {}), true);
  t.equal(enters({ tenants: [OTHER_TENANT] }, {}), false);
  t.equal(enters({ tenants: [OTHER_TENANT], groups: [G1] }, { groups: [G1] }), false);
  t.equal(enters({ tenants: [TENANT], groups: [G1] }, {}), false);
  t.equal(enters({ tenants: [TENANT], groups: [G1] }, { groups: [G1] }), true);
  t.equal(enters({ tenants: [TENANT] }, { tid: '' }, multi), false);
});

t.test(
  'a single-tenant connection admits its own tenant alone, also sessions from before a change of settings',
  async t => {
    t.equal(enters({}, { tid: OTHER_TENANT }), false);
    t.equal(enters({ groups: [G1] }, { tid: OTHER_TENANT, groups: [G1] }), false);
    t.equal(enters({}, { tid: '' }), false);
    t.equal(enters({}, { tid: TENANT.toUpperCase() }), true);
  },
);

t.test('people are `{oid}` or `{tid}.{oid}`', async t => {
  const person = { oid: OID, id: `${TENANT}.${OID}` };
  t.equal(enters({ people: [OID] }, person), true);
  t.equal(enters({ people: [`${TENANT}.${OID}`] }, person), true);
  t.equal(enters({ people: [`${OTHER_TENANT}.${OID}`] }, person), false);
  t.equal(enters({ people: [TENANT] }, person), false);
});

t.test('GUIDs are compared without letter case, anything else with it', async t => {
  const upper = (id: string) => id.toUpperCase();
  t.equal(enters({ groups: [upper(G2)] }, { groups: [G2] }), true);
  t.equal(enters({ groups: [G2] }, { groups: [upper(G2)] }), true);
  t.equal(enters({ people: [upper(`${TENANT}.${OID}`)] }, { oid: OID }), true);
  t.equal(enters({ tenants: [upper(TENANT)] }, {}), true);
  t.equal(enters({ roles: ['Agent'] }, { roles: ['agent'] }), false);
  const { tenant: _, ...oidc } = { ...base, ...OIDC };
  const policy = (people: readonly string[]) =>
    compilePolicy({ ...config, connections: [{ ...oidc, agents: { ...NOBODY, people } }] });
  const kim: SignedIn = signedIn({ tid: '', oid: 'Kim', id: 'https://id.example|Kim' });
  if (agents === undefined) throw new Error('no portal');
  t.equal(mayEnter(policy(['Kim']), kim, agents), true);
  t.equal(mayEnter(policy(['kim']), kim, agents), false);
});

t.test('a session counts for its provider alone, whoever has the name of its connection since', async t => {
  if (agents === undefined) throw new Error('no portal');
  const { tenant: _, ...bare } = { ...base, agents: NOBODY };
  const through = (connection: Connection, person: Partial<Person>) =>
    mayEnter(compilePolicy({ ...config, connections: [connection] }), signedIn(person), agents);
  const oidc = (issuer: string): Connection => ({ ...bare, ...OIDC, issuer });
  const kim = { tid: '', oid: 'auth0|Kim', id: 'https://id.example|auth0|Kim' };
  t.equal(through(oidc('https://id.example'), kim), true);
  for (const same of ['https://id.example/', 'https://ID.example', 'https://id.example:443']) {
    t.equal(through(oidc(same), kim), true, `${same} is the same issuer`);
  }
  for (const other of ['https://other.example', 'https://id.example/realm', 'http://id.example', 'https://id.exampl']) {
    t.equal(through(oidc(other), kim), false, other);
  }
  t.equal(through(oidc('https://id.example'), { ...kim, oid: 'Kim' }), false, 'an id is an issuer and its person');
  t.equal(through(oidc('https://id.example'), {}), false, 'a person of Entra, where another provider is now');
  t.equal(through(oidc('https://id.example'), { ...kim, tid: TENANT }), false);

  const entra: Connection = { ...base, agents: NOBODY };
  const tenants = [{ id: '', domains: [] }];
  t.equal(through(entra, {}), true);
  t.equal(through(entra, { ...kim, tid: TENANT }), false, 'a person of another provider, where Entra is now');
  t.equal(through(entra, { id: `${OTHER_TENANT}.${signedIn().person.oid}` }), false);
  t.equal(through({ ...bare, tenantType: 'multi', tenants }, kim), false);
});

t.test('each kind of portal has its own rule', async t => {
  const policy = compilePolicy(config);
  if (agents === undefined || customers === undefined) throw new Error('no portals');
  t.equal(mayEnter(policy, signedIn(), agents), false);
  t.equal(mayEnter(policy, signedIn(), customers), true);
  t.equal(mayEnter(policy, signedIn({ guest: true }), customers), true, 'guests may be users where no rule is given');
  t.equal(mayEnter(policy, signedIn({ guest: true, groups: [G1] }), agents), false);
});

t.test('other settings judge the same session anew', async t => {
  const session = signedIn({ groups: [G1] });
  if (agents === undefined) throw new Error('no portal');
  t.equal(mayEnter(compilePolicy(config), session, agents), true);
  const stricter = await testConfig({ connections: [connectionSettings({ agents: { groups: [G2] } })] });
  t.equal(mayEnter(compilePolicy(stricter), session, agents), false);
  t.equal(mayEnter(compilePolicy(config), { ...session, person: { ...session.person, groups: [] } }, agents), false);
});

t.test('the groups that rules name', async t => {
  const { agents: _, users: __, ...bare } = base;
  t.same([...namedGroups(bare)], []);
  const rules = { agents: { ...NOBODY, groups: [G1, 'Staff'] }, users: { ...NOBODY, groups: [G2.toUpperCase(), G1] } };
  t.same([...namedGroups({ ...bare, ...rules })], [G1, 'Staff', G2]);
});

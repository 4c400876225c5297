import type { Connection, EntryRule, PortalKind, Tenant } from '../../config/index.ts';
import {
  type AdmittedTenants,
  compileEntry,
  type Person,
  type SignedIn,
  tenantsOfSettings,
} from '../../policy/index.ts';

/** Whom a decision is to be explained for: `agent` passes the agents' rule of a connection, `user` the users' rule alone. */
export type Role = 'agent' | 'user';

/** A customer of a partner whose tenant no setting names. */
const SOME_TENANT = '00000000-0000-4000-8000-00000000000c';
const SOME_OID = '00000000-0000-4000-8000-00000000000d';
const NAMES = { username: 'somebody', email: '', name: 'Somebody' };

/**
 * Somebody who could sign in through a connection: the first that fits, of all those whom its rules can tell apart.
 * @returns undefined where nobody fits
 */
export function examplePerson(role: Role, connection: Connection, admitted: AdmittedTenants): SignedIn | undefined {
  const isAgent = compileEntry(connection, 'agent', admitted);
  const isUser = compileEntry(connection, 'user', admitted);
  const fits = (person: Person) => (role === 'agent' ? isAgent(person) : isUser(person) && !isAgent(person));
  const person = candidates(connection, admitted).find(fits);
  return person && { connection: connection.name, person };
}

/** Why nobody fits: a sentence. */
export function whyNobody(role: Role, connection: Connection, admitted: AdmittedTenants): string {
  const { name, allow, tenantType } = connection;
  const nobody = `Through the connection "${name}" nobody can sign in as ${role}`;
  if (tenantType === 'multi' && admitted.get(name)?.size === 0) return `${nobody}: it admits no tenant.`;
  if (rule(connection, role) === undefined) {
    return allow === 'agents-and-users' || allow === `${role}s`
      ? `${nobody}: for several tenants it needs a rule "${role}s".`
      : `${nobody}: its "allow" is ${allow}.`;
  }
  if (role === 'user' && connection.agents !== undefined) {
    return `${nobody} alone: whoever passes its rule for users passes the one for agents too.`;
  }
  return `${nobody}: its rule "${role}s" lets nobody in whose tenant it admits.`;
}

/**
 * Whose tenants multi-tenant connections may admit: those of the settings, and customers of a partner, whom nothing but Graph knows,
 * as far as the settings do not rule them out.
 */
export function possibleTenants(connections: readonly Connection[]): AdmittedTenants {
  const listed = tenantsOfSettings(connections);
  return new Map(
    connections.map(connection => [
      connection.name,
      new Map<string, Tenant>([
        ...(listed.get(connection.name) ?? []),
        ...possibleCustomers(connection).map((id): [string, Tenant] => [id, { id, domains: [] }]),
      ]),
    ]),
  );
}

function possibleCustomers({ csp, agents, users }: Connection): readonly string[] {
  if (!csp) return [];
  const named = [agents, users].flatMap(rule => rule?.tenants ?? []);
  const included = csp.include === 'all' ? [SOME_TENANT, ...named] : csp.include;
  return included.filter(id => !csp.exclude.includes(id));
}

/** Everybody whom the rules can tell apart, members before guests, those whom no rule names first. */
function candidates(connection: Connection, admitted: AdmittedTenants): readonly Person[] {
  const { provider, tenantType, tenant = '', name } = connection;
  const tenants = tenantType === 'multi' ? [...(admitted.get(name)?.keys() ?? [])] : [tenant];
  const guests = provider === 'entra' ? [false, true] : [false];
  const rules = [connection.agents, connection.users].filter(given => given !== undefined);
  return guests.flatMap(guest =>
    tenants.flatMap(tid => [
      personOf(connection, tid, { guest }),
      ...rules.flatMap(given =>
        namedBy(connection, given, tid).map(traits => personOf(connection, tid, { ...traits, guest })),
      ),
    ]),
  );
}

/** What of a person rules look at, beside the tenant. */
type Traits = Partial<Pick<Person, 'oid' | 'groups' | 'roles' | 'guest'>>;

function namedBy(
  { provider, issuer }: Connection,
  { groups, roles, people }: EntryRule,
  tid: string,
): readonly Traits[] {
  const start = provider === 'oidc' ? `${issuer}|` : `${tid}.`;
  return [
    ...groups.map(group => ({ groups: [group] })),
    ...roles.map(role => ({ roles: [role] })),
    ...people.map(person => ({ oid: person.startsWith(start) ? person.slice(start.length) : person })),
  ];
}

function personOf({ provider, issuer }: Connection, tid: string, traits: Traits): Person {
  const { oid = SOME_OID, groups = [], roles = [], guest = false } = traits;
  const id = provider === 'oidc' ? `${issuer}|${oid}` : `${tid}.${oid}`;
  return { id, tid, oid, groups, roles, guest, ...NAMES, ...traits };
}

function rule(connection: Connection, kind: PortalKind): EntryRule | undefined {
  return kind === 'agent' ? connection.agents : connection.users;
}

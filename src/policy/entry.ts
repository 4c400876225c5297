import type { Connection, EntryRule, PortalKind, Tenant } from '../config/index.ts';
import { comparableId, isEntraPerson } from './guid.ts';
import type { Person, SignedIn } from './person.ts';
import type { AdmittedTenants } from './tenants.ts';

/** Whether a person passes a rule. */
export type EntryTest = (person: Person) => boolean;

/** Who of a connection's people may enter portals of a kind (specification: Who may enter). */
export function compileEntry(connection: Connection, kind: PortalKind, admitted: AdmittedTenants): EntryTest {
  const rule = kind === 'agent' ? connection.agents : connection.users;
  if (rule === undefined) return () => false;
  const passes = compileRule(rule);
  const isOfProvider = compileProvider(connection);
  const isAdmitted = compileTenants(connection, admitted.get(connection.name) ?? new Map());
  return person => isOfProvider(person) && isAdmitted(person.tid.toLowerCase()) && passes(person);
}

/**
 * Whether a person is one of the provider's: a session names its connection alone, and a reload may have given that name to another
 * provider since.
 */
function compileProvider({ provider, issuer }: Connection): EntryTest {
  if (provider === 'entra')
    return ({ id, tid, oid }) => isEntraPerson(id) && comparableId(id) === comparableId(`${tid}.${oid}`);
  // As discovery compares it: a provider may write the slash at its end, or letters of the host, in another way than the settings.
  const home = URL.parse(issuer)?.href;
  return ({ id, tid, oid }) =>
    tid === '' &&
    id.endsWith(`|${oid}`) &&
    home !== undefined &&
    URL.parse(id.slice(0, -oid.length - 1))?.href === home;
}

/** The connection through which somebody signed in; undefined where it is there no more, or its name is another provider's now. */
export function connectionOf(
  connections: readonly Connection[],
  { connection: name, person }: SignedIn,
): Connection | undefined {
  const connection = connections.find(candidate => candidate.name === name);
  return connection && compileProvider(connection)(person) ? connection : undefined;
}

/** Whom a session belongs to was admitted when it was made; the tenant may have been struck from the list since. */
function compileTenants({ tenantType, tenant }: Connection, tenants: ReadonlyMap<string, Tenant>) {
  if (tenantType === 'multi') return (tid: string) => tenants.has(tid);
  return tenant === undefined ? () => true : (tid: string) => tid === tenant.toLowerCase();
}

function compileRule(rule: EntryRule): EntryTest {
  const tenants = comparableIds(rule.tenants);
  const groups = comparableIds(rule.groups);
  const people = comparableIds(rule.people);
  const roles = new Set(rule.roles);
  const everyone = groups.size + people.size + roles.size === 0;
  return person => {
    if (person.guest && !rule.guests) return false;
    if (tenants.size > 0 && !tenants.has(comparableId(person.tid))) return false;
    if (everyone || people.has(comparableId(person.oid)) || people.has(comparableId(person.id))) return true;
    return (
      (groups.size > 0 && person.groups.some(group => groups.has(comparableId(group)))) ||
      (roles.size > 0 && person.roles.some(role => roles.has(role)))
    );
  };
}

/** The groups that a connection's rules name, GUIDs in lower case. */
export function namedGroups(connection: Connection): ReadonlySet<string> {
  return comparableIds([...(connection.agents?.groups ?? []), ...(connection.users?.groups ?? [])]);
}

function comparableIds(ids: readonly string[]): ReadonlySet<string> {
  return new Set(ids.map(comparableId));
}

import type { Config, Connection } from '../config/index.ts';
import { comparableId, namedGroups, type Person } from '../policy/index.ts';
import type { RawClaims } from './claim-values.ts';
import { readClaims, type SignInClaims } from './claims.ts';
import { SignInError } from './errors.ts';
import { readMemberGroups } from './member-groups.ts';
import { recordedFetch } from './recorded-fetch.ts';
import type { SignInContext } from './visit.ts';

/** Who signed in, with everything that decisions ask for. */
export interface Identity extends Omit<SignInClaims, 'person' | 'groups'> {
  readonly person: Person;
}

/**
 * Whom verified claims name, with their groups: from the token, or from Graph where there are too many for one. For sign-in, and as
 * often as the provider is asked again.
 * @param answer.accessToken of the same answer: asks Graph
 * @throws SignInError what {@link readClaims} throws; `GROUPS_OVERAGE` or `GROUPS_UNREACHABLE` where the groups cannot be had
 */
export async function identify(
  { config, policy, recorder, now }: Pick<SignInContext, 'config' | 'policy' | 'recorder' | 'now'>,
  connection: Connection,
  { claims, accessToken }: { readonly claims: RawClaims; readonly accessToken: string },
): Promise<Identity> {
  const tenants = policy.tenants.get(connection.name);
  const { person, groups, ...others } = readClaims(connection, claims, { now: now(), tenants });
  if (groups !== 'elsewhere') return { ...others, person: { ...person, groups } };
  if (connection.provider !== 'entra') throw new SignInError('GROUPS_OVERAGE', { why: 'the provider left groups out' });
  const all = await readMemberGroups(connection.graph, accessToken, {
    fetch: recordedFetch(recorder, connection.name, 'graph'),
  });
  return { ...others, person: { ...person, groups: worthKeeping(config, all) } };
}

/**
 * Thousands of groups would be read, opened and compared with every request of a session. Without `identity.groups: all` nothing asks
 * for more than those that rules name. Where a reload names others, such a session counts as in none of them until the provider is
 * asked again: that keeps people out for a while, and lets nobody in.
 */
function worthKeeping({ connections, identity }: Config, groups: readonly string[]): readonly string[] {
  if (identity.groups === 'all') return groups;
  const named = new Set(connections.flatMap(connection => [...namedGroups(connection)]));
  return groups.filter(group => named.has(comparableId(group)));
}

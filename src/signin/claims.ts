import type { Connection, Tenant } from '../config/index.ts';
import type { Person } from '../policy/index.ts';
import { invalid, optionalText, type RawClaims, textList } from './claim-values.ts';
import { entraPerson } from './entra-person.ts';
import { oidcPerson } from './oidc-person.ts';

/** What an ID token (already verified: signature, `iss`, `aud`, `exp`, `nonce`) says of who signed in. */
export interface SignInClaims {
  readonly person: Omit<Person, 'groups'>;
  /** The person's groups; `elsewhere` where there are too many for a token: whoever goes on without them decides on half the truth. */
  readonly groups: readonly string[] | 'elsewhere';
  readonly sid?: string;
  readonly loginHint?: string;
}

/** What claims are read with beside the connection. */
export interface ReadOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The tenants that a multi-tenant connection admits now, by their ids; left out: none. */
  readonly tenants: ReadonlyMap<string, Tenant> | undefined;
}

/** An `iat` further from now than this is not of the answer just given (seconds). */
const ISSUED_WITHIN = 600;

/**
 * Turns verified claims into a person.
 * @throws SignInError `TOKEN_INVALID` for a claim that is missing, of a wrong type or not plausible; `TENANT_NOT_ADMITTED` for a tenant that the connection does not admit
 */
export function readClaims(connection: Connection, claims: RawClaims, { now, tenants }: ReadOptions): SignInClaims {
  checkTimes(claims, now);
  const entra = connection.provider === 'entra';
  const person = entra ? entraPerson(connection, claims, tenants) : oidcPerson(claims);
  const sid = optionalText(claims, 'sid');
  const loginHint = optionalText(claims, 'login_hint');
  return {
    person,
    groups: isOverage(claims, entra) ? 'elsewhere' : textList(claims, 'groups'),
    ...(sid === undefined ? {} : { sid }),
    ...(loginHint === undefined ? {} : { loginHint }),
  };
}

/** `exp` and `iat` are compared with the clock before this; here they must be numbers that a clock can show. */
function checkTimes(claims: RawClaims, now: number): void {
  for (const name of ['exp', 'iat']) {
    if (!Number.isSafeInteger(claims[name])) throw invalid(`${name} is not a whole number of seconds`);
  }
  if (Math.abs(Number(claims.iat) - now / 1000) > ISSUED_WITHIN) throw invalid('iat is not of this moment');
}

/** Whether the groups were left out (OpenID Connect Core section 5.6.2), or the token says no more than that there are some (Entra). */
function isOverage({ _claim_names: names, hasgroups }: RawClaims, entra: boolean): boolean {
  if (entra && hasgroups !== undefined && hasgroups !== false) return true;
  if (names === undefined) return false;
  if (typeof names !== 'object' || names === null || Array.isArray(names))
    throw invalid('_claim_names is not an object');
  return Object.hasOwn(names, 'groups');
}

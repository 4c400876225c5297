import type { Connection } from '../config/index.ts';
import type { Person } from '../policy/index.ts';
import { SignInError } from './errors.ts';

/** What an ID token (already verified: signature, `iss`, `aud`, `exp`, `nonce`) says of who signed in. */
export interface SignInClaims {
  readonly person: Person;
  readonly sid?: string;
  readonly loginHint?: string;
}

/** Claims as they came: nothing is known of their types. */
export type RawClaims = Readonly<Record<string, unknown>>;

/** Accounts of Microsoft's consumer services; they belong to no organisation. */
const CONSUMER_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** C0, DEL and C1: none of them may reach a header or a log line. */
const CONTROL = /\p{Cc}/u;
/** An `iat` further from now than this is not of the answer just given (seconds). */
const ISSUED_WITHIN = 600;

/**
 * Turns verified claims into a person.
 * @param now milliseconds since the epoch
 * @throws SignInError `TOKEN_INVALID` for a claim that is missing, of a wrong type or not plausible; `TENANT_NOT_ADMITTED` for a tenant that the connection does not admit
 */
export function readClaims(connection: Connection, claims: RawClaims, now: number): SignInClaims {
  checkTimes(claims, now);
  const person = connection.provider === 'entra' ? entraPerson(connection, claims) : oidcPerson(claims);
  const sid = optionalText(claims, 'sid');
  const loginHint = optionalText(claims, 'login_hint');
  return {
    person,
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

function entraPerson(connection: Connection, claims: RawClaims): Person {
  const tid = requiredText(claims, 'tid').toLowerCase();
  const oid = requiredText(claims, 'oid').toLowerCase();
  if (!GUID.test(tid)) throw invalid('tid is not a GUID');
  if (!GUID.test(oid)) throw invalid('oid is not a GUID');
  if (claims.ver !== '2.0') throw invalid('ver is not 2.0');
  if (tid === CONSUMER_TENANT || tid !== connection.tenant) throw new SignInError('TENANT_NOT_ADMITTED', { tid });

  const id = `${tid}.${oid}`;
  const upn = optionalText(claims, 'upn');
  const preferred = optionalText(claims, 'preferred_username');
  const username = preferred ?? upn ?? id;
  return {
    id,
    tid,
    oid,
    username,
    email: optionalText(claims, 'email') ?? '',
    name: optionalText(claims, 'name') ?? username,
    groups: groupsOf(claims),
    roles: textList(claims, 'roles'),
    guest: isGuest(claims, upn, preferred),
  };
}

/** A guest: `acct` 1, an `idp` that differs from `iss`, or `#EXT#` in a user principal name. */
function isGuest(claims: RawClaims, upn: string | undefined, preferred: string | undefined): boolean {
  const { acct } = claims;
  if (acct !== undefined && typeof acct !== 'number') throw invalid('acct is not a number');
  const idp = optionalText(claims, 'idp');
  const external = [upn, preferred].some(name => name?.toUpperCase().includes('#EXT#'));
  return acct === 1 || (idp !== undefined && idp !== claims.iss) || external;
}

function oidcPerson(claims: RawClaims): Person {
  const iss = requiredText(claims, 'iss');
  const sub = requiredText(claims, 'sub');
  const verified = claims.email_verified;
  if (verified !== undefined && typeof verified !== 'boolean') throw invalid('email_verified is not a boolean');
  const username = optionalText(claims, 'preferred_username') ?? sub;
  const email = optionalText(claims, 'email') ?? '';
  return {
    id: `${iss}|${sub}`,
    tid: '',
    oid: sub,
    username,
    email: verified === true ? email : '',
    name: optionalText(claims, 'name') ?? username,
    groups: groupsOf(claims),
    roles: textList(claims, 'roles'),
    guest: false,
  };
}

/**
 * The groups, or a refusal where the provider left them out because there are too many (`_claim_names`, `hasgroups`): deciding on
 * none of them would be deciding on half the truth.
 */
function groupsOf(claims: RawClaims): readonly string[] {
  const names = claims._claim_names;
  const elsewhere = typeof names === 'object' && names !== null && 'groups' in names;
  if (claims.groups === undefined && (elsewhere || claims.hasgroups !== undefined))
    throw new SignInError('GROUPS_OVERAGE');
  return textList(claims, 'groups');
}

function requiredText(claims: RawClaims, name: string): string {
  const value = optionalText(claims, name);
  if (value === undefined) throw invalid(`${name} is missing`);
  return value;
}

/** A claim that is absent or empty is undefined; every other must be a string without control characters. */
function optionalText(claims: RawClaims, name: string): string | undefined {
  const value = claims[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(`${name} is not a string`);
  if (CONTROL.test(value)) throw invalid(`${name} holds a control character`);
  return value;
}

function textList(claims: RawClaims, name: string): readonly string[] {
  const value = claims[name];
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(`${name} is not a list`);
  return value.map(entry => {
    if (typeof entry !== 'string') throw invalid(`${name} holds something that is not a string`);
    if (CONTROL.test(entry)) throw invalid(`${name} holds a control character`);
    return entry;
  });
}

function invalid(why: string): SignInError {
  return new SignInError('TOKEN_INVALID', { why });
}

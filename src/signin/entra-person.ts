import { type Connection, comparableDomain, type Tenant } from '../config/index.ts';
import type { Person } from '../policy/index.ts';
import { GUID, invalid, optionalText, type RawClaims, requiredText, textList } from './claim-values.ts';
import { SignInError } from './errors.ts';
import { issuerOf } from './issuer.ts';

/** Accounts of Microsoft's consumer services; they belong to no organisation. */
const CONSUMER_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

/**
 * The person whom claims of Entra ID name, if the connection admits their tenant.
 * @param tenants that a multi-tenant connection admits
 * @throws SignInError `TOKEN_INVALID`, `TENANT_NOT_ADMITTED`
 */
export function entraPerson(
  connection: Connection,
  claims: RawClaims,
  tenants: ReadonlyMap<string, Tenant> | undefined,
): Omit<Person, 'groups'> {
  const tid = requiredText(claims, 'tid').toLowerCase();
  const oid = requiredText(claims, 'oid').toLowerCase();
  if (!GUID.test(tid)) throw invalid('tid is not a GUID');
  if (!GUID.test(oid)) throw invalid('oid is not a GUID');
  if (claims.ver !== '2.0') throw invalid('ver is not 2.0');
  const multi = connection.tenantType === 'multi';
  // The library took the issuer of whichever tenant the token names: here the two are tied together.
  if (multi && claims.iss !== issuerOf(connection, tid)) throw invalid('iss is not that of tid');
  if (tid === CONSUMER_TENANT) throw new SignInError('TENANT_NOT_ADMITTED', { tid });
  const tenant = multi ? tenants?.get(tid) : undefined;
  if (multi ? tenant === undefined : tid !== connection.tenant) throw new SignInError('TENANT_NOT_ADMITTED', { tid });

  const id = `${tid}.${oid}`;
  const upn = optionalText(claims, 'upn');
  const preferred = optionalText(claims, 'preferred_username');
  const claimed = { username: preferred ?? upn ?? id, email: optionalText(claims, 'email') ?? '' };
  const proven = isDomainProven(claims);
  const { username, email } = tenant ? ownAddresses(tenant, id, claimed, proven) : claimed;
  return {
    id,
    tid,
    oid,
    username,
    email,
    name: optionalText(claims, 'name') ?? username,
    roles: textList(claims, 'roles'),
    guest: isGuest(claims, upn, preferred),
  };
}

/** What a person is called. */
interface Addresses {
  readonly username: string;
  /** Empty where the address does not count. */
  readonly email: string;
}

/**
 * What counts of the addresses that a customer's tenant asserts: whoever administers it can write any there, so only its own domains
 * are believed, and of an e-mail address only what the provider has proven to be its owner's.
 */
function ownAddresses(tenant: Tenant, id: string, { username, email }: Addresses, proven: boolean): Addresses {
  return {
    username: isOf(tenant, username) ? username : id,
    email: proven && isOf(tenant, email) ? email : '',
  };
}

/** Whether an address is of one of the tenant's own domains: exactly, a subdomain is another domain. */
function isOf({ domains }: Tenant, address: string): boolean {
  const domain = comparableDomain(/^[^\s@]+@([^\s@]+)$/.exec(address)?.[1] ?? '');
  return domain !== undefined && domains.includes(domain);
}

/**
 * Entra documents no type for `xms_edov` and writes `true` in some tokens, `"1"` in others. It alone writes it, so that each spelling
 * of the same answer is believed; anything else is no answer.
 */
function isDomainProven({ xms_edov: proven }: RawClaims): boolean {
  if (proven === undefined || FALSE.has(proven)) return false;
  if (!TRUE.has(proven)) throw invalid('xms_edov is not a boolean');
  return true;
}

const TRUE: ReadonlySet<unknown> = new Set([true, 1, '1', 'true']);
const FALSE: ReadonlySet<unknown> = new Set([false, 0, '0', 'false']);

/** A guest: `acct` 1, an `idp` that differs from `iss`, or `#EXT#` in a user principal name. */
function isGuest(claims: RawClaims, upn: string | undefined, preferred: string | undefined): boolean {
  const { acct } = claims;
  if (acct !== undefined && typeof acct !== 'number') throw invalid('acct is not a number');
  const idp = optionalText(claims, 'idp');
  const external = [upn, preferred].some(name => name?.toUpperCase().includes('#EXT#'));
  return acct === 1 || (idp !== undefined && idp !== claims.iss) || external;
}

import { comparableDomain } from '../domain.ts';
import { type Draft, entries, present } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import type { ConnectionSettings } from '../schema/index.ts';
import { checkDomains } from './domains.ts';

type Connection = Draft<ConnectionSettings>;

/** The tenant of personal Microsoft accounts, which are never admitted. */
const consumerTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Reports an id where the tenant of personal accounts stands. */
export function refuseConsumers(id: string | undefined, path: Path, report: Report): void {
  if (id?.toLowerCase() !== consumerTenant) return;
  report('CONSUMER_TENANT', path, 'the tenant of personal Microsoft accounts cannot sign in to Halo');
}

/** Who may sign in: the tenants that a connection lists, and those that `csp` adds to them. */
export function checkTenants(connection: Connection, path: Path, report: Report): void {
  const { tenants, csp } = connection;
  refuseConsumers(connection.tenant, [...path, 'tenant'], report);
  refuseConsumers(csp?.partnerTenant, [...path, 'csp', 'partnerTenant'], report);
  checkListed(tenants, [...path, 'tenants'], report);
  checkCustomers(connection, [...path, 'csp'], report);
  if (connection.tenantType !== 'multi' || connection.published === false) return;
  if (csp === undefined && (tenants ?? []).length === 0) {
    report('NOBODY_ADMITTED', path, 'without "tenants" and "csp" nobody can sign in through this connection', 'key');
  }
}

function checkListed(tenants: Connection['tenants'], path: Path, report: Report): void {
  const ids = new Set<string>();
  const owners = new Map<string, string>();
  for (const { value: tenant, path: at } of entries(tenants, path)) {
    const id = tenant.id?.toLowerCase();
    if (id === undefined) continue;
    refuseConsumers(id, [...at, 'id'], report);
    if (ids.has(id)) report('DUPLICATE_TENANT', [...at, 'id'], `${quote(tenant.id)} is listed before`);
    ids.add(id);
    checkDomains(tenant.domains, [...at, 'domains'], report);
    for (const { value, path: place } of entries(tenant.domains, [...at, 'domains'])) {
      const domain = comparableDomain(value);
      if (domain === undefined) continue;
      const owner: string = owners.get(domain) ?? id;
      if (owner !== id) {
        const message = `${quote(value)} is said to be that of ${quote(owner)} as well; a domain belongs to one tenant`;
        report('DUPLICATE_TENANT_DOMAIN', place, message);
      }
      owners.set(domain, owner);
    }
  }
}

function checkCustomers({ tenants, csp }: Connection, path: Path, report: Report): void {
  const include = csp?.include === 'all' ? undefined : csp?.include;
  const included = lowerCase(present(include));
  const listed = idsOf(tenants);
  if (Array.isArray(include) && include.length === 0) {
    const message = 'an empty list is as if it were left out: every customer may sign in; "all" says so';
    report('CUSTOMERS_UNRESTRICTED', [...path, 'include'], message);
  }
  for (const { value, path: at } of entries(include, [...path, 'include'])) refuseConsumers(value, at, report);
  for (const { value, path: at } of entries(csp?.exclude, [...path, 'exclude'])) {
    const id = value.toLowerCase();
    refuseConsumers(id, at, report);
    if (included.has(id)) {
      report('TENANT_IN_AND_OUT', at, `${quote(value)} stands in "include" as well; strike it from one of the two`);
    } else if (listed.has(id)) {
      const message = `${quote(value)} stands in "tenants" as well, which admits it; strike it from one of the two`;
      report('TENANT_IN_AND_OUT', at, message);
    }
  }
}

/** Whether people of a tenant may sign in through a connection, as far as the settings tell: customers are known at run time. */
export function mayAdmit({ tenantType, tenant, tenants, csp }: Connection): (id: string) => boolean {
  if (tenantType !== 'multi') return id => tenant === undefined || tenant.toLowerCase() === id.toLowerCase();
  const listed = idsOf(tenants);
  const included = csp?.include === 'all' ? new Set<string>() : lowerCase(present(csp?.include));
  // A partner is no customer of its own.
  const out = lowerCase([...present(csp?.exclude), ...(csp?.partnerTenant === undefined ? [] : [csp.partnerTenant])]);
  return text => {
    const id = text.toLowerCase();
    if (listed.has(id)) return true;
    return csp !== undefined && !out.has(id) && (included.size === 0 || included.has(id));
  };
}

function idsOf(tenants: Connection['tenants']): ReadonlySet<string> {
  return lowerCase(present(tenants).flatMap(({ id }) => (id === undefined ? [] : [id])));
}

function lowerCase(ids: readonly string[]): ReadonlySet<string> {
  return new Set(ids.map(id => id.toLowerCase()));
}

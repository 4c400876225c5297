import type { Connection, Tenant } from '../config/index.ts';

/** The tenants whose people multi-tenant connections admit: by the connection's name, the tenants by their ids. */
export type AdmittedTenants = ReadonlyMap<string, ReadonlyMap<string, Tenant>>;

/** What the settings admit by themselves; `csp` adds to it. */
export function tenantsOfSettings(connections: readonly Connection[]): AdmittedTenants {
  return new Map(
    connections
      .filter(({ tenantType }) => tenantType === 'multi')
      .map(({ name, tenants }) => [name, new Map(tenants.map(tenant => [tenant.id, tenant]))]),
  );
}

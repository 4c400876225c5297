import type { Connection, Tenant } from '../../config/index.ts';

/** Why a tenant's people are admitted, or why not. */
export type Verdict = 'settings' | 'csp' | 'excluded' | 'not-included' | 'no-customer';

export interface JudgedTenant {
  readonly tenant: Tenant;
  readonly verdict: Verdict;
}

/**
 * What a multi-tenant connection says of each tenant: those of the settings, the partner's customers, and those that `csp.include` names
 * although they are none.
 * @param customers as far as they are known
 */
export function judgeTenants(
  { tenants, csp }: Pick<Connection, 'tenants' | 'csp'>,
  customers: readonly Tenant[],
): readonly JudgedTenant[] {
  const own = new Set(tenants.map(({ id }) => id));
  const known = new Set([...own, ...customers.map(({ id }) => id)]);
  const excluded = new Set(csp?.exclude);
  const included = csp === undefined || csp.include === 'all' ? undefined : new Set(csp.include);
  const verdictOf = ({ id }: Tenant): Verdict => {
    if (excluded.has(id)) return 'excluded';
    return included === undefined || included.has(id) ? 'csp' : 'not-included';
  };
  return [
    ...tenants.map(tenant => ({ tenant, verdict: 'settings' as const })),
    ...customers.filter(({ id }) => !own.has(id)).map(tenant => ({ tenant, verdict: verdictOf(tenant) })),
    ...[...(included ?? [])]
      .filter(id => !known.has(id))
      .map(id => ({ tenant: { id, domains: [] }, verdict: 'no-customer' as const })),
  ];
}

/** The tenants that a connection admits, by their ids. */
export function admittedOf(
  connection: Pick<Connection, 'tenants' | 'csp'>,
  customers: readonly Tenant[],
): ReadonlyMap<string, Tenant> {
  const admitted = judgeTenants(connection, customers).filter(
    ({ verdict }) => verdict === 'settings' || verdict === 'csp',
  );
  return new Map(admitted.map(({ tenant }) => [tenant.id, tenant]));
}

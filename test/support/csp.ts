import { CLIENT, HOME, PARTNER } from '../../demo/entra/index.ts';

/** A connection for the home tenant and the customers of the partner that it is, but for one. */
export function customersThrough(
  graph: string,
  authority: string,
  csp: object = {},
): Readonly<Record<string, unknown>> {
  return {
    name: 'customers',
    published: true,
    authority,
    graph,
    tenantType: 'multi',
    tenants: [{ id: HOME.id, name: HOME.name, domains: [HOME.domain] }],
    csp: { partnerTenant: HOME.id, exclude: [PARTNER.id], refresh: '1s', ...csp },
    clientId: CLIENT.id,
    credential: { secret: CLIENT.secret },
    allow: 'users',
    autoRedirect: true,
  };
}

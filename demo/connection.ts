import { AGENT_ROLE, CLIENT, G1, HOME, PARTNER, PARTNERS } from './entra/index.ts';

type Settings = Readonly<Record<string, unknown>>;

/** The connection to a stand-in for Entra ID, as settings have it: everybody of the home tenant, agents by group. */
export function connectionTo(authority: string): Settings {
  return {
    name: 'default',
    published: true,
    authority,
    tenant: HOME.id,
    clientId: CLIENT.id,
    credential: { secret: CLIENT.secret },
    allow: 'agents-and-users',
    autoRedirect: true,
    agents: { groups: [G1] },
  };
}

/** Another one, for several tenants: users of the listed ones, agents of the home tenant alone, by role. */
export function partnersTo(authority: string): Settings {
  return {
    name: 'partners',
    published: true,
    authority,
    tenantType: 'multi',
    tenants: [
      { id: HOME.id, name: HOME.name, domains: [HOME.domain] },
      { id: PARTNER.id, name: PARTNER.name, domains: [PARTNER.domain] },
    ],
    clientId: PARTNERS.id,
    credential: { secret: PARTNERS.secret },
    allow: 'agents-and-users',
    autoRedirect: true,
    domains: [PARTNER.domain],
    agents: { tenants: [HOME.id], roles: [AGENT_ROLE] },
  };
}

/** A third one: the customers of the home tenant, which is a Microsoft partner, as a stand-in for Graph tells them. */
export function customersTo(authority: string, graph: string): Settings {
  return {
    name: 'csp',
    published: true,
    authority,
    graph,
    tenantType: 'multi',
    csp: { partnerTenant: HOME.id },
    clientId: PARTNERS.id,
    credential: { secret: PARTNERS.secret },
    allow: 'users',
    autoRedirect: true,
  };
}

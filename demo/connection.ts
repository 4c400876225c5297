import { CLIENT, G1, HOME } from './entra/index.ts';

/** The connection to a stand-in for Entra ID, as settings have it: everybody of the home tenant, agents by group. */
export function connectionTo(authority: string): Readonly<Record<string, unknown>> {
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

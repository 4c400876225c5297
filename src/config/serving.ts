import type { Allow, PortalKind } from './config.ts';

/** Whether connections of this kind open portals of that kind. */
export function allows(allow: Allow, kind: PortalKind): boolean {
  return allow === 'agents-and-users' || allow === `${kind}s`;
}

/** Names of the portals that a connection serves: the listed ones, else all of the kinds that `allow` names. */
export function servedPortals(
  allow: Allow,
  listed: readonly string[],
  portals: readonly { readonly name: string; readonly kind: PortalKind }[],
): string[] {
  const allowed = portals.filter(portal => allows(allow, portal.kind)).map(portal => portal.name);
  return listed.length === 0 ? allowed : allowed.filter(name => listed.includes(name));
}

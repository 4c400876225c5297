import type { Config, Connection, Portal } from '../config/index.ts';
import { compileEntry, type EntryTest } from './entry.ts';
import type { SignedIn } from './person.ts';
import { compilePublicRoutes, type PublicRoutes } from './public-routes.ts';
import { type AdmittedTenants, tenantsOfSettings } from './tenants.ts';

/** What the settings say about access, prepared for look-ups. Made by {@link compilePolicy}. */
export interface Policy {
  /** By the portal's name. */
  readonly portals: ReadonlyMap<string, PortalPolicy>;
  /** An agent portal of the settings is forced. */
  readonly agentsForced: boolean;
  readonly publicRoutes: PublicRoutes;
  /** Grants that a token request may carry without a session. */
  readonly grants: ReadonlySet<string>;
  /** Bearer requests to the API pass without a session. */
  readonly bearer: boolean;
  readonly tenants: AdmittedTenants;
}

interface PortalPolicy {
  readonly applicable: readonly Connection[];
  /** Emergency apart. */
  readonly forced: boolean;
  /** The rule of each applicable connection, by its name. */
  readonly entry: ReadonlyMap<string, EntryTest>;
  /** What `entry` said of sessions seen before: they live on between requests, and neither they nor the rules change. */
  readonly verdicts: WeakMap<SignedIn, boolean>;
}

/**
 * Prepares the settings for {@link decide}.
 * @param tenants whose people multi-tenant connections admit now; a change makes another policy
 * @throws RangeError for a configured public route that is no path pattern
 */
export function compilePolicy(
  config: Pick<Config, 'portals' | 'connections' | 'routes'>,
  tenants: AdmittedTenants = tenantsOfSettings(config.connections),
): Policy {
  const portals = new Map(
    config.portals.map(portal => [portal.name, compilePortal(portal, config.connections, tenants)]),
  );
  return Object.freeze({
    portals,
    agentsForced: config.portals.some(({ kind, name }) => kind === 'agent' && portals.get(name)?.forced === true),
    publicRoutes: compilePublicRoutes(config),
    grants: new Set(config.routes.grants),
    bearer: config.routes.bearer === 'forward',
    tenants,
  });
}

function compilePortal(portal: Portal, connections: readonly Connection[], tenants: AdmittedTenants): PortalPolicy {
  const applicable = connections.filter(connection => isApplicable(connection, portal));
  return Object.freeze({
    applicable: Object.freeze(applicable),
    forced: !portal.anonymous && applicable.some(connection => connection.autoRedirect),
    entry: new Map(applicable.map(connection => [connection.name, compileEntry(connection, portal.kind, tenants)])),
    verdicts: new WeakMap(),
  });
}

function isApplicable(connection: Connection, portal: Portal): boolean {
  const allowed = portal.kind === 'agent' ? 'agents' : 'users';
  return (
    connection.published &&
    (connection.allow === allowed || connection.allow === 'agents-and-users') &&
    connection.portals.includes(portal.name)
  );
}

function policyOf(policy: Policy, portal: Portal): PortalPolicy {
  const found = policy.portals.get(portal.name);
  if (found === undefined) throw new RangeError('The portal is not one of the settings that the policy was made of.');
  return found;
}

/** The connections through which people sign in to a portal: published, allowing its kind and listed for it. */
export function applicableConnections(policy: Policy, portal: Portal): readonly Connection[] {
  return policyOf(policy, portal).applicable;
}

/** Whether sign-in is forced on a portal. @param emergency the client is one for whom, now, no portal counts as forced */
export function isForced(policy: Policy, portal: Portal, emergency: boolean): boolean {
  return !emergency && policyOf(policy, portal).forced;
}

/** Whether a session was made through a connection that is applicable to the portal; any other is no session there. */
export function countsFor(policy: Policy, signedIn: SignedIn, portal: Portal): boolean {
  return policyOf(policy, portal).entry.has(signedIn.connection);
}

/** Whether a session is one of an applicable connection and its person passes the portal's rule. */
export function mayEnter(policy: Policy, signedIn: SignedIn, portal: Portal): boolean {
  const { entry, verdicts } = policyOf(policy, portal);
  const known = verdicts.get(signedIn);
  if (known !== undefined) return known;
  const verdict = entry.get(signedIn.connection)?.(signedIn.person) ?? false;
  verdicts.set(signedIn, verdict);
  return verdict;
}

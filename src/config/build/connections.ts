import type { Connection, Credential, CspConfig, EntryRule, Portal, PortalKind, Tenant } from '../config.ts';
import { defaults } from '../defaults.ts';
import { comparableDomain } from '../domain.ts';
import type { ConnectionSettings } from '../schema/index.ts';
import { allows, servedPortals } from '../serving.ts';
import { parseDuration } from '../units.ts';
import { found } from './found.ts';

export function buildConnection(
  settings: ConnectionSettings,
  credential: Credential,
  portals: readonly Portal[],
): Connection {
  return { ...describeConnection(settings, portals), credential };
}

/** A connection without what lies outside the settings. */
export function describeConnection(
  settings: ConnectionSettings,
  portals: readonly Pick<Portal, 'name' | 'kind'>[],
): Omit<Connection, 'credential'> {
  const { prompt, loginHint, domainHint } = settings;
  const agents = entryRule(settings, 'agent');
  const users = entryRule(settings, 'user');
  return {
    name: settings.name,
    published: settings.published,
    ...provider(settings),
    clientId: settings.clientId,
    allow: settings.allow,
    autoRedirect: settings.autoRedirect,
    scope: settings.scope ?? defaults.scope,
    ...(prompt === undefined ? {} : { prompt }),
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(domainHint === undefined ? {} : { domainHint }),
    responseMode: settings.responseMode ?? defaults.responseMode,
    domains: comparable(settings.domains),
    portals: servedPortals(settings.allow, settings.portals ?? [], portals),
    ...(agents === undefined ? {} : { agents }),
    ...(users === undefined ? {} : { users }),
  };
}

type ProviderPart = Pick<
  Connection,
  'provider' | 'issuer' | 'authority' | 'graph' | 'tenantType' | 'tenant' | 'tenants' | 'csp'
>;

function provider(settings: ConnectionSettings): ProviderPart {
  const graph = originOf(settings.graph ?? defaults.graph);
  // The issuer is compared with the discovery document to the letter, a trailing slash included.
  if (settings.provider === 'oidc') {
    return { provider: 'oidc', issuer: found(settings.issuer), graph, tenantType: 'single', tenants: [] };
  }
  const authority = originOf(settings.authority ?? defaults.authority);
  if (settings.tenantType === 'multi') {
    return {
      provider: 'entra',
      issuer: `${authority}/organizations/v2.0`,
      authority,
      graph,
      tenantType: 'multi',
      tenants: (settings.tenants ?? []).map(buildTenant),
      ...(settings.csp === undefined ? {} : { csp: buildCsp(settings.csp) }),
    };
  }
  const tenant = found(settings.tenant).toLowerCase();
  return {
    provider: 'entra',
    issuer: `${authority}/${tenant}/v2.0`,
    authority,
    graph,
    tenantType: 'single',
    tenant,
    tenants: [],
  };
}

function buildTenant({ id, name, domains }: NonNullable<ConnectionSettings['tenants']>[number]): Tenant {
  return { id: id.toLowerCase(), ...(name === undefined ? {} : { name }), domains: comparable(domains) };
}

function buildCsp({
  partnerTenant,
  include = [],
  exclude,
  refresh,
}: NonNullable<ConnectionSettings['csp']>): CspConfig {
  // An empty list is as if it were left out.
  const all = include === 'all' || include.length === 0;
  return {
    partnerTenant: partnerTenant.toLowerCase(),
    include: all ? 'all' : lowerCase(include),
    exclude: lowerCase(exclude),
    refresh: parseDuration(refresh ?? defaults.cspRefresh),
  };
}

/** As the provider writes it: without a slash at its end, its letters in lower case. */
function originOf(address: string): string {
  return new URL(address).origin;
}

function comparable(domains: readonly string[] = []): readonly string[] {
  return domains.map(domain => found(comparableDomain(domain)));
}

function lowerCase(list: readonly string[] = []): readonly string[] {
  return list.map(entry => entry.toLowerCase());
}

/**
 * A rule that is left out admits everyone, for agent portals without guests; of a multi-tenant connection nobody to agent portals.
 * Kinds that `allow` excludes admit nobody.
 */
function entryRule(settings: ConnectionSettings, kind: PortalKind): EntryRule | undefined {
  if (!allows(settings.allow, kind)) return undefined;
  const given = settings[`${kind}s`];
  if (given === undefined && settings.tenantType === 'multi' && kind === 'agent') return undefined;
  const rule = given ?? {};
  // Entra writes its ids in lower case.
  const ids = (list: readonly string[] = []) => (settings.provider === 'oidc' ? [...list] : lowerCase(list));
  return {
    tenants: ids(rule.tenants),
    groups: ids(rule.groups),
    roles: [...(rule.roles ?? [])],
    people: ids(rule.people),
    guests: rule.guests ?? kind === 'user',
  };
}

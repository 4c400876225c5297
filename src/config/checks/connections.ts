import { isLoopback, parseAddress, parseOrigin, parsePortalAddress } from '../addresses.ts';
import { defaults } from '../defaults.ts';
import { type Draft, entries, present } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import type { ConnectionSettings, PortalSettings, Settings } from '../schema/index.ts';
import { allows, servedPortals } from '../serving.ts';
import { checkDomains } from './domains.ts';
import { checkEntryRules } from './entry-rules.ts';
import { checkNames } from './names.ts';
import { checkTenants } from './tenants.ts';

type Connection = Draft<ConnectionSettings>;

export function checkConnections(settings: Draft<Settings>, report: Report): void {
  checkNames(settings.connections, ['connections'], report);
  for (const { value: connection, path } of entries(settings.connections, ['connections'])) {
    checkProvider(connection, path, report);
    checkTenants(connection, path, report);
    checkServing(connection, settings.portals, path, report);
    checkDomains(connection.domains, [...path, 'domains'], report);
    checkEntryRules(connection, settings.portals, path, report);
    if (connection.scope !== undefined && !connection.scope.split(' ').includes('openid')) {
      report(
        'INVALID_VALUE',
        [...path, 'scope'],
        `expected "openid" among the scopes, found ${quote(connection.scope)}`,
      );
    }
  }
}

/** What has no meaning beside the provider or the kind of tenancy, and why. */
const foreignKeys = {
  oidc: {
    keys: ['authority', 'tenantType', 'tenant', 'tenants', 'csp'],
    why: 'has no meaning for provider "oidc"',
  },
  single: {
    keys: ['issuer', 'tenants', 'csp'],
    why: 'has no meaning for one tenant of Entra ID (tenantType "single")',
  },
  multi: { keys: ['issuer', 'tenant'], why: 'has no meaning for several tenants of Entra ID (tenantType "multi")' },
} as const;

function checkProvider(connection: Connection, path: Path, report: Report): void {
  const provider = connection.provider ?? defaults.provider;
  const kind = provider === 'oidc' ? 'oidc' : (connection.tenantType ?? defaults.tenantType);
  const { keys, why } = foreignKeys[kind];
  for (const key of keys) {
    const value = connection[key];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    report('KEY_NOT_APPLICABLE', [...path, key], why, 'key');
  }
  checkProviderUrl(connection.issuer, parseAddress, [...path, 'issuer'], report);
  for (const key of ['authority', 'graph'] as const)
    checkProviderUrl(connection[key], parseOrigin, [...path, key], report);
  if (kind === 'oidc' && connection.issuer === undefined) {
    report('MISSING_KEY', [...path, 'issuer'], 'is required for provider "oidc"', 'key');
  }
  if (kind === 'single' && connection.tenant === undefined) {
    report('MISSING_KEY', [...path, 'tenant'], 'is required for a connection of one tenant', 'key');
  }
  if (kind === 'oidc' && connection.credential?.workloadIdentity === true) {
    // Whoever gets that token can sign in to Entra ID in the gateway's name.
    const message = 'the token is made for Entra ID, and must not be shown to another provider';
    report('KEY_NOT_APPLICABLE', [...path, 'credential', 'workloadIdentity'], message, 'key');
  }
}

function checkProviderUrl(url: string | undefined, parse: typeof parseAddress, path: Path, report: Report): void {
  if (url === undefined) return;
  const { value, problem } = parse(url);
  if (problem !== undefined) report('INVALID_URL', path, `${problem}, found ${quote(url)}`);
  else if (!value.secure && !isLoopback(value.hostname)) {
    report('INSECURE_URL', path, `expected https:// (http:// only on loopback), found ${quote(url)}`);
  }
}

function checkServing(connection: Connection, drafts: Draft<Settings>['portals'], path: Path, report: Report): void {
  const portals = present(drafts).filter(isNamed);
  const { allow } = connection;
  if (allow === undefined || portals.length === 0 || portals.length < (drafts?.length ?? 0)) return;

  const findings: (() => void)[] = [];
  for (const { value: name, path: at } of entries(connection.portals, [...path, 'portals'])) {
    const portal = portals.find(candidate => candidate.name === name);
    if (portal === undefined) {
      const known = portals.map(candidate => quote(candidate.name)).join(', ');
      findings.push(() => report('UNKNOWN_PORTAL', at, `no portal is called ${quote(name)}; there are ${known}`));
    } else if (!allows(allow, portal.kind)) {
      const message = `${quote(name)} is a portal of kind "${portal.kind}", which "allow: ${allow}" excludes`;
      findings.push(() => report('PORTAL_KIND_NOT_ALLOWED', at, message));
    }
  }
  for (const finding of findings) finding();
  const served = servedPortals(allow, present(connection.portals), portals);
  if (served.length === 0 && findings.length === 0) {
    report('SERVES_NO_PORTAL', path, `no portal is of a kind that "allow: ${allow}" names`, 'key');
  }
  if (connection.responseMode !== 'form_post') return;
  const insecure = portals.find(
    ({ name, url }) => served.includes(name) && url !== undefined && parsePortalAddress(url).value?.secure === false,
  );
  if (insecure !== undefined) {
    const message = `form_post needs https portals, and ${quote(insecure.name)} is on http`;
    report('FORM_POST_NEEDS_HTTPS', [...path, 'responseMode'], message);
  }
}

type NamedPortal = Draft<PortalSettings> & Pick<PortalSettings, 'name' | 'kind'>;

function isNamed(portal: Draft<PortalSettings>): portal is NamedPortal {
  return portal.name !== undefined && portal.kind !== undefined;
}

import type { HaloConfig, Portal } from '../config/index.ts';
import { normalise } from './normalise.ts';
import { compilePattern, type PathMatcher } from './pattern.ts';
import { isMisplaced } from './refusal.ts';

/** What of the settings says where a request belongs. */
export interface SiteConfig {
  readonly portals: readonly Portal[];
  readonly halo: Pick<HaloConfig, 'authPath' | 'shared'>;
}

/** What the settings say of one host, prepared for look-ups. */
export interface Site {
  /** The spellings of its Host header, in lower case. */
  readonly names: readonly string[];
  /** The root portal first, then in the order of the settings. */
  readonly portals: readonly [Portal, ...Portal[]];
  /** The portal of each path below which everything belongs to it, the longest first. */
  readonly entrances: readonly { readonly prefix: string; readonly portals: readonly [Portal] }[];
  /** Who owns what lies below no entrance: the portal that has the host to itself. */
  readonly fallback: readonly [Portal];
  /** The prefixes of its auth paths, the longest first. */
  readonly authPrefixes: readonly string[];
  /** The paths that its portals share; none on a host with one portal. */
  readonly shared: readonly PathMatcher[];
}

/**
 * The sites of the settings by the spelling of the Host header, in lower case, with and without the default port.
 * @throws RangeError for a path or pattern of the settings that no request could match
 */
export function buildSites(config: SiteConfig): ReadonlyMap<string, Site> {
  const sites = new Map<string, Site>();
  for (const [host, portals] of Map.groupBy(config.portals, portal => portal.host)) {
    const alias = defaultPortAlias(host, portals);
    const names = alias === undefined ? [host] : [host, alias];
    const site = buildSite(names, portals, config.halo);
    for (const name of names) sites.set(name, site);
  }
  return sites;
}

/** The host with its scheme's default port; undefined where the host has a port already. */
function defaultPortAlias(host: string, portals: readonly Portal[]): string | undefined {
  if (/:[0-9]+$/.test(host)) return undefined;
  return `${host}:${portals.some(portal => portal.secure) ? 443 : 80}`;
}

function buildSite(names: readonly string[], portals: readonly Portal[], halo: SiteConfig['halo']): Site {
  const [first, ...others] = portals.toSorted((a, b) => Number(a.path !== '') - Number(b.path !== ''));
  if (first === undefined) throw new RangeError('A host without portals.');
  const authPath = prefixOf(halo.authPath);
  const entrances = portals.map(portal => ({ prefix: prefixOf(portal.path), portals: [portal] as const }));
  const authPrefixes = new Set([authPath, ...entrances.map(entrance => `${entrance.prefix}${authPath}`)]);
  const shared = others.length === 0 ? [] : [`${authPath}/**`, '/api/**', ...halo.shared];
  return {
    names,
    portals: [first, ...others],
    entrances: entrances.toSorted((a, b) => b.prefix.length - a.prefix.length),
    fallback: [first],
    authPrefixes: [...authPrefixes].toSorted((a, b) => b.length - a.length),
    shared: shared.map(compilePattern),
  };
}

/** A path of the settings as keys begin with it; `''` for the root. */
function prefixOf(path: string): string {
  const target = normalise(path || '/');
  if (isMisplaced(target)) throw new RangeError('A path of the settings has no normal form.');
  return target.key === '/' ? '' : target.key;
}

import type { Portal } from '../config/index.ts';
import { foldAscii } from './fold.ts';
import { normalise } from './normalise.ts';
import type { Locate, Misplaced, RouteClass } from './place.ts';
import { isBelow } from './prefix.ts';
import { isMisplaced } from './refusal.ts';
import { buildSites, type Site, type SiteConfig } from './site.ts';

const OWN_PREFIX = '/.halogate';
const API_PREFIX = '/api';
/** Where Halo's own import takes its code; to be registered beside the gateway's addresses. */
export const IMPORT_CALLBACK = '/azure/auth';

const IMPORT: RouteClass = Object.freeze({ kind: 'import' });
const API: RouteClass = Object.freeze({ kind: 'api' });
const OTHER: RouteClass = Object.freeze({ kind: 'other' });

const UNKNOWN_HOST: Misplaced = Object.freeze({
  refused: 'UNKNOWN_HOST',
  why: 'No portal has the host of the Host header.',
});

/**
 * Prepares the settings' portals for looking up where a request belongs (specification: Portals and paths).
 * @throws RangeError for a path or pattern of the settings that no request could match
 */
export function createLocate(config: SiteConfig): Locate {
  const sites = buildSites(config);
  return (_method, target, host) => {
    const site = host === undefined ? undefined : (sites.get(host) ?? sites.get(foldAscii(host)));
    if (site === undefined) return UNKNOWN_HOST;
    const normal = normalise(target, site.names);
    if (isMisplaced(normal)) return normal;
    const { key } = normal;
    const route = classify(site, key);
    const shared = route.kind !== 'own' && site.shared.some(matches => matches(key));
    const portals = shared ? site.portals : ownersOf(site, key);
    return { target: normal, route, portals, hostPortals: site.portals, shared };
  };
}

function classify(site: Site, key: string): RouteClass {
  if (isBelow(key, OWN_PREFIX)) return { kind: 'own', name: key.slice(OWN_PREFIX.length + 1) };
  if (key === IMPORT_CALLBACK) return IMPORT;
  for (const prefix of site.authPrefixes) {
    if (isBelow(key, prefix)) return { kind: 'auth', rest: key.slice(prefix.length + 1) };
  }
  return isBelow(key, API_PREFIX) ? API : OTHER;
}

/** The portal with the longest matching path. */
function ownersOf(site: Site, key: string): readonly [Portal, ...Portal[]] {
  for (const entrance of site.entrances) {
    if (isBelow(key, entrance.prefix)) return entrance.portals;
  }
  return site.fallback;
}

import type { Locate, Place } from '../portals/index.ts';

/** In bytes of the path with its query; a longer one would burst the `state` it travels in. */
const MAX_BYTES = 2000;
/** The one own path that people come back to: the bridge's authorization endpoint. */
const RETURNABLE_OWN_PATH = 'op/authorize';

/** Where a person goes after signing in. */
export interface ReturnPath {
  /** Path and query, normalised: a path of the portal's host and nothing else. */
  readonly path: string;
  readonly place: Place;
}

/**
 * Reads a return path: parsed against the host's origin and compared by origin after parsing, so that no spelling leads elsewhere.
 * @param origin of the portal's host
 * @param value as it came
 * @returns undefined for whatever is not a page of this host that a person may come back to
 */
export function readReturnPath(locate: Locate, origin: string, value: string | undefined): ReturnPath | undefined {
  if (!value?.startsWith('/') || Buffer.byteLength(value) > MAX_BYTES) return undefined;
  const url = parse(value, origin);
  if (!url || url.origin !== origin) return undefined;
  const place = locate('GET', value, url.host);
  if ('refused' in place) return undefined;
  const { route, target } = place;
  if (route.kind === 'own' && route.name !== RETURNABLE_OWN_PATH) return undefined;
  if (route.kind === 'import' || isCallback(place)) return undefined;
  // A browser reads the normalised path once more: what it makes of it must still be this host.
  const path = target.path + target.query;
  return parse(path, origin)?.origin === origin ? { path, place } : undefined;
}

/** Whether a place is a callback address: the gateway's, or one of Halo's own. */
function isCallback({ route }: Place): boolean {
  return route.kind === 'auth' && /^account\/(azure|saml|openid)response$/.test(route.rest);
}

function parse(value: string, origin: string): URL | undefined {
  return URL.parse(value, origin) ?? undefined;
}

import type { AccessRequest } from '../../policy/index.ts';
import { isMisplaced, type Locate, type Misplaced } from '../../portals/index.ts';

/** What a browser tells of a navigation that somebody began by hand (Fetch Metadata Request Headers). */
const NAVIGATION = {
  accept: 'text/html',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-user': '?1',
  'sec-fetch-dest': 'document',
};

/** The request line and the Host of an address, as a browser sends them: nothing else is changed of what was written. */
export function readAddress(url: string): { readonly host: string; readonly target: string } | undefined {
  const [, host, rest = ''] = /^https?:\/\/([^/?#@\s]+)([^#]*)/i.exec(url) ?? [];
  if (host === undefined) return undefined;
  return { host, target: rest.startsWith('/') ? rest : `/${rest}` };
}

/** A navigation as decisions take it, by nobody for whom Emergency holds. */
export function navigationTo(
  locate: Locate,
  method: string,
  url: { host: string; target: string },
): AccessRequest | Misplaced {
  const place = locate(method, url.target, url.host);
  if (isMisplaced(place)) return place;
  return {
    method,
    place,
    headers: NAVIGATION,
    websocket: false,
    ourCallback: false,
    emergency: false,
    signedOut: false,
  };
}

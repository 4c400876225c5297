import type { Portal } from '../config/index.ts';
import type { AccessRequest } from './decision.ts';
import { headerOf } from './headers.ts';

/**
 * Whether a write comes from the portal itself (specification: Writes): from one of its origins, or, where the browser names none,
 * from the same site by `Sec-Fetch-Site`. Both absent is no browser of today.
 */
export function mayWrite(request: Pick<AccessRequest, 'headers'>, portal: Portal): boolean {
  const origin = headerOf(request.headers, 'origin');
  if (origin !== undefined && isOriginOf(portal, origin)) return true;
  const site = headerOf(request.headers, 'sec-fetch-site');
  if (origin === undefined && site === undefined) return true;
  return (origin === undefined || origin === 'null') && isSameSite(site);
}

/** Whether an upgrade to WebSocket comes from one of the portal's origins; a browser always names one. */
export function mayUpgrade(request: Pick<AccessRequest, 'headers'>, portal: Portal): boolean {
  const origin = headerOf(request.headers, 'origin');
  return origin !== undefined && isOriginOf(portal, origin);
}

/** Whether `Sec-Fetch-Site` says that the portal's own page, or the person, asks. */
export function isSameSite(site: string | undefined): boolean {
  return site === 'same-origin' || site === 'none';
}

function isOriginOf(portal: Portal, origin: string): boolean {
  return origin === portal.origin || portal.origins.includes(origin);
}

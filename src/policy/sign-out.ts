import type { Portal } from '../config/index.ts';
import type { AccessRequest } from './decision.ts';
import { headerOf } from './headers.ts';
import { isSameSite, mayWrite } from './origin.ts';

/** Whether a request is to Halo's own sign-out, `logout` on an auth path. */
export function isLogout({ place: { route } }: AccessRequest): boolean {
  return route.kind === 'auth' && route.rest === 'logout';
}

/**
 * Whether a request to Halo's sign-out also ends the gateway's session (specification: Sign-in): a POST from the portal, or a
 * document that the person or the portal asked for. Another site must not sign anybody out.
 */
export function endsSession(request: AccessRequest, portal: Portal): boolean {
  if (!isLogout(request)) return false;
  if (request.method === 'POST') return mayWrite(request, portal);
  return (
    request.method === 'GET' &&
    headerOf(request.headers, 'sec-fetch-dest') === 'document' &&
    isSameSite(headerOf(request.headers, 'sec-fetch-site'))
  );
}

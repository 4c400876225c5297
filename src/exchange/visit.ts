import type { IncomingMessage } from 'node:http';
import type { Audience } from '../answers/index.ts';
import type { AccessRequest } from '../policy/index.ts';
import type { Place } from '../portals/index.ts';
import { cookieName, readCookies, type Session } from '../sessions/index.ts';
import type { Visit } from '../signin/index.ts';
import type { ExchangeContext } from './context.ts';

/**
 * A request that has a place, as far as its head tells.
 * @param method which, for forward-auth, is not that of `request`
 */
export function visitOf(
  context: ExchangeContext,
  request: IncomingMessage,
  { method, place, audience }: { readonly method: string; readonly place: Place; readonly audience: Audience },
): Visit {
  const [root] = place.hostPortals;
  return {
    method,
    place,
    headers: request.headers,
    cookies: readCookies(request.headers.cookie),
    secure: root.secure,
    origin: root.origin,
    client: context.clientAddress(request),
    parameters: new URLSearchParams(place.target.query),
    audience,
  };
}

/** What a decision on a visit is made on, before anything of a body is read. */
export function accessOf(context: ExchangeContext, visit: Visit, websocket: boolean): AccessRequest {
  return {
    method: visit.method,
    place: visit.place,
    headers: visit.headers,
    websocket,
    ourCallback: false,
    emergency: context.emergency(visit.client),
    signedOut: visit.cookies.has(cookieName('out', visit.secure)),
  };
}

/** The session of a visit's cookie. @throws StoreUnreachableError */
export async function readSession({ sessions }: ExchangeContext, visit: Visit): Promise<Session | undefined> {
  const cookie = visit.cookies.get(cookieName('session', visit.secure));
  return cookie === undefined ? undefined : sessions.read(cookie, visit.client);
}

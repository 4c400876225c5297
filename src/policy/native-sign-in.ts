import type { AccessRequest, TokenRequest } from './decision.ts';

/** POSTs on auth paths that carry no password: the flows of Halo's authorization server, beside its callbacks. */
const WITHOUT_PASSWORD: ReadonlySet<string> = new Set(['authorize', 'logout', 'token']);

const UNREAD: TokenRequest = Object.freeze({ unreadable: 'The token request has not been read.' });

/** The token request that this is; undefined for any other request. */
export function tokenRequestOf({ method, place: { route }, token }: AccessRequest): TokenRequest | undefined {
  if (method !== 'POST' || route.kind !== 'auth' || route.rest !== 'token') return undefined;
  return token ?? UNREAD;
}

/** Why a request may carry a password of Halo's own, callbacks apart; undefined where it cannot. */
export function nativeSignInOf(request: AccessRequest): string | undefined {
  const { method, place } = request;
  const token = tokenRequestOf(request);
  if (token !== undefined) {
    if ('unreadable' in token) return `The token request cannot be read: ${token.unreadable}`;
    return token.grant === 'password' ? 'The token request carries a password.' : undefined;
  }
  if (method !== 'POST' || place.route.kind !== 'auth' || WITHOUT_PASSWORD.has(place.route.rest)) return undefined;
  return 'A POST on an auth path may carry a password.';
}

import type { ErrorContent } from './api.ts';
import { primaryLink, said } from './said.ts';
import type { Texts } from './texts/index.ts';

type Name = keyof Texts['gateway'];

function error(code: string, name: Name): () => ErrorContent {
  return () => ({ say: ({ gateway }) => said(gateway[name]), code });
}

/** An error that may be gone a moment later. */
function passing(code: string, name: Name): () => ErrorContent {
  return () => ({
    say: ({ gateway, actions }) => said(gateway[name], { kind: 'again', label: actions.tryAgain, primary: true }),
    code,
  });
}

/** An error that somebody leaves by the portal's start page, where it is known. */
function lost(code: string, name: Name): (input?: { readonly startHref?: string }) => ErrorContent {
  return ({ startHref } = {}) => ({
    say: ({ gateway, actions }) =>
      said(gateway[name], ...(startHref === undefined ? [] : [primaryLink(startHref, actions.toStart)])),
    code,
  });
}

/** 502: no connection to Halo, or none that can be trusted. */
export const badGateway = passing('UPSTREAM_UNREACHABLE', 'upstreamUnreachable');
/** 504: Halo did not answer in time. */
export const gatewayTimeout = passing('UPSTREAM_TIMEOUT', 'upstreamTimeout');
/** 408: the client did not send what it announced. */
export const clientTimeout = error('CLIENT_TIMEOUT', 'clientTimeout');
/** 503: nobody can say whether the session lives. */
export const storeUnreachable = passing('STORE_UNREACHABLE', 'storeUnreachable');
/** 429: too many sign-ins from one address in too short a time. */
export const tooManyRequests = passing('TOO_MANY_REQUESTS', 'tooManyRequests');
/** 500: a fault of the gateway's own. */
export const internalError = passing('INTERNAL_ERROR', 'internalError');
/** 400: header fields with two meanings. */
export const badRequest = error('BAD_REQUEST', 'badRequest');
/** 400: a target without a normal form. */
export const badTarget = lost('BAD_TARGET', 'badTarget');
/** 421: no portal has this host. Its stylesheet is not served either: the words have to do without. */
export const unknownHost = error('UNKNOWN_HOST', 'unknownHost');
/** 404: no such path among the gateway's own. */
export const notFound = lost('NOT_FOUND', 'notFound');
/** 405: a path of the gateway's own, with a method that it does not know. */
export const methodNotAllowed = error('METHOD_NOT_ALLOWED', 'methodNotAllowed');
/** 403: a write or a sign-out from another origin. */
export const crossOrigin = error('CROSS_ORIGIN', 'crossOrigin');
/** 404: no connection of that name, or none at all, for this portal. */
export const noConnection = lost('NO_CONNECTION', 'noConnection');

/** 403: Halo's own login is switched off where sign-in is forced. */
export function nativeSignInRefused(input: { readonly signInHref: string }): ErrorContent {
  return {
    say: ({ nativeSignInRefused: words, actions }) => said(words, primaryLink(input.signInHref, actions.signIn)),
    code: 'NATIVE_SIGN_IN_REFUSED',
  };
}

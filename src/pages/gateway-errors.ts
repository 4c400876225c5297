import type { ErrorContent } from './api.ts';
import { texts, type Words } from './texts/index.ts';

function error(code: string, words: Words): () => ErrorContent {
  return () => ({ heading: words.heading, paragraphs: words.paragraphs, code });
}

/** An error that somebody leaves by the portal's start page, where it is known. */
function lost(code: string, words: Words): (input?: { readonly startHref?: string }) => ErrorContent {
  return ({ startHref } = {}) => ({
    heading: words.heading,
    paragraphs: words.paragraphs,
    ...(startHref === undefined
      ? {}
      : { actions: [{ kind: 'link', href: startHref, label: texts.toStart, primary: true }] }),
    code,
  });
}

/** 502: no connection to Halo, or none that can be trusted. */
export const badGateway = error('UPSTREAM_UNREACHABLE', texts.gateway.upstreamUnreachable);
/** 504: Halo did not answer in time. */
export const gatewayTimeout = error('UPSTREAM_TIMEOUT', texts.gateway.upstreamTimeout);
/** 408: the client did not send what it announced. */
export const clientTimeout = error('CLIENT_TIMEOUT', texts.gateway.clientTimeout);
/** 503: nobody can say whether the session lives. */
export const storeUnreachable = error('STORE_UNREACHABLE', texts.gateway.storeUnreachable);
/** 500: a fault of the gateway's own. */
export const internalError = error('INTERNAL_ERROR', texts.gateway.internalError);
/** 400: header fields with two meanings. */
export const badRequest = error('BAD_REQUEST', texts.gateway.badRequest);
/** 400: a target without a normal form. */
export const badTarget = lost('BAD_TARGET', texts.gateway.badTarget);
/** 421: no portal has this host. Its stylesheet is not served either: the words have to do without. */
export const unknownHost = error('UNKNOWN_HOST', texts.gateway.unknownHost);
/** 404: no such path among the gateway's own. */
export const notFound = lost('NOT_FOUND', texts.gateway.notFound);
/** 405: a path of the gateway's own, with a method that it does not know. */
export const methodNotAllowed = error('METHOD_NOT_ALLOWED', texts.gateway.methodNotAllowed);
/** 403: a write or a sign-out from another origin. */
export const crossOrigin = error('CROSS_ORIGIN', texts.gateway.crossOrigin);
/** 404: no connection of that name, or none at all, for this portal. */
export const noConnection = lost('NO_CONNECTION', texts.gateway.noConnection);

/** 403: Halo's own login is switched off where sign-in is forced. */
export function nativeSignInRefused(input: { readonly signInHref: string }): ErrorContent {
  const { heading, paragraphs, action } = texts.nativeSignInRefused;
  return {
    heading,
    paragraphs,
    actions: [{ kind: 'link', href: input.signInHref, label: action, primary: true }],
    code: 'NATIVE_SIGN_IN_REFUSED',
  };
}

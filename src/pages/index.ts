export type { PageContent } from './api.ts';
export { askBeforeSwitching } from './ask-before-switching.ts';
export { chooser, moveOn } from './chooser.ts';
export type { SignInFailedCode } from './failures.ts';
export {
  badGateway,
  badRequest,
  badTarget,
  clientTimeout,
  crossOrigin,
  gatewayTimeout,
  internalError,
  methodNotAllowed,
  nativeSignInRefused,
  noConnection,
  notFound,
  storeUnreachable,
  tooManyRequests,
  unknownHost,
} from './gateway-errors.ts';
export { notAdmitted } from './not-admitted.ts';
export { createPages, type Pages } from './render.ts';
export { type SignInFacts, signInFailed } from './sign-in-failed.ts';
export { framedSignIn, sessionMissing, signInRequired } from './sign-in-required.ts';
export { nobodySignedIn, signedOut, signOutQuestion } from './sign-out.ts';
export { defaultLanguage, type Language, languages } from './texts/index.ts';

import type { ErrorContent } from './api.ts';
import { primaryLink, said } from './said.ts';

/** Answers a form that somebody sent without a session: it is not repeated after the sign-in, so the page says so. */
export function signInRequired(input: { readonly signInHref: string }): ErrorContent {
  return {
    say: ({ signInRequired: words, actions }) => said(words, primaryLink(input.signInHref, actions.signIn)),
    code: 'SIGN_IN_REQUIRED',
  };
}

/**
 * Stands in another site's frame, where no session reaches.
 * @param input.href the address that was asked for, as a path of this host
 */
export function framedSignIn(input: { readonly href: string }): ErrorContent {
  return {
    say: ({ framedSignIn: words, actions }) =>
      said(words, { kind: 'link', href: input.href, label: actions.openWindow, newWindow: true, primary: true }),
    code: 'SIGN_IN_REQUIRED',
    framed: true,
  };
}

/** Tells a program that asked for the session that there is none. */
export function sessionMissing(): ErrorContent {
  return { say: ({ sessionMissing: words }) => said(words), code: 'SIGN_IN_REQUIRED' };
}

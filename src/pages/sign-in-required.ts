import type { ErrorContent } from './api.ts';
import { texts } from './texts/index.ts';

/** Answers a form that somebody sent without a session: it is not repeated after the sign-in, so the page says so. */
export function signInRequired(input: { readonly signInHref: string }): ErrorContent {
  const { heading, paragraphs, action } = texts.signInRequired;
  return {
    heading,
    paragraphs,
    actions: [{ kind: 'link', href: input.signInHref, label: action, primary: true }],
    code: 'SIGN_IN_REQUIRED',
  };
}

/**
 * Stands in another site's frame, where no session reaches.
 * @param input.href the address that was asked for, as a path of this host
 */
export function framedSignIn(input: { readonly href: string }): ErrorContent {
  const { heading, paragraphs, action } = texts.framedSignIn;
  return {
    heading,
    paragraphs,
    actions: [{ kind: 'link', href: input.href, label: action, newWindow: true, primary: true }],
    code: 'SIGN_IN_REQUIRED',
    framed: true,
  };
}

/** Tells a program that asked for the session that there is none. */
export function sessionMissing(): ErrorContent {
  return { ...texts.sessionMissing, code: 'SIGN_IN_REQUIRED' };
}

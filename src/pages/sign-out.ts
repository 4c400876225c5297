import type { ErrorContent, PageContent } from './api.ts';
import { texts } from './texts/index.ts';

/** Asks before signing out: a link alone signs nobody out. */
export function signOutQuestion(input: {
  /** Who is signed in, where it is known. */
  readonly name?: string;
  readonly cancelHref: string;
  /** Origins that the answer to the form may lead on to: the provider's sign-out. */
  readonly formTargets: readonly string[];
}): PageContent {
  const { heading, paragraphs, signOut, cancel } = texts.signOutQuestion;
  return {
    heading,
    paragraphs: paragraphs(input.name),
    actions: [
      { kind: 'form', action: '/.halogate/sign-out', label: signOut, primary: true },
      { kind: 'link', href: input.cancelHref, label: cancel },
    ],
    formTargets: input.formTargets,
  };
}

/** Tells that the session has ended; signing in again takes a click, or signing out would be undone at once. */
export function signedOut(input: { readonly signInHref: string }): ErrorContent {
  const { heading, paragraphs, action } = texts.signedOut;
  return {
    heading,
    paragraphs,
    actions: [{ kind: 'link', href: input.signInHref, label: action, primary: true }],
    code: 'SIGNED_OUT',
  };
}

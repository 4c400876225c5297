import type { ErrorContent, PageContent } from './api.ts';
import { isolated } from './names.ts';
import { primaryLink, said } from './said.ts';

/** Asks before signing out: a link alone signs nobody out. */
export function signOutQuestion(input: {
  /** Who is signed in; left out where nobody can say just now. */
  readonly name?: string;
  readonly cancelHref: string;
  /** Origins that the answer to the form may lead on to: the provider's sign-out. */
  readonly formTargets: readonly string[];
}): PageContent {
  return {
    say: ({ signOutQuestion: { heading, who, somebody, unsaved }, actions }) => ({
      heading,
      paragraphs: [input.name ? who(isolated(input.name)) : somebody, unsaved],
      actions: [
        { kind: 'form', action: '/.halogate/sign-out', label: actions.signOut, primary: true },
        { kind: 'link', href: input.cancelHref, label: actions.staySignedIn },
      ],
    }),
    formTargets: input.formTargets,
  };
}

/** Tells somebody who came to sign out that there is nothing to end. */
export function nobodySignedIn(input: { readonly signInHref: string }): PageContent {
  return { say: ({ sessionMissing: words, actions }) => said(words, primaryLink(input.signInHref, actions.signIn)) };
}

/** Tells that the session has ended; signing in again takes a click, or signing out would be undone at once. */
export function signedOut(input: { readonly signInHref: string }): ErrorContent {
  return {
    say: ({ signedOut: words, actions }) => said(words, primaryLink(input.signInHref, actions.signInAgain)),
    code: 'SIGNED_OUT',
  };
}

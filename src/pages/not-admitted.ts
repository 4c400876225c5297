import type { ErrorContent } from './api.ts';
import { texts } from './texts/index.ts';

/** The page that asks before it signs out: its policy lets the form lead on to the provider, whichever that is. */
const SIGN_OUT = '/.halogate/sign-out';

/** Tells somebody who is signed in that they may not enter this portal, and where they may go. */
export function notAdmitted(input: {
  /** The person's name; may be empty. */
  readonly person: string;
  readonly username: string;
  /** The name of the portal that stays shut. */
  readonly portal: string;
  /** The portals of this host that are open to the person. */
  readonly open: readonly { readonly name: string; readonly href: string }[];
  /** Starts a sign-in with another account. */
  readonly switchHref: string;
}): ErrorContent {
  const { heading, paragraphs, open, useAnother, signOut } = texts.notAdmitted;
  return {
    heading,
    paragraphs: paragraphs(input.person, input.username, input.portal, input.open.length > 0),
    actions: [
      ...input.open.map(({ name, href }) => ({ kind: 'link', href, label: open(name), primary: true }) as const),
      { kind: 'link', href: input.switchHref, label: useAnother },
      { kind: 'link', href: SIGN_OUT, label: signOut },
    ],
    code: 'NOT_ADMITTED',
  };
}

import type { ErrorContent } from './api.ts';
import { isolated, personOf } from './names.ts';
import { primaryLink } from './said.ts';

/** The page that asks before it signs out: its policy lets the form lead on to the provider, whichever that is. */
const SIGN_OUT = '/.halogate/sign-out';

/** Tells somebody who is signed in that they may not enter this portal, and where they may go. */
export function notAdmitted(input: {
  /** The person's name; may be empty. */
  readonly person: string;
  readonly username: string;
  /** The name of the portal that stays shut. */
  readonly portal: string;
  /** The portals that are open to the person, those of this host first. */
  readonly open: readonly { readonly name: string; readonly href: string }[];
  /** Starts a sign-in with another account. */
  readonly switchHref: string;
}): ErrorContent {
  const { person, username, portal, open, switchHref } = input;
  return {
    say: ({ notAdmitted: { heading, who, elsewhere, nowhere }, actions }) => ({
      heading,
      paragraphs: [who(personOf(person, username), isolated(portal)), open.length > 0 ? elsewhere : nowhere],
      actions: [
        ...open.map(({ name, href }) => primaryLink(href, actions.toPortal(isolated(name)))),
        { kind: 'link', href: switchHref, label: actions.useAnother },
        { kind: 'link', href: SIGN_OUT, label: actions.signOut },
      ],
    }),
    code: 'NOT_ADMITTED',
  };
}

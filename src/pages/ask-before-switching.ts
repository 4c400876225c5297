import type { PageContent } from './api.ts';
import { isolated } from './names.ts';
import { primaryLink } from './said.ts';

/** Asks before a link from another site replaces the session that somebody works in. */
export function askBeforeSwitching(input: {
  /** Who is signed in, where it is known. */
  readonly name?: string;
  /** Where the link wanted to lead, as a path of this host. */
  readonly continueHref: string;
  readonly signInHref: string;
}): PageContent {
  return {
    say: ({ askBeforeSwitching: { heading, who, somebody, why }, actions }) => ({
      heading,
      paragraphs: [input.name ? who(isolated(input.name)) : somebody, why],
      actions: [
        primaryLink(input.continueHref, actions.goOnAsYouAre),
        { kind: 'link', href: input.signInHref, label: actions.signInAgain },
      ],
    }),
  };
}

import type { PageContent } from './api.ts';
import { texts } from './texts/index.ts';

/** Asks before a link from another site replaces the session that somebody works in. */
export function askBeforeSwitching(input: {
  /** Who is signed in, where it is known. */
  readonly name?: string;
  /** Where the link wanted to lead, as a path of this host. */
  readonly continueHref: string;
  readonly signInHref: string;
}): PageContent {
  const { heading, paragraphs, goOn, signIn } = texts.askBeforeSwitching;
  return {
    heading,
    paragraphs: paragraphs(input.name),
    actions: [
      { kind: 'link', href: input.continueHref, label: goOn, primary: true },
      { kind: 'link', href: input.signInHref, label: signIn },
    ],
  };
}

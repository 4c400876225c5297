import type { PageContent } from './api.ts';
import { texts } from './texts/index.ts';

/**
 * Asks which connection to sign in through.
 * @param choices the connections' names, and the paths that start a sign-in through each
 */
export function chooser(choices: readonly { readonly name: string; readonly href: string }[]): PageContent {
  const { heading, paragraphs, choice } = texts.chooser;
  return {
    heading,
    paragraphs,
    actions: choices.map(({ name, href }) => ({ kind: 'link', href, label: choice(name) })),
  };
}

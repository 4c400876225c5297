import type { PageAction, Said } from './api.ts';
import type { Words } from './texts/index.ts';

/** A page of plain words, with what one can do next. */
export function said([heading, ...paragraphs]: Words, ...actions: readonly PageAction[]): Said {
  return { heading, paragraphs, actions };
}

/** The way on that most people will want to go. */
export function primaryLink(href: string, label: string): PageAction {
  return { kind: 'link', href, label, primary: true };
}

import { html, type Markup } from './html.ts';
import { pieces } from './names.ts';

/** A sentence whose marked names are set apart: whatever direction a name is written in, the sentence around it stays whole. */
export function sentence(text: string): Markup {
  const parts = pieces(text).map((piece, index) => (index % 2 === 0 ? html`${piece}` : html`<bdi>${piece}</bdi>`));
  return html`${parts}`;
}

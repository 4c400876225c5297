/** Markup that is safe to send: made by {@link html} alone, so that text never becomes markup by accident. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type { Markup };

/** What may stand in a template: text is escaped, markup and lists of it are taken as they are, undefined is nothing. */
export type Value = string | Markup | readonly Markup[] | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element's content or a quoted attribute. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '');
}

function write(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeText(value);
  if (value instanceof Markup) return value.toString();
  return value.map(write).join('');
}

/**
 * A template that escapes every value but markup which it made itself. Attribute values must be quoted in the template.
 * @param literals the template's own markup
 * @param values text, or markup made by this function
 */
export function html(literals: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(literals.reduce((text, literal, index) => text + write(values[index - 1]) + literal));
}

/** A start tag of a page, read strictly: what is not `name="value"` ends in an error. */
export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The text that a browser would show for escaped text. */
function unescapeMarkup(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '');
}

function readTag(source: string): Tag {
  const [, name = '', rest = ''] = /^<([a-z][a-z0-9]*)([\s\S]*)>$/.exec(source) ?? [];
  const attributes = [...rest.matchAll(/ ([a-z-]+)="([^"]*)"/g)];
  const read = `<${name}${attributes.map(([text]) => text).join('')}>`;
  if (read !== source) throw new Error(`Unexpected markup: ${source}`);
  return {
    name,
    attributes: Object.fromEntries(attributes.map(([, key, value]) => [key, unescapeMarkup(value ?? '')])),
  };
}

/** Every start tag of a page, in order. */
export function tagsOf(page: string): readonly Tag[] {
  return [...page.matchAll(/<[^>]*>?/g)]
    .map(([source]) => source)
    .filter(source => !source.startsWith('</') && source !== '<!doctype html>')
    .map(readTag);
}

/** The text of a page without its tags, as it would be read. */
export function textOf(page: string): string {
  return unescapeMarkup(page.replace(/<[^>]*>/g, ''));
}

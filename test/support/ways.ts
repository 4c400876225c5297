import { tagsOf } from './markup.ts';

/** Where the links of a page lead, in order, but for the support address. */
export function linksOf(page: string): readonly string[] {
  return tagsOf(page).flatMap(({ name, attributes }) =>
    name === 'a' && attributes.href && !attributes.href.startsWith('mailto:') ? [attributes.href] : [],
  );
}

/** A page's form as a browser would send it: where to, and the values of its fields. */
export function formOf(page: string): { readonly action: string; readonly fields: Readonly<Record<string, string>> } {
  const tags = tagsOf(page);
  const form = tags.find(({ name }) => name === 'form');
  const inputs = tags.filter(({ name }) => name === 'input');
  return {
    action: form?.attributes.action ?? '',
    fields: Object.fromEntries(inputs.map(({ attributes }) => [attributes.name ?? '', attributes.value ?? ''])),
  };
}

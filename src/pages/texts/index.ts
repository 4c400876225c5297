import { de } from './de.ts';
import { en } from './en.ts';
import type { Texts } from './texts.ts';

export type { Texts, Words } from './texts.ts';

/** Every language of the pages by its tag (BCP 47). A new one is a file, and a line here. */
export const languages = { en, de } as const satisfies Readonly<Record<string, Texts>>;

/** The tag of a language that the pages speak. */
export type Language = keyof typeof languages;

/** For whoever prefers none of them. */
export const defaultLanguage: Language = 'en';

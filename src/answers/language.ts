import Negotiator from 'negotiator';
import { defaultLanguage, type Language, languages } from '../pages/index.ts';

/** Browsers send a handful of tags. In characters. */
const MOST_READ = 512;

function isLanguage(tag: string | undefined): tag is Language {
  return tag !== undefined && Object.hasOwn(languages, tag);
}

/**
 * The language of the pages that somebody prefers (RFC 9110 section 12.5.4); where they prefer none of them, the default.
 * @param acceptLanguage the header field as it came
 */
export function preferredLanguage(acceptLanguage = ''): Language {
  const headers = { 'accept-language': acceptLanguage.slice(0, MOST_READ) };
  const tag = new Negotiator({ headers }).language(Object.keys(languages));
  return isLanguage(tag) ? tag : defaultLanguage;
}

import type { AccessRequest } from './decision.ts';

/** Header fields by name in lower case; a list of values where a field was repeated. */
export type Headers = AccessRequest['headers'];

/** Stands for a field that came more than once: present, and equal to nothing that anybody asks for. */
const REPEATED = ',';

/** The value of a field that may come once; undefined where it is absent. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined || typeof value === 'string') return value;
  return value.length === 1 ? value[0] : REPEATED;
}

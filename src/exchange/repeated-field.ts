import type { IncomingMessage } from 'node:http';

/** Fields that decide something: each may stand but once, for an upstream might believe the other one. */
const SINGLE: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'origin',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'transfer-encoding',
]);

/**
 * The first header field of a request that stands twice though it decides something.
 * @returns its name in lower case
 */
export function repeatedField({ rawHeaders }: IncomingMessage): string | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

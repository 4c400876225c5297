import type { RawHeaders } from './api.ts';

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Whether a field concerns one connection alone and never passes a proxy (RFC 9110 section 7.6.1), `Proxy-*` included.
 * @param name in lower case
 */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name) || name.startsWith('proxy-');
}

/**
 * The fields that a `Connection` value declares to be hop-by-hop, in lower case, added to those of an earlier `Connection` field.
 * Undefined where there are none, as in the usual `keep-alive` and `close`.
 */
export function connectionOptions(value: string, earlier?: Set<string>): Set<string> | undefined {
  if (value === 'keep-alive' || value === 'close') return earlier;
  let options = earlier;
  for (const part of value.split(',')) {
    const option = part.trim().toLowerCase();
    if (option === '' || option === 'keep-alive' || option === 'close') continue;
    options ??= new Set();
    options.add(option);
  }
  return options;
}

/**
 * `fields` without those that `options` names, but for the first `kept` entries (names and values counted), which are the gateway's own.
 */
export function withoutOptions(fields: RawHeaders, options: ReadonlySet<string>, kept: number): string[] {
  const left = fields.slice(0, kept);
  for (let i = kept; i < fields.length; i += 2) {
    const name = fields[i] ?? '';
    if (!options.has(name.toLowerCase())) left.push(name, fields[i + 1] ?? '');
  }
  return left;
}

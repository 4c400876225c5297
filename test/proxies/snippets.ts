import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../docs/forward-auth.md', import.meta.url), 'utf8');

/** Where what the page names is in a test: `host:port` each. */
export interface Addresses {
  readonly halogate: string;
  readonly halo: string;
}

/**
 * The settings of a proxy that the page shows, with addresses of a test's own.
 * @param heading of its section
 * @param nth of the section's blocks, from 0
 */
export function snippet(heading: string, { halogate, halo }: Addresses, nth = 0): string {
  const section = page.split(/^## /m).find(text => text.startsWith(`${heading}\n`));
  const text = [...(section ?? '').matchAll(/^```\w+\n(.*?)^```$/gms)][nth]?.[1];
  if (text === undefined) throw new Error(`The page shows no settings for ${heading}.`);
  const [halogateHost = '', halogatePort = ''] = halogate.split(':');
  const [haloHost = '', haloPort = ''] = halo.split(':');
  return replaced(text, [
    ['halogate.internal:8080', halogate],
    ['halo.internal:80', halo],
    ['http://halo.internal ', `http://${halo} `],
    ['address: halogate.internal, port_value: 8080', `address: ${halogateHost}, port_value: ${halogatePort}`],
    ['address: halo.internal, port_value: 80 ', `address: ${haloHost}, port_value: ${haloPort} `],
  ]);
}

function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((changed, [from, to]) => changed.replaceAll(from, to), text);
}

/** Replaces what must be there. */
export function exchanged(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`There is no ${from}.`);
  return changed;
}

import { lookup } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Portal } from '../../config/index.ts';
import { type Check, ok, reasonOf, warn } from './check.ts';

/** How long resolving a name may take, in milliseconds. */
const RESOLVE_TIME = 5000;

/** Whether the public names lead anywhere, as seen from this machine: browsers may see others. */
export async function examineNames(portals: readonly Portal[]): Promise<readonly Check[]> {
  const names = new Set(portals.map(({ origin }) => new URL(origin).hostname.replace(/^\[|\]$/g, '')));
  return Promise.all([...names].map(examineName));
}

async function examineName(name: string): Promise<Check> {
  const subject = `public name ${name}`;
  const late = new AbortController();
  try {
    const found = await Promise.race([
      lookup(name, { all: true }),
      sleep(RESOLVE_TIME, [], { signal: late.signal }).catch(() => []),
    ]);
    const addresses = found.map(({ address }) => address).join(', ');
    return addresses === '' ? unknown(subject, 'too late') : ok(subject, `It leads to ${addresses}.`);
  } catch (error) {
    return unknown(subject, reasonOf(error));
  } finally {
    late.abort();
  }
}

function unknown(subject: string, why: string): Check {
  return warn(
    subject,
    `It cannot be resolved here (${why}). People's browsers need it: check the DNS and the portal's "url".`,
  );
}

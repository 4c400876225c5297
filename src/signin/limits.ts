import { isIPv6 } from 'node:net';
import type { RateLimit } from '../config/index.ts';
import { type Sealer, type Store, StoreUnreachableError } from '../sessions/index.ts';

/** Of so many starts a failed callback is as bad as one. */
const STARTS_PER_FAILURE = 10;

/**
 * How often one client may start to sign in, and fail to (specification: `limits`). Nothing is asked of whoever is signed in.
 *
 * The window is a fixed one: it begins with a client's first request and is one small key with an end. Whoever spends two windows at
 * their common border has twice the limit at once, which harms nobody; a window that slides would cost a key for each request.
 *
 * Where the store cannot be asked, everybody passes: the limit must not add to an outage, and it keeps nothing shut, as no sign-in is
 * finished without the store.
 */
export interface Limits {
  /** Counts a start. @returns how many milliseconds the client has to wait; undefined where it may go on */
  start(client: string): Promise<number | undefined>;
  /** Whether a callback may go on, given how many of the client's have failed. @returns as {@link start} */
  callback(client: string): Promise<number | undefined>;
  /** Counts a callback that has failed on the side of whoever signs in. */
  failed(client: string): Promise<void>;
}

/** What is limited. */
type LimitKind = 'sign-in' | 'callback';

interface LimitsOptions {
  /** Left out: no limit. */
  readonly limit: RateLimit | undefined;
  readonly store: Pick<Store, 'count' | 'counted'>;
  readonly sealer: Pick<Sealer, 'macs'>;
  /** Hears of each request that has to wait. */
  readonly recorder: { rateLimited(kind: LimitKind): void };
}

export function createLimits({ limit, store, sealer, recorder }: LimitsOptions): Limits {
  if (!limit) return { start: async () => undefined, callback: async () => undefined, failed: async () => {} };
  const { count: mostStarts, period } = limit;
  const mostFailures = Math.max(1, Math.floor(mostStarts / STARTS_PER_FAILURE));
  /** The store does not learn who comes. */
  const nameOf = (kind: LimitKind, client: string) => sealer.macs('limit', `${kind} ${networkOf(client)}`)[0];

  function tooMany(kind: LimitKind, wait: number): number {
    recorder.rateLimited(kind);
    return wait;
  }

  return {
    async start(client) {
      const counted = await orNothing(store.count(nameOf('sign-in', client), period));
      return counted && counted.count > mostStarts ? tooMany('sign-in', counted.ttl) : undefined;
    },
    async callback(client) {
      const counted = await orNothing(store.counted(nameOf('callback', client)));
      return counted && counted.count >= mostFailures ? tooMany('callback', counted.ttl) : undefined;
    },
    async failed(client) {
      await orNothing(store.count(nameOf('callback', client), period));
    },
  };
}

async function orNothing<T>(counting: Promise<T>): Promise<T | undefined> {
  try {
    return await counting;
  } catch (error) {
    if (error instanceof StoreUnreachableError) return undefined;
    throw error;
  }
}

/** What counts as one client: an IPv4 address, and of an IPv6 address the /64, of which one subscriber has all (RFC 6177). */
function networkOf(client: string): string {
  if (!isIPv6(client)) return client;
  const [head = '', tail] = client.split('::');
  const groups = head.split(':');
  if (tail !== undefined) {
    const after = tail.split(':').length + (tail.includes('.') ? 1 : 0);
    while (groups.length + after < 8) groups.push('0');
    groups.push(...tail.split(':'));
  }
  return groups
    .slice(0, 4)
    .map(group => group || '0')
    .join(':');
}

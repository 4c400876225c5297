import { createHash } from 'node:crypto';
import { type Cache, cacheKey, createCache, type Entry } from './cache.ts';
import type { CookieValue } from './cookie-value.ts';
import { createRetelling } from './retelling.ts';
import { createRevoked } from './revoked.ts';
import type { Seals } from './seals.ts';
import type { Session } from './session.ts';
import { type FoundSession, type Store, StoreUnreachableError } from './store.ts';
import { LONGEST_TOUCH_INTERVAL } from './touches.ts';
import { createTrust } from './trust.ts';

interface LookupOptions {
  readonly store: Store;
  readonly seals: Seals;
  /** As they are now, in milliseconds. */
  readonly limits: () => Limits;
  /** Whether a session is to end, although the store could not be told yet. */
  readonly isEnding: (ids: readonly string[]) => boolean;
  /** Hears of sessions that ended before their time. */
  readonly onEnded: (ids: readonly string[]) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly ticks: () => number;
  readonly cache?: Cache;
}

/** How long a session lives at most, how long unused, and how long one that was seen survives without the store. */
interface Limits {
  readonly absolute: number;
  readonly idle: number;
  readonly outageGrace: number;
}

/** Finds the session of a cookie: in this process while that can be trusted, else in the store, else, for a while, in neither. */
export interface Lookup {
  /** @throws StoreUnreachableError where it cannot be known */
  find(cookie: CookieValue): Promise<Session | undefined>;
  /** Whether any of the ids ended before its time, as far as is known here. */
  isEnded(ids: readonly string[]): boolean;
  /** The idle end of a session has been moved to `end`, milliseconds since the epoch. */
  moved(id: string, end: number): void;
  /** Has the store asked about a session the next time. */
  forget(id: string): void;
  /** Has the store asked about every session the next time: what is remembered was read under limits that count no more. */
  forgetAll(): void;
  /** How many sessions are remembered that live, as far as is known here. */
  active(): number;
  close(): void;
}

/** A reading of the store under way. */
interface Fill {
  readonly ids: readonly string[];
  /** The stretch of trust in which it began. */
  readonly stretch: number;
  /** When it began, by both clocks. */
  readonly tick: number;
  readonly time: number;
  /** Its session ended meanwhile: what it brings may be older than that. */
  overtaken: boolean;
  /** Its session changed meanwhile: what it brings may be older than that and is not kept. */
  stale: boolean;
}

export function createLookup(options: LookupOptions): Lookup {
  const { store, seals, limits, isEnding, onEnded, now, ticks, cache = createCache() } = options;
  const trust = createTrust(ticks);
  let longest = 0;
  const revoked = createRevoked(longestLife, now);
  const retelling = createRetelling(revoked.all, store.deleteAgain);
  const fills = new Set<Fill>();
  const reading = new Map<string, Promise<unknown>>();

  const unwatch = store.watch({
    ended(ids) {
      for (const id of ids) {
        revoked.add(id);
        cache.removeId(id);
      }
      for (const fill of fills) fill.overtaken ||= fill.ids.some(id => ids.includes(id));
      onEnded(ids);
    },
    changed(ids) {
      for (const id of ids) cache.removeId(id);
      for (const fill of fills) fill.stale ||= fill.ids.some(id => ids.includes(id));
    },
    heard(until) {
      trust.heard(until);
      retelling.heard();
    },
    lost() {
      trust.lost();
      retelling.lost();
    },
  });

  /** Sessions that were made under earlier limits live by those of now at most, and may have ended under those before. */
  function longestLife(): number {
    longest = Math.max(longest, limits().absolute);
    return longest;
  }

  function isEnded(ids: readonly string[]): boolean {
    return isEnding(ids) || ids.some(revoked.has);
  }

  function lives({ session, idleEnd }: Entry): boolean {
    if (isEnded([session.id])) return false;
    const time = now();
    return time < idleEnd && time < session.expires;
  }

  /** What is remembered of a session that has not ended, as far as is known here. */
  function remembered(key: string): Entry | undefined {
    const entry = cache.get(key);
    return entry && lives(entry) ? entry : undefined;
  }

  function trusted(key: string): Session | undefined {
    const knownUntil = trust.knownUntil();
    const entry = knownUntil !== undefined && remembered(key);
    if (!entry || entry.stretch !== trust.stretch()) return undefined;
    entry.seen = Math.max(entry.seen, Math.min(knownUntil, ticks()));
    return entry.session;
  }

  async function read(key: string, cookie: CookieValue, ids: readonly string[]): Promise<Session | undefined> {
    const fill: Fill = { ids, stretch: trust.stretch(), tick: ticks(), time: now(), overtaken: false, stale: false };
    fills.add(fill);
    try {
      const found = await store.read(ids);
      if (fill.overtaken || isEnded(ids)) return undefined;
      const session = found && (fill.stale ? open(found, cookie) : remember(key, cookie, found, fill));
      if (!session) cache.remove(key);
      const end = session ? Math.min(session.expires, idleEndOf(found, fill)) : 0;
      return end > now() ? session : undefined;
    } finally {
      fills.delete(fill);
    }
  }

  function open(found: FoundSession, cookie: CookieValue): Session | undefined {
    const session = seals.openSession(found, cookie);
    return session && { ...session, expires: Math.min(session.expires, session.created + limits().absolute) };
  }

  /** The store counts by the limit of when it was touched; a shorter one of now counts from then as well. */
  function idleEndOf({ id, ttl, listing }: FoundSession, { time }: Fill): number {
    const lastSeen = (listing && seals.openListing(id, listing)?.lastSeen) ?? Number.POSITIVE_INFINITY;
    return Math.min(time + ttl, lastSeen + limits().idle + LONGEST_TOUCH_INTERVAL);
  }

  /** The session of a record that was read. One that is remembered from the same record stays the same object. */
  function remember(key: string, cookie: CookieValue, found: FoundSession, fill: Fill): Session | undefined {
    const digest = createHash('sha256').update(found.record).digest();
    const known = cache.get(key);
    const same = known?.session.id === found.id && known.digest.equals(digest) ? known : undefined;
    const session = same?.session ?? open(found, cookie);
    if (!session) return undefined;
    const fresh = { stretch: fill.stretch, seen: fill.tick, idleEnd: idleEndOf(found, fill) };
    if (!same) {
      cache.set(key, { session, digest, ...fresh });
    } else {
      // Readings may overtake each other: the later knowledge counts.
      same.stretch = Math.max(same.stretch, fresh.stretch);
      same.seen = Math.max(same.seen, fresh.seen);
      same.idleEnd = Math.max(same.idleEnd, fresh.idleEnd);
    }
    return session;
  }

  /** Reads the store, or waits for a reading under way where that can be trusted as if it began now. */
  async function readOnce(key: string, cookie: CookieValue, ids: readonly string[]): Promise<Session | undefined> {
    const underWay = trust.knownUntil() === undefined ? undefined : reading.get(key);
    if (underWay) {
      await underWay;
      const session = trusted(key);
      if (session) return session;
    }
    const work = read(key, cookie, ids);
    const done = () => {
      if (reading.get(key) === work) reading.delete(key);
    };
    reading.set(key, work);
    work.then(done, done);
    return work;
  }

  return {
    async find(cookie) {
      const key = cacheKey(cookie);
      const hot = trusted(key);
      if (hot) return hot;
      const ids = seals.ids(cookie);
      if (isEnded(ids)) return undefined;
      try {
        return await readOnce(key, cookie, ids);
      } catch (error) {
        // It may have been signed out while the store was asked in vain.
        if (isEnded(ids)) return undefined;
        const entry = error instanceof StoreUnreachableError && remembered(key);
        if (entry && ticks() - entry.seen < limits().outageGrace) return entry.session;
        throw error;
      }
    },
    isEnded,
    moved(id, end) {
      const entry = cache.byId(id);
      if (entry) entry.idleEnd = Math.max(entry.idleEnd, end);
    },
    forget: cache.removeId,
    forgetAll() {
      cache.clear();
      for (const fill of fills) fill.stale = true;
    },
    active() {
      let count = 0;
      for (const entry of cache.all()) if (lives(entry)) count += 1;
      return count;
    },
    close: unwatch,
  };
}

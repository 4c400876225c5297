import type { Counted, Store, StoredSession, StoreWatcher } from './store.ts';

const SWEEP_INTERVAL = 60_000;

interface MemoryStoreOptions {
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: () => number;
}

interface Kept extends StoredSession {
  readonly end: number;
}

/** Sessions of this process alone; they end with it. */
export function createMemoryStore({ now = Date.now }: MemoryStoreOptions = {}): Store {
  const sessions = new Map<string, Kept>();
  const indexes = new Map<string, Set<string>>();
  const used = new Map<string, number>();
  const locks = new Map<string, { readonly holder: string; readonly end: number }>();
  const counts = new Map<string, { readonly count: number; readonly end: number }>();
  const shared = new Map<string, Buffer>();
  const watchers = new Set<StoreWatcher>();
  let swept = now();

  function alive(id: string): Kept | undefined {
    const session = sessions.get(id);
    if (session && session.end <= now()) remove(session);
    return sessions.get(id);
  }

  function remove({ id, indexes: keys }: StoredSession): void {
    sessions.delete(id);
    for (const key of keys) {
      const ids = indexes.get(key);
      ids?.delete(id);
      if (ids?.size === 0) indexes.delete(key);
    }
  }

  function end(ids: readonly string[]): void {
    for (const id of ids) {
      const session = sessions.get(id);
      if (session) remove(session);
    }
    for (const watcher of watchers) watcher.ended(ids);
  }

  /** Forgets what has ended and nobody asks for any more. */
  function sweep(): void {
    const time = now();
    if (time - swept < SWEEP_INTERVAL) return;
    swept = time;
    for (const session of sessions.values()) if (session.end <= time) remove(session);
    for (const [name, end] of used) if (end <= time) used.delete(name);
    for (const ending of [locks, counts]) {
      for (const [name, { end }] of ending) if (end <= time) ending.delete(name);
    }
  }

  function counted(name: string): Counted {
    const { count, end } = counts.get(name) ?? { count: 0, end: 0 };
    const ttl = end - now();
    return ttl > 0 ? { count, ttl } : { count: 0, ttl: 0 };
  }

  return {
    async create(entry) {
      sweep();
      for (const key of entry.indexes) indexes.set(key, (indexes.get(key) ?? new Set()).add(entry.id));
      sessions.set(entry.id, { ...entry, end: now() + entry.ttl });
    },
    async read(ids) {
      for (const id of ids) {
        const session = alive(id);
        if (session) return { id, record: session.record, ttl: session.end - now(), listing: session.listing };
      }
      return undefined;
    },
    async readTokens(id) {
      return alive(id)?.tokens;
    },
    async touch(id, listing, ttl) {
      const session = alive(id);
      if (session) sessions.set(id, { ...session, listing, end: now() + ttl });
      return session !== undefined;
    },
    async replace(id, content) {
      const session = alive(id);
      if (session) sessions.set(id, { ...session, ...content });
      for (const watcher of watchers) watcher.changed([id]);
      return session !== undefined;
    },
    delete: async ids => end(ids),
    async deleteAgain(ids) {
      const back = ids.filter(id => sessions.has(id));
      if (back.length > 0) end(back);
    },
    watch(watcher) {
      watchers.add(watcher);
      // What is told within one process is never on its way.
      watcher.heard(Number.POSITIVE_INFINITY);
      return () => void watchers.delete(watcher);
    },
    async indexed(keys) {
      const ids = new Set(keys.flatMap(key => [...(indexes.get(key) ?? [])]));
      return [...ids].filter(alive);
    },
    async *listings() {
      yield [...sessions.keys()].flatMap(id => alive(id) ?? []);
    },
    async once(name, ttl) {
      sweep();
      if ((used.get(name) ?? 0) > now()) return false;
      used.set(name, now() + ttl);
      return true;
    },
    async count(name, period) {
      sweep();
      const { count, ttl } = counted(name);
      counts.set(name, { count: count + 1, end: now() + (ttl || period) });
      return counted(name);
    },
    counted: async name => counted(name),
    async lock(name, holder, ttl) {
      if ((locks.get(name)?.end ?? 0) > now()) return false;
      locks.set(name, { holder, end: now() + ttl });
      return true;
    },
    async unlock(name, holder) {
      if (locks.get(name)?.holder === holder) locks.delete(name);
    },
    async getShared(name) {
      return shared.get(name);
    },
    async replaceShared(name, expected, value) {
      const current = shared.get(name);
      const same = expected === undefined || current === undefined ? current === expected : current.equals(expected);
      if (same) shared.set(name, value);
      return same;
    },
    async ping() {},
    async close() {},
  };
}

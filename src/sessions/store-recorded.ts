import { type Store, StoreUnreachableError } from './store.ts';

/** Hears how long the store took for each operation, and whether it answered. */
export interface StoreRecorder {
  storeAnswered(operation: string, seconds: number, failed: boolean): void;
}

/** The same store, whose operations are told of. Listings are not: they are read by commands alone, in many steps. */
export function recordStore(store: Store, recorder: StoreRecorder): Store {
  async function recorded<T>(operation: string, work: Promise<T>): Promise<T> {
    const started = performance.now();
    let failed = false;
    try {
      return await work;
    } catch (error) {
      failed = error instanceof StoreUnreachableError;
      throw error;
    } finally {
      recorder.storeAnswered(operation, (performance.now() - started) / 1000, failed);
    }
  }

  return {
    create: entry => recorded('create', store.create(entry)),
    read: ids => recorded('read', store.read(ids)),
    readTokens: id => recorded('read-tokens', store.readTokens(id)),
    touch: (id, listing, ttl) => recorded('touch', store.touch(id, listing, ttl)),
    replace: (id, content) => recorded('replace', store.replace(id, content)),
    delete: ids => recorded('delete', store.delete(ids)),
    deleteAgain: ids => recorded('delete-again', store.deleteAgain(ids)),
    watch: watcher => store.watch(watcher),
    indexed: indexes => recorded('indexed', store.indexed(indexes)),
    listings: () => store.listings(),
    once: (name, ttl) => recorded('once', store.once(name, ttl)),
    count: (name, period) => recorded('count', store.count(name, period)),
    counted: name => recorded('counted', store.counted(name)),
    lock: (name, holder, ttl) => recorded('lock', store.lock(name, holder, ttl)),
    unlock: (name, holder) => recorded('unlock', store.unlock(name, holder)),
    getShared: name => recorded('get-shared', store.getShared(name)),
    replaceShared: (name, expected, value) => recorded('replace-shared', store.replaceShared(name, expected, value)),
    ping: () => recorded('ping', store.ping()),
    close: () => store.close(),
  };
}

/**
 * Where sessions live. A store knows bytes, keys and times to live; what the bytes say is sealed before it sees them.
 * Every method throws {@link StoreUnreachableError} where the store cannot be asked.
 */
export interface Store {
  /** Writes a session whole: its indexes first, so that no session exists which a revocation would not find. */
  create(entry: StoredSession): Promise<void>;
  /** The first of `ids` that exists. Several ids are one session under several secrets. */
  read(ids: readonly string[]): Promise<FoundSession | undefined>;
  /** The sealed tokens of a session. */
  readTokens(id: string): Promise<Buffer | undefined>;
  /**
   * Replaces the listing entry and moves the end to `ttl` milliseconds from now; does nothing to a session that has ended.
   * @returns whether the session lives
   */
  touch(id: string, listing: Buffer, ttl: number): Promise<boolean>;
  /**
   * Replaces what a session holds; its end stays. Does nothing to a session that has ended. It is told to every watcher in every
   * process, in one step with the change, and to those of this store before the promise resolves.
   * @returns whether the session lives
   */
  replace(id: string, content: SessionContent): Promise<boolean>;
  /**
   * Ends sessions; those that do not exist are passed over. Each is told to every watcher in every process, in one step with its end,
   * and to those of this store before the promise resolves.
   */
  delete(ids: readonly string[]): Promise<void>;
  /** The same for sessions that were deleted before: only those that a store has brought back since are told. */
  deleteAgain(ids: readonly string[]): Promise<void>;
  /**
   * Has a watcher told of sessions that are deleted or replaced, by whichever process.
   * @returns stops it
   */
  watch(watcher: StoreWatcher): () => void;
  /** The ids of the sessions that live under any of the index keys. */
  indexed(indexes: readonly string[]): Promise<readonly string[]>;
  /** The listing entries of the sessions that live, in batches, in no order, each once. Reads all of the store. */
  listings(): AsyncIterable<readonly ListingEntry[]>;
  /** True for the first caller of a name within `ttl` milliseconds, false for every other, across replicas. */
  once(name: string, ttl: number): Promise<boolean>;
  /**
   * Counts one more under a name, across replicas.
   * @param period milliseconds from the first of a count until it ends, and the next one begins
   */
  count(name: string, period: number): Promise<Counted>;
  /** The count under a name as it stands. */
  counted(name: string): Promise<Counted>;
  /** Takes a lock that nobody holds, for `ttl` milliseconds, across replicas. @returns whether it was free */
  lock(name: string, holder: string, ttl: number): Promise<boolean>;
  /** Gives a lock back; does nothing where the holder has lost it. */
  unlock(name: string, holder: string): Promise<void>;
  /** A value that replicas share. */
  getShared(name: string): Promise<Buffer | undefined>;
  /** Sets a shared value if it still is `expected` (undefined: not there); tells whether it did. */
  replaceShared(name: string, expected: Buffer | undefined, value: Buffer): Promise<boolean>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface FoundSession {
  readonly id: string;
  /** The sealed record. */
  readonly record: Buffer;
  /** Milliseconds from the moment of the reading until it ends unless touched. */
  readonly ttl: number;
  /** The sealed listing entry, as it was last touched. */
  readonly listing?: Buffer;
}

export interface Counted {
  readonly count: number;
  /** Milliseconds until the count ends; 0 where there is none. */
  readonly ttl: number;
}

export interface ListingEntry {
  readonly id: string;
  readonly listing: Buffer;
}

/** What of a session is written anew after its sign-in was renewed, sealed. */
export interface SessionContent {
  readonly record: Buffer;
  readonly tokens: Buffer;
}

/** What hears of deleted and changed sessions. What was told may be told again. */
export interface StoreWatcher {
  /** These have been deleted. */
  ended(ids: readonly string[]): void;
  /** What was read of these is no longer what they hold. */
  changed(ids: readonly string[]): void;
  /**
   * A sign of life: what was deleted or changed before this moment (of the store's clock that never goes back, `performance.now` by default) has
   * been told, back to when the watcher was last out of hearing.
   */
  heard(until: number): void;
  /** From now on until the next sign of life the watcher is out of hearing: nobody will tell it later what it missed. */
  lost(): void;
}

export interface StoredSession extends SessionContent {
  readonly id: string;
  readonly listing: Buffer;
  /** Index keys under which the session can be found. */
  readonly indexes: readonly string[];
  /** Milliseconds until it ends unless touched. */
  readonly ttl: number;
  /** Milliseconds until its absolute end: how long its index entries are kept. */
  readonly absoluteTtl: number;
}

/** The store cannot be asked: the answer is 503, never a guess. */
export class StoreUnreachableError extends Error {
  readonly code = 'STORE_UNREACHABLE';
  constructor(operation: string, options?: ErrorOptions) {
    super(`The session store did not answer (${operation}).`, options);
    this.name = 'StoreUnreachableError';
  }
}

import type { Sealer, Store } from '../sessions/index.ts';
import { decodePair, encodePair, type KeyPair, makeSigningKey } from './assertion-keys.ts';

/** The shared values of the store, and the means to seal them. */
export interface SharedKeysOptions {
  readonly shared: SharedValues;
  readonly sealer: Pick<Sealer, 'seal' | 'open' | 'isCurrent'>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface SharedValues {
  /** @see Store.getShared */
  get(name: string): ReturnType<Store['getShared']>;
  /** @see Store.replaceShared */
  replace(...values: Parameters<Store['replaceShared']>): ReturnType<Store['replaceShared']>;
}

const NAME = 'assertion-keys';
const PURPOSE = 'assertion-keys';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How long a key signs. */
const PERIOD = 30 * DAY;
/** How long a key that signs no more stays published, for assertions that are still on their way. */
const AFTERGLOW = 60 * MINUTE;
/** How often a replica looks whether the store still holds the keys that it knows. */
const RECHECK = 5 * MINUTE;
const ATTEMPTS = 5;

/**
 * The pair of keys that all replicas share through the store, where it lies sealed. Whoever finds none makes one; whoever notices
 * that the current key has had its time replaces it. The store is not asked before they are first needed. Both by compare-and-set: the loser takes what the winner wrote.
 */
export class SharedKeys {
  readonly #options: Required<SharedKeysOptions>;
  #pair: KeyPair | undefined;
  #recheckAt = 0;
  #loading: Promise<KeyPair> | undefined;

  constructor(options: SharedKeysOptions) {
    this.#options = { now: Date.now, ...options };
  }

  /**
   * The pair. Once it has been read, a store that does not answer changes nothing: the pair is kept and asked about later.
   * @throws StoreUnreachableError where it has never been read
   */
  async get(): Promise<KeyPair> {
    if (!this.#pair) return this.#load();
    if (this.#options.now() >= this.#recheckAt) {
      this.#recheckAt = this.#options.now() + RECHECK;
      this.#load().catch(() => undefined);
    }
    return this.#pair;
  }

  #load(): Promise<KeyPair> {
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #read(): Promise<KeyPair> {
    const { shared, sealer, now } = this.#options;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const sealed = await shared.get(NAME);
      const opened = sealed && sealer.open(PURPOSE, sealed, { aad: NAME });
      const stored = opened && (await decodePair(opened));
      const wanted = await this.#wanted(stored, sealed !== undefined);
      const foreign = stored === undefined && sealed !== undefined && wanted === this.#pair;
      // Under a secret that is to be removed one day it would be lost with it.
      const same = wanted === stored && sealed !== undefined && sealer.isCurrent(sealed);
      if (
        same ||
        foreign ||
        (await shared.replace(NAME, sealed, sealer.seal(PURPOSE, encodePair(wanted), { aad: NAME })))
      ) {
        this.#pair = wanted;
        this.#recheckAt = now() + RECHECK;
        return wanted;
      }
    }
    throw new Error('The keys of the identity assertion could not be agreed on with other replicas.');
  }

  /** The pair that ought to be in use, seen what is stored. */
  async #wanted(stored: KeyPair | undefined, occupied: boolean): Promise<KeyPair> {
    const time = this.#options.now();
    // What does not open may be sealed by a replica that has a newer secret: a replica that has keys leaves it alone.
    const known = stored ?? this.#pair;
    if (!known) return { current: await makeSigningKey(), next: await makeSigningKey(), switchAt: time + PERIOD };
    if (time < known.switchAt + AFTERGLOW || (occupied && !stored)) return known;
    return { current: known.next, next: await makeSigningKey(), switchAt: time + PERIOD };
  }
}

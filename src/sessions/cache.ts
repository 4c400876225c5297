import { createHash } from 'node:crypto';
import type { CookieValue } from './cookie-value.ts';
import type { Session } from './session.ts';

const LIMIT = 64 * 1024 * 1024;
const ENTRY_BYTES = 1024;
const STRING_BYTES = 32;

/** A session as this process read it from the store. */
export interface Entry {
  readonly session: Session;
  /** SHA-256 of the sealed record that it was opened from. */
  readonly digest: Buffer;
  /** The stretch of trust in which it was read. */
  stretch: number;
  /** The last moment at which it was known to live, by a clock that never goes back. */
  seen: number;
  /** Its idle end as far as is known here, milliseconds since the epoch. */
  idleEnd: number;
}

/** The sessions that were used last, as many as their bytes allow. */
export interface Cache {
  /** The entry, which counts as used just now. */
  get(key: string): Entry | undefined;
  set(key: string, entry: Entry): void;
  /** The entry of a session, whichever cookie opens it. */
  byId(id: string): Entry | undefined;
  removeId(id: string): void;
  remove(key: string): void;
  clear(): void;
  /** Every entry, none of which counts as used by that. */
  all(): Iterable<Entry>;
}

/** Under what a session is kept: it takes the whole cookie to name it, and nobody learns the cookie from it. */
export function cacheKey({ text }: CookieValue): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** @param limit in bytes, by estimate */
export function createCache(limit = LIMIT): Cache {
  // In the order of their use, the least recent first.
  const entries = new Map<string, Entry>();
  const keys = new Map<string, string>();
  let bytes = 0;

  function remove(key: string | undefined): void {
    const entry = key === undefined ? undefined : entries.get(key);
    if (key === undefined || !entry) return;
    entries.delete(key);
    keys.delete(entry.session.id);
    bytes -= sizeOf(entry.session);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry) {
        entries.delete(key);
        entries.set(key, entry);
      }
      return entry;
    },
    set(key, entry) {
      remove(key);
      entries.set(key, entry);
      keys.set(entry.session.id, key);
      bytes += sizeOf(entry.session);
      for (const oldest of entries.keys()) {
        if (bytes <= limit) break;
        remove(oldest);
      }
    },
    byId: id => entries.get(keys.get(id) ?? ''),
    removeId: id => remove(keys.get(id)),
    remove,
    clear() {
      entries.clear();
      keys.clear();
      bytes = 0;
    },
    all: () => entries.values(),
  };
}

/** An estimate of what a session holds in memory, generous: identity headers of about its own size hang on it. */
export function sizeOf(session: Session): number {
  return ENTRY_BYTES + 2 * measure(session);
}

function measure(value: unknown): number {
  if (typeof value === 'string') return STRING_BYTES + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + measure(part), STRING_BYTES);
}

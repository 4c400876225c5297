const LIMIT = 100_000;

/**
 * The ids of sessions that ended before their time. They stay ended here even where the store brings one back: restored from a disk
 * that did not have the last second, or from an old backup, it has forgotten an ending that was told.
 */
interface Revoked {
  add(id: string): void;
  has(id: string): boolean;
  /** All of them, in the order in which they were told last. */
  all(): readonly string[];
}

/**
 * @param keep milliseconds: the longest that a session can live, as it is now
 * @param now milliseconds since the epoch
 * @param limit how many ids are kept at most; the oldest go first
 */
export function createRevoked(keep: () => number, now: () => number, limit = LIMIT): Revoked {
  // In the order of their ends.
  const ends = new Map<string, number>();
  return {
    add(id) {
      const time = now();
      ends.delete(id);
      ends.set(id, time + keep());
      for (const [oldest, end] of ends) {
        if (end > time && ends.size <= limit) break;
        ends.delete(oldest);
      }
    },
    has: id => (ends.get(id) ?? 0) > now(),
    all() {
      const time = now();
      return [...ends].flatMap(([id, end]) => (end > time ? [id] : []));
    },
  };
}

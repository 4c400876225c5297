const LIMIT = 100_000;

/** The longest interval that is ever used, in milliseconds: a session that is in use may seem to have rested for so long. */
export const LONGEST_TOUCH_INTERVAL = 60_000;

/** Tells when a session's idle end has to be moved: once an interval and session is enough, whatever the number of requests. */
interface Touches {
  /** True at most once an interval for each session; counts as done from then on. */
  due(id: string): boolean;
  /** As if the session had just been touched. */
  done(id: string): void;
  /** Has the next request try again. */
  failed(id: string): void;
}

/**
 * @param interval milliseconds, as it is now
 * @param now milliseconds since the epoch
 * @param limit how many sessions are remembered; a forgotten one is touched once too often
 */
export function createTouches(interval: () => number, now: () => number, limit = LIMIT): Touches {
  // In the order of their touches, the oldest first.
  const last = new Map<string, number>();

  function done(id: string): void {
    last.delete(id);
    last.set(id, now());
    for (const oldest of last.keys()) {
      if (last.size <= limit) break;
      last.delete(oldest);
    }
  }

  return {
    due(id) {
      const before = last.get(id);
      if (before !== undefined && now() - before < interval()) return false;
      done(id);
      return true;
    },
    done,
    failed: id => void last.delete(id),
  };
}

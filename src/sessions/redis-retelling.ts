import type { StoreWatcher } from './store.ts';

/** Milliseconds for which an ending is told again, and how many of them at most; the oldest go first. */
const KEEP = 10 * 60 * 1000;
const LIMIT = 10_000;
const BATCH = 200;

/**
 * Sees to it that sessions which ended stay ended where Redis forgets: a master that takes over, or one that comes back from its disk,
 * may lack what its predecessor did last. Whenever the feed is heard again after a gap, the endings that this process knows of are told
 * again, whoever brought them about: the one who did may have gone with the master.
 * @param endAgain ends sessions in the store where they are there
 * @param ticks milliseconds of a clock that never goes back
 */
export function createRetelling(
  endAgain: (ids: readonly string[]) => Promise<unknown>,
  ticks: () => number = () => performance.now(),
): StoreWatcher {
  // In the order in which they were heard of first.
  const known = new Map<string, number>();
  let due = false;
  let telling = false;

  function forget(): void {
    const oldest = ticks() - KEEP;
    for (const [id, since] of known) {
      if (since > oldest && known.size <= LIMIT) break;
      known.delete(id);
    }
  }

  async function tell(): Promise<void> {
    if (!due || telling) return;
    telling = true;
    due = false;
    try {
      forget();
      const ids = [...known.keys()];
      for (let at = 0; at < ids.length; at += BATCH) await endAgain(ids.slice(at, at + BATCH));
    } catch {
      // The next sign of life tries again.
      due = true;
    } finally {
      telling = false;
    }
  }

  return {
    ended(ids) {
      for (const id of ids) if (!known.has(id)) known.set(id, ticks());
      forget();
    },
    changed() {},
    heard: () => void tell(),
    lost() {
      due = true;
    },
  };
}

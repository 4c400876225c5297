const BATCH = 200;

/** Tells the store again of sessions that have ended, after a gap in which it may have forgotten them. */
interface Retelling {
  /** From now on until the next sign of life nothing is heard of the store. */
  lost(): void;
  /** A sign of life. */
  heard(): void;
}

/**
 * Sees to it that sessions which ended stay ended where the store forgets: a Redis master that takes over, or one that comes back from its
 * disk, may lack what its predecessor did last. Whenever the feed is heard again after a gap, the endings that this process knows of are
 * told again, whoever brought them about: the one who did may have gone with the master.
 * @param known the ids of the sessions that have ended, as far as is known now
 * @param endAgain ends them in the store where they are there
 */
export function createRetelling(
  known: () => readonly string[],
  endAgain: (ids: readonly string[]) => Promise<void>,
): Retelling {
  let due = false;
  let telling = false;

  async function tell(): Promise<void> {
    telling = true;
    due = false;
    try {
      const ids = known();
      for (let at = 0; at < ids.length; at += BATCH) await endAgain(ids.slice(at, at + BATCH));
    } catch {
      // The next sign of life tries again.
      due = true;
    } finally {
      telling = false;
    }
  }

  return {
    lost() {
      due = true;
    },
    heard() {
      if (due && !telling) void tell();
    },
  };
}

/** Milliseconds without a sign of life after which nothing remembered counts. */
const SILENCE = 1000;

/**
 * Whether what this process remembers of sessions may be used. It may while the store's feed of endings is known to arrive: then a
 * session that ended anywhere is known to have ended at most {@link SILENCE} later. Times are those of a clock that never goes back.
 */
export interface Trust {
  /**
   * Names a stretch of time in which no ending can have been missed. What was remembered in one counts in that one alone: after each
   * gap another begins.
   */
  stretch(): number;
  /** The moment up to which every ending is known; undefined while nothing remembered may be used. */
  knownUntil(): number | undefined;
  /** The feed has told all that ended before this moment, for as long as it has been heard without a break. */
  heard(until: number): void;
  /** The feed broke off: what it would have told is lost. */
  lost(): void;
}

/** @param ticks milliseconds of a clock that never goes back */
export function createTrust(ticks: () => number): Trust {
  let stretch = 0;
  let until: number | undefined;

  function knownUntil(): number | undefined {
    return until !== undefined && ticks() - until < SILENCE ? until : undefined;
  }

  return {
    stretch: () => stretch,
    knownUntil,
    heard(moment) {
      // A sign of life that was under way for too long tells of a feed that is too slow to be trusted.
      if (ticks() - moment >= SILENCE) return;
      if (knownUntil() === undefined) stretch += 1;
      until = Math.max(moment, until ?? moment);
    },
    lost() {
      until = undefined;
    },
  };
}

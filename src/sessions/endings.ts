import type { SessionsLog } from './log.ts';

const LIMIT = 50_000;
const FIRST_DELAY = 250;
const LONGEST_DELAY = 5000;

interface EndingsOptions {
  readonly log?: SessionsLog;
  /** How many ids may wait for the store at most. */
  readonly limit?: number;
}

/** Sessions that are to end, through whatever the store goes: what it cannot do now is tried until it has. */
interface Endings {
  /**
   * Ends sessions. From the call on until it is done, {@link includes} names them.
   * @param ids those that are known now
   * @param run does it, or throws where it cannot; may be called again
   * @returns whether it is done; false: later, or, with too many waiting already, not at all
   */
  end(ids: readonly string[], run: () => Promise<void>): Promise<boolean>;
  /** Whether any of the ids is still to end: no request may use that session. */
  includes(ids: readonly string[]): boolean;
  /** Tries no more. */
  close(): void;
}

interface Ending {
  readonly ids: readonly string[];
  readonly run: () => Promise<void>;
}

export function createEndings({ log, limit = LIMIT }: EndingsOptions = {}): Endings {
  const waiting = new Map<string, Ending>();
  let timer: NodeJS.Timeout | undefined;
  let delay = FIRST_DELAY;
  let closed = false;

  function remember(ending: Ending): void {
    for (const id of ending.ids) waiting.set(id, ending);
  }

  function forget(ending: Ending): void {
    for (const id of ending.ids) if (waiting.get(id) === ending) waiting.delete(id);
  }

  async function attempt(ending: Ending): Promise<boolean> {
    try {
      await ending.run();
    } catch {
      return false;
    }
    forget(ending);
    return true;
  }

  function schedule(): void {
    if (closed || timer || waiting.size === 0) return;
    timer = setTimeout(() => void retry(), delay).unref();
  }

  async function retry(): Promise<void> {
    const done = await attemptAll();
    timer = undefined;
    delay = done ? FIRST_DELAY : Math.min(delay * 2, LONGEST_DELAY);
    schedule();
  }

  /** One after another: the store has only just come back, and the first that fails tells of the rest. */
  async function attemptAll(): Promise<boolean> {
    for (const ending of new Set(waiting.values())) {
      if (closed) return false;
      if (await attempt(ending)) continue;
      // To the end of the queue, so that one which cannot be done holds up no other for good.
      forget(ending);
      remember(ending);
      return false;
    }
    return true;
  }

  return {
    async end(ids, run) {
      const ending = { ids, run };
      const room = waiting.size + ids.length <= limit;
      if (room) remember(ending);
      const done = await attempt(ending);
      if (!done && !room) log?.warn({ limit }, 'too many sessions wait for the store: one will end by its time alone');
      schedule();
      return done;
    },
    includes: ids => ids.some(id => waiting.has(id)),
    close() {
      closed = true;
      clearTimeout(timer);
      if (waiting.size > 0) log?.warn({ ids: waiting.size }, 'sessions that were to end are left to end by their time');
    },
  };
}

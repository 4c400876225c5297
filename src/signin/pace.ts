import { setTimeout as wait } from 'node:timers/promises';

/** Time and chance, for what waits and tries again. */
export interface Pace {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits. @param milliseconds at most some weeks. @throws the signal's AbortError */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0 to 1, 1 excluded. */
  random(): number;
}

/** The system's clock. */
export const systemPace: Pace = {
  now: Date.now,
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, signal ? { signal } : {}),
  random: Math.random,
};

/**
 * How long to wait after so many failures in a row: twice as long each time, and spread, so that not everybody comes back at once.
 * @param failures from 1
 * @param first after the first failure, milliseconds
 * @param most milliseconds
 */
export function backoff({ random }: Pick<Pace, 'random'>, failures: number, first: number, most: number): number {
  return Math.min(most, first * 2 ** (failures - 1)) * (0.5 + random() / 2);
}

/** What comes of work that is waited for so long at most; undefined where it takes longer. The work goes on. @param milliseconds */
export async function within<T>(
  { sleep }: Pick<Pace, 'sleep'>,
  milliseconds: number,
  work: Promise<T>,
): Promise<T | undefined> {
  const late = new AbortController();
  const timer = sleep(milliseconds, late.signal).then(nothing, nothing);
  return Promise.race([work, timer]).finally(() => late.abort());
}

function nothing(): undefined {}

import type { SignedIn } from './cluster.ts';
import type { Told } from './upstream.ts';

/** How something asked came out: an HTTP status, a message on a WebSocket, a WebSocket's end, or no answer at all. */
export type Result = number | 'message' | `closed ${number}` | 'cut' | 'too late';

export interface Entry {
  readonly who: SignedIn;
  readonly what: string;
  /** When it was asked and when answered, by `performance.now()`. */
  readonly sent: number;
  readonly at: number;
  readonly result: Result;
  /** What the upstream was told, where it was reached. */
  readonly told?: Told;
  readonly location?: string;
  readonly retryAfter?: string;
  /** The fields that set a cookie. */
  readonly setCookies: readonly string[];
}

/** Which entries: of whom, and asked from when until when. */
export interface Which {
  readonly of?: readonly SignedIn[];
  readonly from?: number;
  readonly until?: number;
}

export const SERVED: readonly Result[] = [200, 201, 101, 'message'];
/** To sign in, and nothing else. */
export const SENT_TO_SIGN_IN: readonly Result[] = [302, 401];

/** Takes account of every answer to every session, and says what must never have been among them. */
export class Ledger {
  readonly #entries: Entry[] = [];
  readonly #revoked = new Map<SignedIn, number>();

  add(entry: Entry): void {
    this.#entries.push(entry);
  }

  /** A session has ended. @param latest from when on nobody may be told of its person, by `performance.now()` */
  revoked(who: SignedIn, latest: number): void {
    this.#revoked.set(who, latest);
  }

  /** A sentence for each answer that must not be, whatever the fault. */
  wrongs(): readonly string[] {
    return this.#entries.flatMap(entry => this.#wrongs(entry).map(wrong => `${wrong}: ${show(entry)}`));
  }

  /** The answers that are not among some results. */
  others(results: readonly Result[], which: Which = {}): readonly string[] {
    return this.#select(which)
      .filter(({ result }) => !results.includes(result))
      .map(show);
  }

  count(results: readonly Result[], which: Which = {}): number {
    return this.#select(which).filter(({ result }) => results.includes(result)).length;
  }

  /** The longest time for which one of some sessions got nothing that it asked for, in milliseconds. */
  longestGap({ of, from, until }: Required<Which>): number {
    const gaps = of.map(who => {
      const served = this.#entries.filter(entry => entry.who === who && SERVED.includes(entry.result));
      const times = [from, ...served.map(({ at }) => at).filter(at => at > from && at < until), until];
      return Math.max(...times.sort((a, b) => a - b).map((at, index) => at - (times[index - 1] ?? at)));
    });
    return Math.round(Math.max(...gaps));
  }

  /** Number of requests, and of each result. */
  summary(): string {
    const counts = new Map<Result, number>();
    for (const { result } of this.#entries) counts.set(result, (counts.get(result) ?? 0) + 1);
    const requests = this.#entries.filter(({ what }) => what !== 'socket').length;
    const results = [...counts].sort(([a], [b]) => String(a).localeCompare(String(b)));
    return `${requests} requests; ${results.map(([result, count]) => `${result}: ${count}`).join(', ')}`;
  }

  #select({ of, from = 0, until = Number.POSITIVE_INFINITY }: Which): readonly Entry[] {
    return this.#entries.filter(({ who, sent }) => (!of || of.includes(who)) && sent >= from && sent < until);
  }

  #wrongs(entry: Entry): readonly string[] {
    const { who, result, told, retryAfter, location } = entry;
    const wrongs: string[] = [];
    if (told && told.user !== who.user) wrongs.push(told.user ? 'the identity of another' : 'no identity');
    if (told && told.at > (this.#revoked.get(who) ?? Number.POSITIVE_INFINITY))
      wrongs.push('identity of an ended session');
    if (entry.setCookies.some(line => /^(?:__Host-)?halogate=/.test(line)))
      wrongs.push('the session cookie set or expired');
    if (SERVED.includes(result) && result !== 101 && !told) wrongs.push('served by nobody');
    if (result === 503 && !(Number(retryAfter) > 0)) wrongs.push('503 without Retry-After');
    if (result === 302 && !location?.startsWith('/.halogate/sign-in?')) wrongs.push('sent elsewhere than to sign in');
    if (result === 'too late') wrongs.push('no answer');
    if (typeof result === 'number' && ![200, 201, 101, 302, 401, 503].includes(result)) wrongs.push('not foreseen');
    return wrongs;
  }
}

function show({ who, what, result, told, sent, at }: Entry): string {
  const took = `${Math.round(sent)} to ${Math.round(at)} ms`;
  return `${what} of ${who.user}: ${result}${told ? `, told ${told.user || 'nobody'}` : ''}, ${took}`;
}

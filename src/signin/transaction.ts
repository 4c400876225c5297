import { createHash, randomBytes } from 'node:crypto';
import type { Portal } from '../config/index.ts';
import { cookieName, type Sealer, serializeCookie } from '../sessions/index.ts';

/** How long a sign-in may take, in milliseconds: the time to live of its cookie. */
const LIFETIME = 10 * 60 * 1000;
/** Sign-ins that one browser may have under way; beyond it the oldest goes. */
const MOST = 5;

/** What a transaction's cookie is called behind its prefix. */
const NAME_END = /^[\w-]{8}$/;

/** What `state` says: sealed, so it is ours exactly when it opens. */
export interface State {
  readonly connection: string;
  /** The name of the portal whose callback address was sent. */
  readonly portal: string;
  readonly returnPath: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** This is the second start: the first came back without its cookie. */
  readonly again: boolean;
  /** The provider was to ask which account. */
  readonly choose: boolean;
  readonly loginHint?: string;
}

/** What the browser keeps of a sign-in until it comes back. */
export interface Transaction {
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Store ids of the browser's session when the sign-in started. */
  readonly former: readonly string[];
  /** Whom the browser's `last` cookie named. */
  readonly last?: string;
  /** The browser had a session when the sign-in started. */
  readonly signedIn?: true;
  /** Names of Halo's cookies that the browser sent. */
  readonly haloCookies: readonly string[];
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface Transactions {
  /** The text for the `state` parameter. */
  sealState(state: State): string;
  /** The state that a text holds; undefined where it is not ours. */
  openState(text: string): State | undefined;
  /** The Set-Cookie values that keep a transaction, the oldest ones expired where there are too many. */
  keep(
    stateText: string,
    transaction: Transaction,
    cookies: Cookies,
    portal: Portal,
    formPost: boolean,
  ): readonly string[];
  /** The transaction of a state, from the browser's cookies; undefined where it is not there, too old or not its own. */
  find(stateText: string, cookies: Cookies, secure: boolean, now: number): Transaction | undefined;
  /** The Set-Cookie value that ends it. */
  expire(stateText: string, secure: boolean): string;
  /** Names a state among all replicas, so that a callback is good once. */
  nameOf(stateText: string): string;
}

export type Cookies = ReadonlyMap<string, string>;

/** @param sealer seals under `session.secret` */
export function createTransactions(sealer: Sealer): Transactions {
  return {
    sealState(state) {
      return sealer.seal('state', Buffer.from(JSON.stringify(state))).toString('base64url');
    },
    openState(text) {
      const opened = sealer.open('state', Buffer.from(text, 'base64url'));
      return opened && JSON.parse(opened.toString());
    },
    keep(stateText, transaction, cookies, portal, formPost) {
      const { secure } = portal;
      const prefix = cookieName('tx', secure);
      // No other name was ever given out; it might not even be writable.
      const others = [...cookies].filter(
        ([name]) => name.startsWith(prefix) && NAME_END.test(name.slice(prefix.length)),
      );
      const surplus = others
        .map(([name, value]) => ({ name, time: timeOf(value) }))
        .sort((a, b) => b.time - a.time)
        .slice(MOST - 1);
      const value = sealer
        .seal('transaction', Buffer.from(JSON.stringify(transaction)), { aad: nameOf(stateText) })
        .toString('base64url');
      // A form_post response is a cross-site POST, to which browsers add only SameSite=None cookies.
      const sameSite = formPost ? 'none' : 'lax';
      return [
        serializeCookie(cookieOf(stateText, secure), `${transaction.time}.${value}`, {
          secure,
          sameSite,
          maxAge: LIFETIME / 1000,
        }),
        ...surplus.map(({ name }) => serializeCookie(name, '', { secure, sameSite: 'lax', maxAge: 0 })),
      ];
    },
    find(stateText, cookies, secure, now) {
      const value = cookies.get(cookieOf(stateText, secure))?.split('.')[1];
      if (!value) return undefined;
      const opened = sealer.open('transaction', Buffer.from(value, 'base64url'), { aad: nameOf(stateText) });
      if (!opened) return undefined;
      const transaction: Transaction = JSON.parse(opened.toString());
      return now - transaction.time <= LIFETIME ? transaction : undefined;
    },
    expire: (stateText, secure) =>
      serializeCookie(cookieOf(stateText, secure), '', { secure, sameSite: 'lax', maxAge: 0 }),
    nameOf,
  };
}

/** @returns 16 bytes for a nonce, base64url */
export function randomNonce(): string {
  return randomBytes(16).toString('base64url');
}

/** The start time stands in the clear before the sealed part: it only orders cookies whose secret may be long gone. */
function timeOf(value: string): number {
  const time = Number(value.split('.')[0]);
  return Number.isFinite(time) ? time : 0;
}

function nameOf(stateText: string): string {
  return createHash('sha256').update(stateText).digest('base64url');
}

function cookieOf(stateText: string, secure: boolean): string {
  return cookieName('tx', secure) + nameOf(stateText).slice(0, 8);
}

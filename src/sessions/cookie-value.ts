import { randomBytes } from 'node:crypto';

const HALF_BYTES = 16;
const TEXT = /^[A-Za-z0-9_-]{43}$/;

/** What the session cookie carries: 32 random bytes, of which each half alone opens nothing. */
export interface CookieValue {
  /** Finds the session: its HMAC is the id in the store. */
  readonly locator: Buffer;
  /** Opens the session: the salt of the keys that seal it. */
  readonly salt: Buffer;
  /** Both halves, base64url: the value of the cookie. */
  readonly text: string;
}

/** A fresh one, from the system's random source. */
export function createCookieValue(): CookieValue {
  return split(randomBytes(2 * HALF_BYTES));
}

/** What a cookie value carries; undefined where it is not the one spelling of 32 bytes. */
export function readCookieValue(text: string): CookieValue | undefined {
  if (!TEXT.test(text)) return undefined;
  const value = split(Buffer.from(text, 'base64url'));
  // The last character has two spare bits: several spellings would be several names of one session.
  return value.text === text ? value : undefined;
}

function split(bytes: Buffer): CookieValue {
  return {
    locator: bytes.subarray(0, HALF_BYTES),
    salt: bytes.subarray(HALF_BYTES),
    text: bytes.toString('base64url'),
  };
}

import { isOwnCookie } from '../sessions/index.ts';

/**
 * A `Cookie` value without the gateway's own cookies; the others stay byte for byte, in their order.
 * @returns an empty string where nothing is left
 */
export function withoutOwnCookies(value: string): string {
  const pairs = value.split(';');
  const others = pairs.filter(pair => !isOwnCookie(cookieName(pair)));
  if (others.length === pairs.length) return value;
  return others.join(';').trimStart();
}

/** Whether a `Set-Cookie` value sets, or clears, one of the gateway's own cookies. */
export function setsOwnCookie(value: string): boolean {
  const end = value.indexOf(';');
  return isOwnCookie(cookieName(end === -1 ? value : value.slice(0, end)));
}

/** What stands before the first `=`; the whole pair where there is none. */
function cookieName(pair: string): string {
  const end = pair.indexOf('=');
  return (end === -1 ? pair : pair.slice(0, end)).trim();
}

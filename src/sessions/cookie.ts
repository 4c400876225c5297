import { stringifySetCookie } from 'cookie';

const PREFIX = { true: '__Host-halogate', false: 'halogate' } as const;
const ENDING = { session: '', last: '-last', out: '-out', tx: '-tx-' } as const;
const OWN_NAME = /^(?:__Host-)?halogate(?:-last|-out|-tx-[^=; ]*)?$/;
// RFC 6265 section 4.1.1: a name is an RFC 2616 token.
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const COOKIE_OCTETS = /^[!#-+\--:<-[\]-~]*$/;

interface CookieOptions {
  /** Whether the host's public URL is https. */
  readonly secure: boolean;
  /** Whole seconds; 0 expires the cookie. */
  readonly maxAge: number;
  readonly sameSite: 'lax' | 'none' | 'strict';
}

/**
 * The name of one of the gateway's own cookies.
 * @param secure whether the host's public URL is https: then the name begins with `__Host-`, which binds the cookie to its host
 * @param suffix what tells transactions (`tx`) apart
 */
export function cookieName(base: 'session' | 'last' | 'out' | 'tx', secure: boolean, suffix = ''): string {
  return `${PREFIX[`${secure}`]}${ENDING[base]}${suffix}`;
}

/** Whether a cookie is the gateway's own, on whatever scheme it was set. */
export function isOwnCookie(name: string): boolean {
  return OWN_NAME.test(name);
}

/**
 * The value of a `Set-Cookie` field (RFC 6265 section 4.1): HttpOnly, `Path=/`, host-only.
 * @throws TypeError for a name, value or age that would make another field of it
 */
export function serializeCookie(name: string, value: string, { secure, maxAge, sameSite }: CookieOptions): string {
  if (!TOKEN.test(name)) throw new TypeError('The name of a cookie is not a token.');
  if (!COOKIE_OCTETS.test(value)) throw new TypeError('The value of a cookie holds characters that a cookie cannot.');
  if (!Number.isSafeInteger(maxAge)) throw new TypeError('The age of a cookie is not a whole number of seconds.');
  return stringifySetCookie(
    {
      name,
      value,
      path: '/',
      httpOnly: true,
      secure,
      sameSite,
      maxAge: Math.max(maxAge, 0),
      ...(maxAge > 0 ? {} : { expires: new Date(0) }),
    },
    // The value is octets that a cookie can hold: it stays as it is.
    { encode: octets => octets },
  );
}

/**
 * The gateway's own cookies in a request's `Cookie` field, as they stand. A name that stands twice is left out: the browser names
 * no order that could be relied on, and one of the two may have been planted.
 */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const [name, value] of pairs(header)) {
    if (!isOwnCookie(name)) continue;
    if (found.has(name)) ambiguous.add(name);
    found.set(name, value);
  }
  for (const name of ambiguous) found.delete(name);
  return found;
}

/** The names in a request's `Cookie` field that are not the gateway's own, each once; what is no cookie name is passed over. */
export function foreignCookieNames(header: string | undefined): readonly string[] {
  const names = new Set<string>();
  for (const [name] of pairs(header)) if (TOKEN.test(name) && !isOwnCookie(name)) names.add(name);
  return [...names];
}

/** Name and value of each pair; a part without `=` has no name. */
function* pairs(header: string | undefined): Generator<readonly [name: string, value: string]> {
  if (!header) return;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0) yield [trim(part.slice(0, equals)), trim(part.slice(equals + 1))];
  }
}

/** Of space and tab alone, as browsers do: String.trim would make `__Host-halogate` of a name that no browser guards. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

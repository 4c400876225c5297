import { createHash, timingSafeEqual } from 'node:crypto';
import type { Field } from '../answers/index.ts';
import type { Portal } from '../config/index.ts';
import type { SignedIn } from '../policy/index.ts';
import { cookieName, type Sealer, serializeCookie } from '../sessions/index.ts';
import type { Cookies } from './transaction.ts';

/** How long a browser is remembered by its last person, in seconds: the longest that browsers keep a cookie. */
const LAST_LIFETIME = 400 * 24 * 60 * 60;
/** How long a browser counts as just signed out, in seconds. */
const OUT_LIFETIME = 10 * 60;
/** How many of Halo's cookies are expired, and the bytes of their names: they travel in a cookie of 4 KiB. */
const MOST_NAMES = 40;
const MOST_NAME_BYTES = 1200;

/** What a browser keeps across sessions: who signed in last, and that somebody has just signed out. */
export interface Browser {
  /** The Set-Cookie field that remembers a person. */
  remember(signedIn: SignedIn, secure: boolean): Field;
  /**
   * Whom a `last` cookie's text names: a hash of the person, base64url; undefined without a cookie. What cannot be read names
   * {@link NOBODY_KNOWN}, who is somebody else than everybody: who was here before is cleared up after.
   */
  readLast(text: string | undefined): string | undefined;
  /** Whether what {@link readLast} gave names somebody else. */
  isAnother(last: string, signedIn: SignedIn): boolean;
  /** The name of the connection that a `last` cookie's text holds; undefined without one that can be read. */
  lastConnection(text: string | undefined): string | undefined;
}

/** @param sealer seals under `session.secret` */
export function createBrowser(sealer: Sealer): Browser {
  const open = (text: string) => sealer.open('last', Buffer.from(text, 'base64url'));
  return {
    remember({ connection, person }, secure) {
      const text = Buffer.concat([hashOf(person.id), Buffer.from(connection)]);
      const value = sealer.seal('last', text).toString('base64url');
      return setCookie(
        serializeCookie(cookieName('last', secure), value, { secure, sameSite: 'lax', maxAge: LAST_LIFETIME }),
      );
    },
    readLast(text) {
      if (text === undefined) return undefined;
      const opened = open(text);
      return opened ? opened.toString('base64url', 0, HASH_BYTES) : NOBODY_KNOWN;
    },
    isAnother: (last, { person }) => !isEqual(Buffer.from(last, 'base64url'), hashOf(person.id)),
    lastConnection: text => (text === undefined ? undefined : open(text)?.toString('utf8', HASH_BYTES)),
  };
}

/** Stands for a person whom a damaged cookie, or one under a secret that is gone, once named. */
const NOBODY_KNOWN = '';

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

const HASH_BYTES = 32;

function hashOf(person: string): Buffer {
  return createHash('sha256').update(person).digest();
}

/** The field that marks the browser as just signed out; its value is the portal to sign in to again. */
export function markSignedOut(portal: Portal): Field {
  const { secure } = portal;
  const value = Buffer.from(portal.name).toString('base64url');
  return setCookie(
    serializeCookie(cookieName('out', secure), value, { secure, sameSite: 'lax', maxAge: OUT_LIFETIME }),
  );
}

/** The portal of the host that a just signed out browser was at, else the root portal. */
export function signedOutPortal(cookies: Cookies, portals: readonly [Portal, ...Portal[]]): Portal {
  const value = cookies.get(cookieName('out', portals[0].secure));
  const name = value && Buffer.from(value, 'base64url').toString();
  return portals.find(portal => portal.name === name) ?? portals[0];
}

/** The field that expires one of the gateway's own cookies. */
export function expireCookie(base: 'session' | 'last' | 'out', secure: boolean): Field {
  return setCookie(serializeCookie(cookieName(base, secure), '', { secure, sameSite: 'lax', maxAge: 0 }));
}

/** The names of Halo's cookies that are worth carrying: valid ones, as many as fit. */
export function carriedNames(names: readonly string[]): readonly string[] {
  let bytes = 0;
  return names
    .filter(name => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name))
    .slice(0, MOST_NAMES)
    .filter(name => {
      bytes += name.length;
      return bytes <= MOST_NAME_BYTES;
    });
}

/**
 * The fields that end Halo's own session in this browser: its storage, and its host-only cookies at the root and at each auth path.
 * @param names of Halo's cookies, as far as requests showed them
 */
export function clearHalo(names: readonly string[], portals: readonly Portal[], authPath: string): readonly Field[] {
  const paths = new Set(['/', authPath, ...portals.map(portal => portal.path + authPath)]);
  const secure = portals.some(portal => portal.secure) ? '; Secure' : '';
  const expired = carriedNames(names).flatMap(name =>
    [...paths]
      // A browser refuses a `__Host-` cookie with another path.
      .filter(path => path === '/' || !name.startsWith('__Host-'))
      .map(path => setCookie(`${name}=; Path=${path}; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT${secure}`)),
  );
  return [['Clear-Site-Data', '"storage"'], ...expired];
}

export function setCookie(value: string): Field {
  return ['Set-Cookie', value];
}

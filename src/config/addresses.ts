import { isIPv4 } from 'node:net';

/** A value, or what is wrong with the text that should have held it (a clause that begins in lower case). */
export type Parsed<T> =
  | { readonly value: T; readonly problem?: never }
  | { readonly problem: string; readonly value?: never };

export interface WebAddress {
  readonly secure: boolean;
  readonly origin: string;
  /** In lower case, IPv6 in brackets. */
  readonly hostname: string;
  /** With its port unless it is the scheme's default. */
  readonly host: string;
  /** As written, without a trailing slash; `''` at the root. */
  readonly path: string;
}

/** Reads an http or https address; what could be read in two ways is refused. */
export function parseAddress(text: string): Parsed<WebAddress> {
  if (/[\s\\]/.test(text)) return { problem: 'an address has neither spaces nor backslashes' };
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(text) ?? [];
  if (authority === undefined || !URL.canParse(text)) return { problem: 'expected an http:// or https:// URL' };
  if (authority.includes('@')) return { problem: 'a user name or password does not belong into an address' };
  if (rest.includes('?')) return { problem: 'a query does not belong into this address' };
  if (rest.includes('#')) return { problem: 'a fragment does not belong into this address' };
  const { protocol, origin, hostname, host } = new URL(text);
  return { value: { secure: protocol === 'https:', origin, hostname, host, path: rest.replace(/\/$/, '') } };
}

/** An address without a path: an upstream, a further origin of a portal. */
export function parseOrigin(text: string): Parsed<WebAddress> {
  const parsed = parseAddress(text);
  if (parsed.value !== undefined && parsed.value.path !== '')
    return { problem: 'a path does not belong into this address' };
  return parsed;
}

/** The public address of a portal. */
export function parsePortalAddress(text: string): Parsed<WebAddress> {
  const parsed = parseAddress(text);
  if (parsed.value === undefined || parsed.value.path === '') return parsed;
  const problem = pathProblem(parsed.value.path);
  return problem === undefined ? parsed : { problem };
}

/**
 * What keeps a path from being its own normal form, which requests are compared with.
 * @param path begins with `/`, without a trailing slash
 */
export function pathProblem(path: string): string | undefined {
  for (const segment of path.split('/').slice(1)) {
    if (segment === '') return 'a path has no empty segments ("//")';
    if (segment === '.' || segment === '..') return 'a path has no dot segments';
    if (!/^[A-Za-z0-9._~-]+$/.test(segment)) return 'a path is made of letters, digits, ".", "_", "~" and "-"';
    if (segment.endsWith('.')) return 'a segment of a path does not end in a dot';
  }
  return undefined;
}

/** Whether what was spoken to under this host name never leaves the machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    (isIPv4(hostname) && hostname.startsWith('127.'))
  );
}

/** Every Host header that means this address: the default port is optional. */
export function hostHeaders(address: WebAddress): string[] {
  if (address.host !== address.hostname) return [address.host];
  return [address.host, `${address.host}:${address.secure ? 443 : 80}`];
}

/** Whether `path` is `base` or lies below it; both as requests are compared, without regard to case. */
export function isAtOrBelow(path: string, base: string): boolean {
  const folded = path.toLowerCase();
  return folded === base.toLowerCase() || folded.startsWith(`${base.toLowerCase()}/`);
}

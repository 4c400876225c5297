import { type IncomingMessage, METHODS } from 'node:http';
import { isMisplaced, type Place } from '../portals/index.ts';
import type { ExchangeContext } from './context.ts';

const PATH = '/.halogate/verify';

/** What a proxy asks about (specification: Forward-auth): a request that it has received and would forward as it came. */
export interface CheckRequest {
  readonly method: string;
  readonly place: Place;
  /** The proxy hands redirects on, but no 401 with a `Location`. */
  readonly redirects: boolean;
}

/** A check request that nobody can answer with yes: one sentence for the log. */
export interface Uncheckable {
  readonly why: string;
}

/** Whether a raw target is that of a check request. It has one spelling, for what follows it is to be taken byte for byte. */
export function isCheckRequest(target: string): boolean {
  return target.startsWith(PATH) && ['', '/', '?'].includes(target.charAt(PATH.length));
}

/**
 * Reads what a check request asks about. The proxy forwards what it has received, not what is decided on here: so what could be read
 * in two ways, or is read in another way than it is written, cannot be checked.
 * @param target its raw target, see {@link isCheckRequest}
 */
export function readCheckRequest(
  { locate }: Pick<ExchangeContext, 'locate'>,
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  target: string,
): CheckRequest | Uncheckable {
  const [method, ...furtherMethods] = headersDistinct['x-forwarded-method'] ?? [];
  const [host, ...furtherHosts] = headersDistinct['x-forwarded-host'] ?? [];
  const [uri, ...furtherUris] = [...(headersDistinct['x-forwarded-uri'] ?? []), ...pathAfter(target)];
  if (method === undefined || host === undefined || uri === undefined) {
    return { why: 'X-Forwarded-Method, X-Forwarded-Host or the address is missing.' };
  }
  if (furtherMethods.length > 0 || furtherHosts.length > 0 || furtherUris.length > 0) {
    return { why: 'X-Forwarded-Method, X-Forwarded-Host or the address is said more than once.' };
  }
  if (!METHODS.includes(method) || method === 'CONNECT') return { why: 'The method is none that is forwarded.' };
  const place = locate(method, uri, host);
  if (isMisplaced(place)) return { why: place.why };
  if (place.target.path + place.target.query !== uri) return { why: 'The address is not in its normal form.' };
  if (place.route.kind === 'own' || place.route.kind === 'auth') {
    return { why: 'The path is to be routed to the gateway.' };
  }
  return { method, place, redirects: queryOf(target).get('redirect') === '302' };
}

/** What follows the path, of proxies that put it before the address of what they have received. */
function pathAfter(target: string): readonly string[] {
  const rest = target.slice(PATH.length);
  return rest.startsWith('/') ? [rest] : [];
}

/** The parameters of the check itself; those that follow an address belong to it. */
function queryOf(target: string): URLSearchParams {
  const rest = target.slice(PATH.length);
  return new URLSearchParams(rest.startsWith('?') ? rest : '');
}

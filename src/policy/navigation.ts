import type { AccessRequest } from './decision.ts';
import { headerOf } from './headers.ts';

const FETCH_METADATA = ['sec-fetch-site', 'sec-fetch-dest', 'sec-fetch-user'];
const FRAMES: ReadonlySet<string> = new Set(['iframe', 'frame', 'object', 'embed']);

/** `text/html` as a media range of its own in an Accept header. */
const ACCEPTS_HTML = /(?:^|,)[ \t]*text\/html[ \t]*(?:[,;]|$)/i;

/** Whether the answer of a request, of any method, becomes what a person sees. */
export function isSeen({ websocket, headers }: Pick<AccessRequest, 'websocket' | 'headers'>): boolean {
  if (websocket) return false;
  const mode = headerOf(headers, 'sec-fetch-mode');
  if (mode !== undefined) return mode === 'navigate';
  if (FETCH_METADATA.some(name => headers[name] !== undefined)) return false;
  return ACCEPTS_HTML.test(headerOf(headers, 'accept') ?? '');
}

/** Whether a person goes to an address, so that a redirect to sign-in leads somewhere. */
export function isNavigation(request: AccessRequest): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && isSeen(request);
}

/** Whether the answer stands in a frame, where an identity provider refuses to be shown. */
export function isFramed({ headers }: AccessRequest): boolean {
  return FRAMES.has(headerOf(headers, 'sec-fetch-dest') ?? '');
}

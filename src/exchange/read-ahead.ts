import type { IncomingMessage, ServerResponse } from 'node:http';
import { readTokenRequest, TOKEN_BODY_LIMIT, type TokenRequest } from '../policy/index.ts';
import type { Visit } from '../signin/index.ts';
import { type BodyStart, BodyTooLongError, readBodyStart } from './body.ts';

/** The longest form that a provider sends, in bytes; ID tokens with many groups are the longest part of one. */
const PROVIDER_FORM_LIMIT = 256 * 1024;

/** What was read of a request before the decision. */
export interface Ahead {
  readonly bodyStart?: BodyStart;
  readonly token?: TokenRequest;
  /** The request is to a callback address; these are its parameters. */
  readonly callback?: boolean;
  readonly parameters?: URLSearchParams;
}

/**
 * Reads what a decision is made on beside the head: the body of a token request, and the form that comes from a
 * provider: a form_post callback, a logout token.
 * @param silence milliseconds that the client may send nothing
 * @throws BodyTimeoutError, BodyTooLongError
 */
export async function readAhead(
  request: IncomingMessage,
  response: ServerResponse,
  visit: Visit,
  silence: number,
): Promise<Ahead | undefined> {
  const { route } = visit.place;
  if (route.kind === 'own' && route.name === 'back-channel-sign-out' && visit.method === 'POST') {
    const form = isForm(request) ? await readForm(request, response, silence) : undefined;
    return { parameters: form?.parameters ?? new URLSearchParams() };
  }
  if (route.kind !== 'auth') return undefined;
  if (route.rest === 'token' && visit.method === 'POST') {
    const bodyStart = await readBodyStart(request, response, TOKEN_BODY_LIMIT, silence);
    const { query } = visit.place.target;
    return { bodyStart, token: readTokenRequest(request.headers, query, bodyStart.bytes, bodyStart.complete) };
  }
  if (route.rest !== 'account/azureresponse') return undefined;
  // Whatever the method and the type of the body: what carries our state in its query must not be taken for Halo's.
  if (visit.method !== 'POST' || !isForm(request)) return { callback: true, parameters: visit.parameters };
  const { bodyStart, parameters } = await readForm(request, response, silence);
  return { bodyStart, callback: true, parameters: new URLSearchParams([...visit.parameters, ...parameters]) };
}

async function readForm(request: IncomingMessage, response: ServerResponse, silence: number) {
  const bodyStart = await readBodyStart(request, response, PROVIDER_FORM_LIMIT, silence);
  // What a longer one carries behind the limit could be our state: it is nobody's.
  if (!bodyStart.complete) throw new BodyTooLongError('The form is too long.');
  return { bodyStart, parameters: new URLSearchParams(bodyStart.bytes.toString()) };
}

/** OAuth 2.0 Form Post Response Mode section 2. */
function isForm({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

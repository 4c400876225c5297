import { backoff, type Pace } from './pace.ts';
import { reasonOf } from './provider.ts';
import type { ProviderFetch } from './recorded-fetch.ts';

/** How long Graph may take to answer one request, in milliseconds. */
const REQUEST_TIME = 10_000;
/** How often one request is tried. */
const ATTEMPTS = 5;
/** The wait after a failure: the first, and the longest, in milliseconds. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** A longer `Retry-After` is not believed, in milliseconds. */
const LONGEST_RETRY_AFTER = 60 * 60 * 1000;
/** A longer answer is none, in bytes. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Why Graph could not be asked: the provider gave no token, or Graph no answer, or none that can be used. */
export type GraphFailure =
  | 'PROVIDER_UNREACHABLE'
  | 'TOKEN_REFUSED'
  | 'GRAPH_UNREACHABLE'
  | 'GRAPH_THROTTLED'
  | 'GRAPH_REFUSED'
  | 'GRAPH_INVALID';

/** Graph could not be asked. The message is fit for the log: it holds no token and nothing of an answer but an error's code. */
export class GraphError extends Error {
  readonly code: GraphFailure;
  /** Milliseconds before which it is not to be asked again. */
  readonly retryAfter?: number;
  constructor(code: GraphFailure, why: string, options: ErrorOptions & { readonly retryAfter?: number } = {}) {
    super(why, options);
    this.name = 'GraphError';
    this.code = code;
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }
}

export interface GraphRequest {
  readonly url: URL;
  /** An access token for Graph; sent to the origin of `url`, and followed nowhere else. */
  readonly token: string;
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** How often it is tried; default 5 times. */
  readonly attempts?: number;
  /** Milliseconds since the epoch after which it is not tried again. */
  readonly until: number;
  /** Gives up. */
  readonly signal: AbortSignal;
  /** Asks Graph; default `fetch`. */
  readonly fetch?: ProviderFetch;
}

/** An answer: a JSON object of which nothing is known. */
export type GraphAnswer = Readonly<Record<string, unknown>>;

/**
 * Asks Graph, and asks again after 429, 5xx and failed connections: when `Retry-After` says, else after a growing wait.
 * @throws GraphError
 */
export async function askGraph(request: GraphRequest, pace: Pace): Promise<GraphAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await askOnce(request, pace);
    } catch (error) {
      if (!(error instanceof GraphError) || !isPassing(error) || attempt === (request.attempts ?? ATTEMPTS))
        throw error;
      const wait = error.retryAfter ?? backoff(pace, attempt, FIRST_WAIT, LONGEST_WAIT);
      if (pace.now() + wait >= request.until) throw error;
      await pace.sleep(wait, request.signal);
    }
  }
}

function isPassing({ code }: GraphError): boolean {
  return code === 'GRAPH_UNREACHABLE' || code === 'GRAPH_THROTTLED';
}

async function askOnce(request: GraphRequest, pace: Pace): Promise<GraphAnswer> {
  const { url, token, method = 'GET', body, signal, fetch = globalThis.fetch } = request;
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    // The token is for this origin alone.
    redirect: 'manual',
    signal: AbortSignal.any([AbortSignal.timeout(REQUEST_TIME), signal]),
  }).catch(unreachable);
  const text = await readText(answer).catch(unreachable);
  if (answer.status === 200) return parseObject(text);
  throw failureOf(answer, text, pace.now());
}

function unreachable(error: unknown): never {
  if (error instanceof GraphError) throw error;
  throw new GraphError('GRAPH_UNREACHABLE', `Graph could not be reached (${reasonOf(error)})`, { cause: error });
}

function failureOf({ status, headers }: Response, text: string, now: number): GraphError {
  const why = `Graph answered ${[status, errorCode(text)].filter(Boolean).join(' ')}`;
  const retryAfter = readRetryAfter(headers.get('retry-after'), now);
  const options = retryAfter === undefined ? {} : { retryAfter };
  if (status === 429) return new GraphError('GRAPH_THROTTLED', why, options);
  if (status >= 500) return new GraphError('GRAPH_UNREACHABLE', why, options);
  if (status === 401 || status === 403) return new GraphError('GRAPH_REFUSED', why);
  return new GraphError('GRAPH_INVALID', why);
}

/** Seconds, or a date (RFC 9110 section 10.2.3). @returns milliseconds from now; undefined where it is neither */
function readRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_RETRY_AFTER);
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new GraphError('GRAPH_INVALID', 'Graph answered without end');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(text: string): GraphAnswer {
  const value = parse(text);
  if (!isObject(value)) throw new GraphError('GRAPH_INVALID', 'Graph answered with something that is no JSON object');
  return value;
}

/** The code of Graph's error object; the message beside it is nobody's to quote. */
function errorCode(text: string): string | undefined {
  const value = parse(text);
  const error = isObject(value) ? value.error : undefined;
  const code = isObject(error) ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value of an answer is an object with fields to read. */
export function isObject(value: unknown): value is GraphAnswer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { AccessToken, Entra } from '../entra/index.ts';
import type { Customer } from './customers.ts';

/** What one request is answered with in place of the proper answer. */
export type WrongAnswer =
  | 'hang-up'
  /** Never answered. */
  | 'silence'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };

/** A request that the stand-in received. */
export interface GraphRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly authorization: string | undefined;
}

/** Everything that a running stand-in knows. */
export interface State {
  /** Origin, known once it listens. */
  url: string;
  /** The access tokens that the identity provider gave out. */
  readonly tokens: (text: string) => AccessToken | undefined;
  readonly people: Entra['people'];
  /** The tenant that is a partner, and its customers. */
  readonly partner: string;
  readonly customers: Customer[];
  pageSize: number;
  readonly requests: GraphRequest[];
  /** For the next requests, one each. */
  readonly next: WrongAnswer[];
  /** For every request, while it is set. */
  always: WrongAnswer | undefined;
}

/** An authorised request to one endpoint. */
export interface Call {
  readonly token: AccessToken;
  readonly query: URLSearchParams;
  /** Of the request's body, as text. */
  readonly body: string;
}

/** The answer of an endpoint. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** An error as Graph reports it. */
export function refusal(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code, message } } };
}

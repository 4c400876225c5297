import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Portal } from '../config/index.ts';
import type { Target } from '../portals/index.ts';
import type { Session } from '../sessions/index.ts';

/** Raw header fields, name and value in turn, as `IncomingMessage.rawHeaders` has them. Values are latin1 byte strings. */
export type RawHeaders = readonly string[];

/** What is forwarded, and as whom. */
export interface Forwarding {
  readonly request: IncomingMessage;
  /** Hijacked: nobody else writes to it. */
  readonly response: ServerResponse;
  readonly portal: Portal;
  readonly target: Target;
  /** The client's address, see {@link ClientAddress}. */
  readonly client: string;
  /** The identity's header fields; none without identity. */
  readonly identity: RawHeaders;
  /** What the gateway has already read of the body; the rest follows from `request`. */
  readonly bodyStart?: Buffer;
  /** Fields that the gateway adds to the answer, before those of Halo (expired cookies, Clear-Site-Data). */
  readonly answerHeaders?: RawHeaders;
  /** Told when Halo has begun to answer. */
  readonly onAnswer?: () => void;
}

/** How forwarding ended. `answered` false: nothing has been written to the response, the caller answers. */
export type ForwardResult =
  | { readonly answered: true; readonly status: number; readonly failure?: ForwardFailure }
  | { readonly answered: false; readonly failure: ForwardFailure };

export interface ForwardFailure {
  readonly code: 'UPSTREAM_UNREACHABLE' | 'UPSTREAM_TIMEOUT' | 'CLIENT_TIMEOUT' | 'CLIENT_GONE';
  /** A short stable word for logs and metrics: `ECONNREFUSED`, `headers-timeout`, `tls`, … */
  readonly reason: string;
}

export interface Forwarder {
  /** Streams one exchange; never rejects. */
  forward(forwarding: Forwarding): Promise<ForwardResult>;
  /** Ends idle connections at once, the others when their exchange ends. */
  close(): Promise<void>;
}

/** The identity's header fields of a session on a portal, assertion included; prepared once and kept with the session. */
export type IdentityHeaders = (session: Session, portal: Portal) => Promise<RawHeaders>;

/** The client's address: the rightmost of `X-Forwarded-For` and the peer that is not a trusted proxy. */
export type ClientAddress = (request: IncomingMessage) => string;

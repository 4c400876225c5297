import type { Readable } from 'node:stream';
import type { ForwardFailure, RawHeaders } from './api.ts';

/** A client of one upstream: whoever sends requests to Halo does so through it. */
export interface UpstreamClient {
  /**
   * Sends a request, once: it is never repeated, whatever becomes of it. Never throws; every outcome reaches `sink`, from within
   * this call at the earliest.
   */
  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamExchange;
  /** Ends idle connections at once, the others when their exchange ends. */
  close(): Promise<void>;
}

export interface UpstreamRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Without hop-by-hop fields; `Host` included. A `Content-Length` frames the body, without one it goes chunked. */
  readonly headers: string[];
  /** Destroyed by the client when it takes no more of it. */
  readonly body?: Buffer | Readable;
}

/** What becomes of a request: `head`, then any number of `data`, then `end`; or `failed` at any point. Nothing follows `end` and `failed`. */
export interface UpstreamSink {
  /** The final answer's head. Informational answers (1xx) are not reported. */
  head(status: number, statusText: string, headers: RawHeaders): void;
  /** Part of the body. False: nothing more, until {@link UpstreamExchange.resume}. */
  data(chunk: Buffer): boolean;
  end(): void;
  failed(failure: ForwardFailure): void;
}

export interface UpstreamExchange {
  /** After {@link UpstreamSink.data} has said false. */
  resume(): void;
  /** Gives the exchange up at once; the sink hears no more of it. */
  abort(): void;
}

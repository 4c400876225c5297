import { isIP, type Socket } from 'node:net';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import type { Upstream } from '../config/index.ts';
import type { RawHeaders } from './api.ts';
import type { UpstreamClient, UpstreamExchange, UpstreamSink } from './upstream.ts';
import { upstreamFailure } from './upstream-failure.ts';

/** Milliseconds in which a connection must stand, TLS included. */
const CONNECT_TIMEOUT = 10_000;
const MAX_ANSWER_HEAD = 64 * 1024;

type Connector = ReturnType<typeof buildConnector>;

/** The sockets on which an error is being reported at this moment. */
interface Breaking {
  now: boolean;
}

/**
 * A client on undici: one pool of kept-alive connections, one request at a time on each, as many as there are requests under way,
 * so that long-lived answers starve nobody. TLS is verified, whatever the environment says.
 * @param timeout milliseconds for a connection, where shorter than the client's own limit
 */
export function createUndiciClient(upstream: Upstream, timeout: number): UpstreamClient {
  const breaking: Breaking = { now: false };
  const hostname = new URL(upstream.origin).hostname.replace(/^\[|\]$/g, '');
  const pool = new Pool(upstream.origin, {
    connect: connector(upstream, hostname, Math.min(timeout, CONNECT_TIMEOUT), breaking),
    pipelining: 1,
    maxHeaderSize: MAX_ANSWER_HEAD,
    // Whoever sends the request measures time: only there is known whether the client or the upstream is waited for.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  let closed: Promise<void> | undefined;
  return {
    send(request, sink) {
      const exchange = new UndiciExchange(request.method, sink, breaking);
      const options: Dispatcher.DispatchOptions & { servername: string } = {
        method: request.method,
        path: request.path,
        headers: request.headers,
        body: request.body ?? null,
        // Left out, undici derives it from the Host field, which is the portal's, and reconnects whenever it changes.
        servername: hostname,
      };
      pool.dispatch(options, exchange);
      return exchange;
    },
    close: () => {
      closed ??= pool.close();
      return closed;
    },
  };
}

/** Connects and verifies; the name to verify is the upstream's own, never that of the request's Host field. */
function connector(upstream: Upstream, hostname: string, timeout: number, breaking: Breaking): Connector {
  const { ca, cert, key } = upstream;
  const connect = buildConnector({
    timeout,
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  const name = upstream.servername ?? (isIP(hostname) ? undefined : hostname);
  return ({ servername: _, ...options }, callback) => {
    connect(name === undefined ? options : { ...options, servername: name }, (...outcome) => {
      if (outcome[1]) watchErrors(outcome[1], breaking);
      callback(...outcome);
    });
  };
}

/**
 * A reset is an error for undici only where the body's end is framed; where the connection's end is the body's end, it takes a reset
 * for the end. This listener runs before undici's, so that what ends while an error is reported can be told from what ended.
 */
function watchErrors(socket: Socket, breaking: Breaking): void {
  socket.on('error', () => {
    breaking.now = true;
    queueMicrotask(() => {
      breaking.now = false;
    });
  });
}

class UndiciExchange implements Dispatcher.DispatchHandler, UpstreamExchange {
  readonly #method: string;
  readonly #sink: UpstreamSink;
  readonly #breaking: Breaking;
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;

  constructor(method: string, sink: UpstreamSink, breaking: Breaking) {
    this.#method = method;
    this.#sink = sink;
    this.#breaking = breaking;
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    this.#over = true;
    this.#controller?.abort(new Error('given up'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('given up'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, statusText = ''): void {
    if (this.#over || status < 200) return;
    this.#sink.head(status, statusText, rawFields(controller.rawHeaders));
    // There is no body, and undici would compare its length with the Content-Length that a 304 may carry.
    if (this.#method === 'HEAD' || status === 204 || status === 304) this.#end();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over && !this.#sink.data(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#breaking.now) this.#fail(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    else this.#end();
  }

  onResponseError(_: unknown, error: Error): void {
    this.#fail(error);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink.end();
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink.failed(upstreamFailure(error));
  }
}

/** undici gives the bytes of names and values in turn. */
function rawFields(headers: Dispatcher.DispatchController['rawHeaders']): RawHeaders {
  if (!Array.isArray(headers)) return [];
  const fields = new Array<string>(headers.length);
  for (let i = 0; i < headers.length; i += 1) {
    const entry = headers[i];
    fields[i] = typeof entry === 'string' ? entry : (entry?.toString('latin1') ?? '');
  }
  return fields;
}

import { STATUS_CODES } from 'node:http';
import { answerHeaders } from './answer-headers.ts';
import type { ForwardFailure, Forwarding, ForwardResult, RawHeaders } from './api.ts';
import { cutShort, discardBody, expectsContinue, hasBody } from './client-connection.ts';
import { RequestBody } from './request-body.ts';
import type { UpstreamClient, UpstreamExchange, UpstreamSink } from './upstream.ts';

export interface ExchangeOptions {
  readonly forwarding: Forwarding;
  readonly upstream: UpstreamClient;
  /** The fields sent upstream. */
  readonly headers: string[];
  /** Milliseconds to the first byte of the answer, and of silence while bodies are under way. */
  readonly timeout: number;
  readonly settled: (result: ForwardResult) => void;
}

const PRINTABLE = /^[\t\x20-\x7e]+$/;

/**
 * One request on its way to Halo and its answer on the way back. One timer runs all along and starts afresh with every step; what
 * was waited for when it fires tells who has been silent.
 */
export class Exchange implements UpstreamSink {
  readonly #options: ExchangeOptions;
  readonly #body: Buffer | RequestBody | undefined;
  readonly #timer: NodeJS.Timeout;
  #upstream: UpstreamExchange | undefined;
  /** Of the answer, once its head has been written. */
  #status: number | undefined;
  /** The head is on its way to the client. */
  #flushed = false;
  /** The client has not taken what was last written. */
  #stalled = false;
  #ended = false;
  #over = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    const { response, request } = options.forwarding;
    this.#timer = setTimeout(this.#onTimeout, options.timeout);
    this.#body = this.#requestBody();
    response.on('close', this.#onClientGone).on('error', ignore);
    // An answer that waits for an earlier one on the same connection has no socket yet; Node 22 does not tell it of its end.
    if (response.socket === null) request.socket.on('close', this.#onClientGone);
  }

  /** Begins. */
  start(): void {
    const { forwarding, upstream, headers } = this.#options;
    if (forwarding.request.socket.destroyed) {
      this.#onClientGone();
      return;
    }
    const { target, request } = forwarding;
    const path = target.path + target.query;
    const exchange = upstream.send(
      { method: request.method ?? 'GET', path, headers, ...(this.#body && { body: this.#body }) },
      this,
    );
    this.#upstream = exchange;
  }

  head(status: number, statusText: string, headers: RawHeaders): void {
    this.#timer.refresh();
    const { response, portal, answerHeaders: added, onAnswer } = this.#options.forwarding;
    onAnswer?.();
    const fields = answerHeaders(headers, portal.secure, added);
    try {
      if (statusText === STATUS_CODES[status] || !PRINTABLE.test(statusText)) response.writeHead(status, fields);
      else response.writeHead(status, statusText, fields);
    } catch {
      // What node:http refuses to write was no answer.
      this.#upstream?.abort();
      this.failed({ code: 'UPSTREAM_UNREACHABLE', reason: 'protocol' });
      return;
    }
    this.#status = status;
    // A body that comes with the head, or right behind it, goes out with it in one write; a head on its own does not wait for long.
    setImmediate(this.#flushHead);
  }

  data(chunk: Buffer): boolean {
    this.#timer.refresh();
    this.#flushed = true;
    if (this.#options.forwarding.response.write(chunk)) return true;
    this.#awaitClient();
    return false;
  }

  end(): void {
    if (this.#over) return;
    this.#timer.refresh();
    this.#flushed = true;
    this.#ended = true;
    this.#options.forwarding.response.end(this.#onSent);
  }

  failed(failure: ForwardFailure): void {
    if (this.#over) return;
    const { request, response } = this.#options.forwarding;
    const result = this.#result(failure);
    this.#settle(result);
    if (result.answered) cutShort(request, response);
  }

  /** What is sent upstream: nothing, the whole body where it has been read already, or what is yet to come. */
  #requestBody(): Buffer | RequestBody | undefined {
    const { request, response, bodyStart } = this.#options.forwarding;
    if (!hasBody(request)) return undefined;
    if (request.readableEnded) return bodyStart;
    return new RequestBody({
      request,
      start: bodyStart,
      onStart: () => {
        if (bodyStart === undefined && expectsContinue(request) && !response.headersSent) response.writeContinue();
      },
      onProgress: () => this.#timer.refresh(),
    });
  }

  /** Waits until the client takes more; node:http's own timer sees progress that no event tells of. */
  #awaitClient(): void {
    if (this.#stalled) return;
    this.#stalled = true;
    const { response } = this.#options.forwarding;
    response.once('drain', this.#onDrain).once('timeout', this.#onClientSilent);
    response.socket?.setTimeout(this.#options.timeout);
  }

  #endWait(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    const { response } = this.#options.forwarding;
    response.off('drain', this.#onDrain).off('timeout', this.#onClientSilent);
    response.socket?.setTimeout(0);
  }

  readonly #flushHead = (): void => {
    if (this.#flushed || this.#over) return;
    this.#flushed = true;
    this.#options.forwarding.response.flushHeaders();
  };

  readonly #onDrain = (): void => {
    this.#endWait();
    this.#timer.refresh();
    this.#upstream?.resume();
  };

  readonly #onSent = (): void => {
    this.#settle({ answered: true, status: this.#status ?? 0 });
  };

  readonly #onClientGone = (): void => {
    this.#giveUp({ code: 'CLIENT_GONE', reason: 'closed' });
  };

  readonly #onClientSilent = (): void => {
    this.#giveUp({ code: 'CLIENT_TIMEOUT', reason: 'read-timeout' });
  };

  readonly #onTimeout = (): void => {
    if (this.#stalled || this.#ended) {
      // The client is waited for: from here on the timer of its connection measures.
      this.#awaitClient();
      this.#timer.refresh();
    } else if (this.#body instanceof RequestBody && this.#body.waiting) {
      this.#giveUp({ code: 'CLIENT_TIMEOUT', reason: 'upload-timeout' });
    } else {
      this.#giveUp({
        code: 'UPSTREAM_TIMEOUT',
        reason: this.#status === undefined ? 'headers-timeout' : 'body-timeout',
      });
    }
  };

  #giveUp(failure: ForwardFailure): void {
    if (this.#over) return;
    this.#upstream?.abort();
    this.failed(failure);
  }

  #result(failure: ForwardFailure): ForwardResult {
    const status = this.#status;
    return status === undefined ? { answered: false, failure } : { answered: true, status, failure };
  }

  #settle(result: ForwardResult): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#endWait();
    const { request, response } = this.#options.forwarding;
    response.off('close', this.#onClientGone).off('error', ignore);
    request.socket.off('close', this.#onClientGone);
    if (this.#body instanceof RequestBody) {
      this.#body.destroy();
      discardBody(request, this.#options.timeout);
    }
    this.#options.settled(result);
  }
}

function ignore(): void {}

import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

export interface RequestBodyOptions {
  readonly request: IncomingMessage;
  /** What has already been read; the rest follows from the request. */
  readonly start?: Buffer | undefined;
  /** Called once, before the request is read for the first time. */
  readonly onStart: () => void;
  /** Called whenever the client has delivered, or the upstream has taken, a part. */
  readonly onProgress: () => void;
}

/**
 * A request's body on its way to the upstream. It stands between the two because each may end without the other: whoever destroys
 * it leaves the client's connection in one piece. Nothing is read before the upstream asks for it, and no more than it takes.
 */
export class RequestBody extends Readable {
  readonly #options: RequestBodyOptions;
  #attached = false;
  #waiting = false;

  constructor(options: RequestBodyOptions) {
    super({ highWaterMark: 64 * 1024 });
    this.#options = options;
    // Whatever ends the transfer is reported by whoever ended it.
    this.on('error', () => undefined);
  }

  /** The upstream wants more than the client has sent. */
  get waiting(): boolean {
    return this.#waiting;
  }

  override _read(): void {
    const { request, start, onStart, onProgress } = this.#options;
    onProgress();
    this.#waiting = true;
    if (this.#attached) {
      request.resume();
      return;
    }
    this.#attached = true;
    onStart();
    request.on('data', this.#onData).on('end', this.#onEnd);
    if (start && start.length > 0) this.#onData(start);
    if (request.readableEnded) this.#onEnd();
    else if (this.#waiting) request.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#waiting = false;
    this.#options.request.off('data', this.#onData).off('end', this.#onEnd);
    callback(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#options.onProgress();
    if (this.push(chunk)) return;
    this.#waiting = false;
    this.#options.request.pause();
  };

  readonly #onEnd = (): void => {
    this.#options.onProgress();
    this.#waiting = false;
    this.push(null);
  };
}

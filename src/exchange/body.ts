import type { IncomingMessage, ServerResponse } from 'node:http';

/** How much of a refused request's body is read and thrown away to keep the connection, in bytes. */
const DISCARD_LIMIT = 1024 * 1024;
/** How long that may take, in milliseconds. */
const DISCARD_TIME = 10_000;

/** The beginning of a request's body. */
export interface BodyStart {
  readonly bytes: Buffer;
  /** The body ends here; else the rest is still to come from the request. */
  readonly complete: boolean;
}

/** The client stopped sending in the middle of its body. */
export class BodyTimeoutError extends Error {
  override name = 'BodyTimeoutError';
}

/**
 * Reads a request's body up to a limit; what lies beyond it stays in the stream.
 * @param limit bytes; as many may be read, and a chunk more
 * @param silence milliseconds that the client may send nothing
 * @throws BodyTimeoutError, or the stream's own error where the client is gone
 */
export function readBodyStart(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  silence: number,
): Promise<BodyStart> {
  // Whoever waits for it before sending must be told that somebody reads.
  if (request.headers.expect !== undefined) response.writeContinue();
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(late, silence);
    request.on('readable', take).once('end', ended).once('error', failed).once('close', gone);

    function take(): void {
      timer.refresh();
      for (let chunk = request.read(); chunk !== null && length <= limit; chunk = request.read()) {
        chunks.push(chunk);
        length += chunk.length;
      }
      if (length > limit) settle(() => resolve({ bytes: Buffer.concat(chunks), complete: false }));
    }
    function ended(): void {
      settle(() => resolve({ bytes: Buffer.concat(chunks), complete: true }));
    }
    function failed(error: Error): void {
      settle(() => reject(error));
    }
    function gone(): void {
      settle(() => reject(new Error('The client is gone.')));
    }
    function late(): void {
      settle(() => reject(new BodyTimeoutError('The client sent nothing more.')));
    }
    function settle(finish: () => void): void {
      clearTimeout(timer);
      request.off('readable', take).off('end', ended).off('error', failed).off('close', gone);
      finish();
    }
  });
}

/**
 * Lets a connection live on after a request whose body nobody wants: what is left of it is thrown away, but neither without end
 * nor for long.
 */
export function discardBody(request: IncomingMessage): void {
  if (request.complete) return;
  let length = 0;
  const timer = setTimeout(() => request.socket.destroy(), DISCARD_TIME);
  request
    .on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > DISCARD_LIMIT) request.socket.destroy();
    })
    .once('close', () => clearTimeout(timer))
    .once('end', () => clearTimeout(timer))
    .on('error', () => {});
}

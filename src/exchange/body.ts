import type { IncomingMessage, ServerResponse } from 'node:http';
import { expectsContinue } from '../proxy/index.ts';

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

/** The body of a request that has to be read whole is longer than any that means well. */
export class BodyTooLongError extends Error {
  override name = 'BodyTooLongError';
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
  if (expectsContinue(request)) response.writeContinue();
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

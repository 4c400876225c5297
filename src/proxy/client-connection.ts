import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Cuts an answer short so that the client cannot take it for whole: a missing last chunk or bytes short of Content-Length say so by
 * themselves, an HTTP/1.0 client needs a reset.
 */
export function cutShort(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (request.httpVersionMinor === 0 && !('encrypted' in socket)) socket.resetAndDestroy();
  response.destroy();
}

/**
 * Reads the rest of a request's body that nobody wants, so that the client gets to read its answer and the connection can serve
 * again; a client that goes on for longer, or sends more, is disconnected.
 * @param time milliseconds
 * @param size bytes
 */
export function discardBody(request: IncomingMessage, time: number, size = Number.POSITIVE_INFINITY): void {
  const { socket } = request;
  if (request.complete || socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), time);
  // Once it is answered, a request hears no more of its connection.
  const settle = (): void => {
    clearTimeout(timer);
    request.off('end', settle).off('data', count);
    socket.off('close', settle);
  };
  let length = 0;
  const count = (chunk: Buffer): void => {
    length += chunk.length;
    if (length > size) socket.destroy();
  };
  request.on('end', settle).on('data', count).resume();
  socket.on('close', settle);
}

/** Whether the client waits for `100 Continue` before it sends the body (RFC 9110 section 10.1.1). */
export function expectsContinue(request: IncomingMessage): boolean {
  return request.headers.expect?.toLowerCase() === '100-continue' && request.httpVersionMinor > 0;
}

/** Whether a request has a body, which its framing alone tells (RFC 9112 section 6.3). */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  if (headers['transfer-encoding'] !== undefined) return true;
  const length = headers['content-length'];
  return length !== undefined && length !== '0';
}

import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerClientError } from './client-error.ts';
import type { Exchange } from './exchange.ts';

/** Whether a request asks for a WebSocket; whatever else it may ask to be upgraded to is left at HTTP (RFC 9110 section 7.8). */
export function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/** Leads the upgrades of a listener through the exchange, as every other request. */
export function carryUpgrades(server: Server, exchange: Exchange): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A reset while it is being decided must not end the process.
    socket.on('error', () => socket.destroy());
    // Not every supported Node.js asks beforehand, and what is no WebSocket must not reach Halo as one.
    if (!isWebSocket(request)) return answerClientError(new Error('This is no upgrade to WebSocket.'), request.socket);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    try {
      response.assignSocket(request.socket);
    } catch {
      // The request ahead of it on the connection is not answered yet: what follows could be taken for its answer.
      socket.destroy();
      return;
    }
    response.on('finish', () => request.socket.destroySoon());
    void exchange(request, response, request.url ?? '', { socket, head });
  });
}

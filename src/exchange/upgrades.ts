import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
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
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(request.socket);
    response.on('finish', () => request.socket.destroySoon());
    void exchange(request, response, request.url ?? '', { socket, head });
  });
}

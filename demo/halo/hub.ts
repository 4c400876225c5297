import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { cookiesOf } from '../web/index.ts';
import { visitorOf } from './identity.ts';
import { record } from './received.ts';

/** Halo's live connection: says whom it sees, then sends back whatever comes. */
export interface Hub {
  /** Takes an upgrade; paths other than `/hub` are refused. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends every connection without a word. */
  close(): void;
}

export function createHub(): Hub {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: protocols => [...protocols].at(-1) ?? false,
  });
  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const visitor = visitorOf(record(request), cookiesOf(request));
    socket.send(JSON.stringify({ hello: visitor?.name ?? 'nobody that Halo knows' }));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data, binary) => socket.send(data, { binary }));
  });
  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      if (request.url?.replace(/\?.*$/s, '').toLowerCase() !== '/hub') {
        socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, client => server.emit('connection', client, request));
    },
    close() {
      for (const client of server.clients) client.terminate();
    },
  };
}

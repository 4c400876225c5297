import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

interface Teardown {
  teardown(end: () => unknown): void;
}

/** What the upstream says of a request or of a WebSocket's message. */
export interface Told {
  /** The person whom the gateway named; empty where it named nobody. */
  readonly user: string;
  /** When the request or the message was there, by `performance.now()`. */
  readonly at: number;
}

/** A Halo that says no more than who it was told is asking: to requests, and to each message on a WebSocket. @returns its address */
export async function startTellingUpstream(t: Teardown): Promise<string> {
  const server = createServer((request, response) => {
    const told = tell(request);
    request.resume().once('end', () => {
      response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(told));
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate());
    socket.on('message', () => socket.send(JSON.stringify(tell(request))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function tell({ headers }: IncomingMessage): Told {
  return { user: String(headers['x-forwarded-user'] ?? ''), at: performance.now() };
}

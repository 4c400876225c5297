import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A running stand-in: where it listens, and how to end it. */
export interface Listening {
  /** Origin without a trailing slash, for example `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends every open connection, answered or not. */
  close(): Promise<void>;
}

/** Answers one request; what it throws becomes a 500 with the message. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Listens on 127.0.0.1. Stand-ins use the address and the gateway the name `localhost`, so that no cookie is shared.
 * @param port 0 lets the system choose.
 * @param upgrade takes requests to change the protocol; without it they are answered like all others
 */
export async function listen(handler: Handler, port: number, upgrade?: Upgrade): Promise<Listening> {
  const server = createServer((request, response) => {
    Promise.resolve()
      .then(() => handler(request, response))
      .catch((error: unknown) => fail(response, error));
  });
  if (upgrade) server.on('upgrade', upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`The stand-in failed: ${error instanceof Error ? error.message : String(error)}\n`);
}

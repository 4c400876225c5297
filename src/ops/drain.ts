import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Connections } from './connections.ts';

/** How often connections that have fallen idle are closed while the last exchanges finish, in milliseconds. */
const SWEEP_INTERVAL = 100;

interface DrainOptions {
  readonly server: Server;
  readonly connections: Connections;
  /** Milliseconds for which requests are still served, so that load balancers notice that the gateway is not ready. */
  readonly wait: number;
  /** Milliseconds from now after which connections end by force. */
  readonly deadline: number;
  /** Closes the WebSockets, spread over so many milliseconds. */
  readonly closeSockets: (within: number) => void;
  /** Ends everything at once. */
  readonly hurry: AbortSignal;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
}

/**
 * Takes a listening server out of service without cutting off whom it serves. Every answer from now on ends its connection, so that
 * clients turn elsewhere; after `wait` nobody new is let in; exchanges under way finish, until `deadline`. Resolves when that is done.
 */
export async function drain({
  server,
  connections,
  wait,
  deadline,
  closeSockets,
  hurry,
  log,
}: DrainOptions): Promise<void> {
  const end = new AbortController();
  const patience = setTimeout(() => end.abort('the deadline has passed'), deadline);
  const skip = () => end.abort('told to hurry');
  if (hurry.aborted) skip();
  else hurry.addEventListener('abort', skip, { once: true });
  server.prependListener('request', closeAfterAnswer);
  log.info({ wait, deadline }, 'draining');

  await sleep(wait, undefined, { signal: end.signal }).catch(() => undefined);
  // Clients reconnect at once: not all of them in the same moment, and the last of them before the deadline.
  closeSockets(end.signal.aborted ? 0 : (deadline - wait) / 2);
  await close(server, connections, end.signal, log);

  clearTimeout(patience);
  hurry.removeEventListener('abort', skip);
  log.info({}, 'drained');
}

/** Lets nobody in, and resolves when everybody is gone: on their own, or cut off when `end` says so. */
async function close(
  server: Server,
  connections: Connections,
  end: AbortSignal,
  log: DrainOptions['log'],
): Promise<void> {
  const sweep = setInterval(() => connections.closeIdle(), SWEEP_INTERVAL);
  await new Promise<void>(resolve => {
    server.close(() => resolve());
    const cut = () => {
      log.warn({ reason: end.reason }, 'connections are closed by force');
      connections.destroyAll();
      resolve();
    };
    if (end.aborted) cut();
    else end.addEventListener('abort', cut, { once: true });
  });
  clearInterval(sweep);
}

function closeAfterAnswer(_request: IncomingMessage, response: ServerResponse): void {
  response.shouldKeepAlive = false;
}

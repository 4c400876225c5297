import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The connections of a server, for the time when it ends. */
export interface Connections {
  /** Closes those on which no exchange is under way. */
  closeIdle(): void;
  /** Closes all of them, whatever is under way and whatever they have been upgraded to. */
  destroyAll(): void;
}

/**
 * Follows a server's connections; to be called before it listens. Node's own bookkeeping neither counts a connection as idle on which nothing
 * was ever sent (browsers and load balancers open them ahead of need), nor knows one that has been upgraded.
 */
export function trackConnections(server: Server): Connections {
  const sockets = new Set<Socket>();
  for (const event of ['connection', 'secureConnection']) {
    // Of a connection with TLS both are told; what the one counts is the handshake, what the other counts are requests.
    server.on(event, (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  }
  return {
    closeIdle() {
      server.closeIdleConnections();
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

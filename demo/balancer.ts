import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One address before several servers. */
export interface Balancer {
  readonly port: number;
  /** Lets nobody in any more and ends every connection. */
  close(): void;
}

/**
 * Hands connections out in turn, each for its whole life. One that a server does not take goes to the next; what a server breaks off
 * is broken off to the client as well.
 * @param backends the ports of the servers on 127.0.0.1
 * @param port where it listens itself; 0 lets the system choose
 */
export async function startBalancer(backends: readonly number[], port: number): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;

  function pass(client: Socket, ports: readonly number[]): void {
    const [port, ...others] = ports;
    if (port === undefined || client.destroyed) return void client.destroy();
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const refused = () => pass(client, others);
    server.once('error', refused);
    server.once('connect', () => {
      server.off('error', refused);
      join(client, server);
    });
  }

  function join(client: Socket, server: Socket): void {
    open.add(server);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.resetAndDestroy());
      one.once('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    client.pipe(server);
    server.pipe(client);
  }

  const balancer = createServer({ allowHalfOpen: true, pauseOnConnect: true }, client => {
    open.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => open.delete(client));
    const first = turn++ % backends.length;
    pass(client, [...backends.slice(first), ...backends.slice(0, first)]);
  });
  balancer.listen(port, '127.0.0.1');
  await once(balancer, 'listening');
  return {
    port: (balancer.address() as AddressInfo).port,
    close() {
      balancer.close();
      for (const socket of open) socket.destroy();
    },
  };
}

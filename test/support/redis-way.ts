import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

interface Teardown {
  teardown(end: () => unknown): void;
}

/** A way to a Redis on this machine on which connections can be made to hang: they stay open and bring nothing more. */
export interface RedisWay {
  readonly port: number;
  /** Those that have subscribed to something until now. */
  hangFeeds(): void;
}

/** @param t the test with which it ends */
export async function startWay(t: Teardown, port: number): Promise<RedisWay> {
  const sockets = new Set<Socket>();
  const feeds = new Set<Socket>();
  const server = createServer(client => {
    const redis = connect(port, '127.0.0.1');
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    client.on('data', data => {
      if (/\r\nsubscribe\r\n/i.test(String(data))) feeds.add(redis);
    });
    client.pipe(redis);
    redis.pipe(client);
    client.on('close', () => redis.destroy());
    redis.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    hangFeeds() {
      for (const redis of feeds) redis.unpipe().pause();
    },
  };
}

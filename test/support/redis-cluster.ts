import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { inMemory, type RedisProcess, startProcess, type Teardown } from './redis-process.ts';
import { tlsSettings } from './redis-tls.ts';

const SLOTS = 16_384;
/** Nodes talk to each other on the port so far above their own. */
const BUS_OFFSET = 10_000;

/** A cluster of three masters. */
export interface RedisCluster {
  readonly config: { readonly cluster: readonly { host: string; port: number }[] };
  readonly masters: readonly RedisProcess[];
  /** One replica for each master, in the same order; none unless asked for. */
  readonly replicas: readonly RedisProcess[];
  /** A connection to one node, for the test. It goes with the test. */
  connect(node: RedisProcess): Redis;
  /** Waits until every node in `alive` finds the cluster whole. */
  whole(alive?: readonly RedisProcess[]): Promise<void>;
}

/** @param options `tls`: how the test connects where nodes take nothing but TLS */
export async function startRedisCluster(
  t: Teardown,
  options: { readonly replicas?: boolean; readonly tls?: ConnectionOptions } = {},
): Promise<RedisCluster> {
  const { tls } = options;
  const start = async () =>
    startProcess(t, {
      port: await freePort(BUS_OFFSET),
      args: (port, directory) => [
        ...inMemory(port, directory),
        ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', '--repl-diskless-sync-delay', '0'],
        ...(tls ? tlsSettings(port, 'certified') : []),
      ],
      ...(tls ? { tls } : {}),
    });
  const masters = await Promise.all([start(), start(), start()]);
  const replicas = options.replicas ? await Promise.all([start(), start(), start()]) : [];
  const connections = new Map<RedisProcess, Redis>();
  t.teardown(async () => {
    for (const connection of connections.values()) connection.disconnect();
  });
  const connect = (node: RedisProcess) => {
    const known = connections.get(node);
    if (known) return known;
    const redis = new Redis({ port: node.port, host: '127.0.0.1', ...(tls ? { tls } : {}) });
    redis.on('error', () => {});
    connections.set(node, redis);
    return redis;
  };
  const nodes = [...masters, ...replicas];
  const whole = async (alive = nodes) => {
    for (const node of alive) {
      await until(async () => {
        const info = String(await connect(node).cluster('INFO'));
        return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}`);
      });
    }
  };
  await form(masters.map(connect), replicas.map(connect), masters[0].port);
  await whole();
  return {
    config: { cluster: masters.map(({ port }) => ({ host: '127.0.0.1', port })) },
    masters,
    replicas,
    connect,
    whole,
  };
}

async function form(masters: readonly Redis[], replicas: readonly Redis[], port: number): Promise<void> {
  const share = Math.ceil(SLOTS / masters.length);
  for (const [at, node] of masters.entries()) {
    const slots = Array.from({ length: Math.min(share, SLOTS - at * share) }, (_, slot) => at * share + slot);
    await node.cluster('ADDSLOTS', ...slots);
    await node.call('CLUSTER', 'SET-CONFIG-EPOCH', String(at + 1));
  }
  for (const node of [...masters.slice(1), ...replicas]) await node.call('CLUSTER', 'MEET', '127.0.0.1', String(port));
  for (const [at, node] of replicas.entries()) {
    const id = String(await masters[at]?.call('CLUSTER', 'MYID'));
    await until(async () => (await node.call('CLUSTER', 'REPLICATE', id)) === 'OK');
    await until(async () => (await node.info('replication')).includes('master_link_status:up'));
  }
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached().catch(() => false))) await sleep(50);
}

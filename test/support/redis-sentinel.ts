import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { inMemory, type RedisProcess, startProcess, type Teardown } from './redis-process.ts';

const NAME = 'sessions';

/** A master and its replica under three sentinels, all signed in to with one password. */
export interface SentinelRedis {
  readonly config: {
    readonly sentinel: { readonly name: string; readonly nodes: readonly { host: string; port: number }[] };
    readonly password: string;
  };
  readonly password: string;
  /** The first master, and the first replica. */
  readonly first: RedisProcess;
  readonly second: RedisProcess;
  readonly sentinels: readonly RedisProcess[];
  /** A connection to either, for the test. It goes with the test. */
  connect(server: RedisProcess): Redis;
  /** Waits until the sentinels name another master than the first. */
  failedOver(): Promise<void>;
}

/** @param options `sentinelPassword`: whether sentinels ask for the password as well */
export async function startSentinelRedis(
  t: Teardown,
  options: { readonly sentinelPassword?: boolean } = {},
): Promise<SentinelRedis> {
  const password = 'a-pass-word';
  const secured = ['--requirepass', password, '--masterauth', password, '--repl-diskless-sync-delay', '0'];
  const first = await startProcess(t, { args: (...place) => [...inMemory(...place), ...secured] });
  const master = ['--replicaof', '127.0.0.1', `${first.port}`];
  const second = await startProcess(t, { args: (...place) => [...inMemory(...place), ...secured, ...master] });
  const sentinels = await Promise.all(
    [0, 1, 2].map(() =>
      startProcess(t, {
        async args(port, directory) {
          const file = join(directory, 'sentinel.conf');
          await writeFile(file, sentinelSettings(port, first.port, password, options.sentinelPassword ?? false));
          return [file, '--sentinel'];
        },
      }),
    ),
  );
  const connections = new Set<Redis>();
  t.teardown(async () => {
    for (const connection of connections) connection.disconnect();
  });
  const connect = (port: number, signIn = true) => {
    const redis = new Redis({ port, host: '127.0.0.1', ...(signIn ? { password } : {}) });
    redis.on('error', () => {});
    connections.add(redis);
    return redis;
  };
  const asked = sentinels.map(({ port }) => connect(port, options.sentinelPassword));
  const own: SentinelRedis = {
    config: {
      sentinel: { name: NAME, nodes: sentinels.map(({ port }) => ({ host: '127.0.0.1', port })) },
      password,
    },
    password,
    first,
    second,
    sentinels,
    connect: ({ port }) => connect(port),
    async failedOver() {
      for (const sentinel of asked) {
        await until(async () => (await masterOf(sentinel)).port === `${second.port}`);
      }
    },
  };
  const replica = own.connect(second);
  await until(async () => (await replica.info('replication')).includes('master_link_status:up'));
  // Before they know of each other and of the replica they cannot agree on anything.
  for (const sentinel of asked) {
    await until(async () => {
      const { 'num-other-sentinels': others, 'num-slaves': replicas } = await masterOf(sentinel);
      return others === '2' && replicas === '1';
    });
  }
  return own;
}

function sentinelSettings(port: number, master: number, password: string, secured: boolean): string {
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor ${NAME} 127.0.0.1 ${master} 2`,
    `sentinel auth-pass ${NAME} ${password}`,
    `sentinel down-after-milliseconds ${NAME} 1500`,
    `sentinel failover-timeout ${NAME} 10000`,
    ...(secured ? [`requirepass ${password}`, `sentinel sentinel-pass ${password}`] : []),
    '',
  ].join('\n');
}

async function masterOf(sentinel: Redis): Promise<Readonly<Record<string, string>>> {
  const fields = (await sentinel.call('SENTINEL', 'MASTER', NAME)) as string[];
  return Object.fromEntries(fields.flatMap((field, at) => (at % 2 ? [] : [[field, fields[at + 1] ?? '']])));
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached().catch(() => false))) await sleep(50);
}

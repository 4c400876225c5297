import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inMemory, startProcess, type Teardown } from './redis-process.ts';

export interface RedisServer {
  /** `redis://host:port` */
  readonly url: string;
  readonly port: number;
  /** A signal to the server's process: SIGSTOP, SIGCONT, SIGKILL. Not for the server that REDIS_URL names. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts the killed server again at the same port: empty, a durable one with what it held. Not for the server that REDIS_URL names. */
  restart(): Promise<void>;
  /** As {@link restart}, of a durable server that has lost what it held. */
  restartEmpty(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A Redis for tests: the one that REDIS_URL names, else one of its own from `redis-server` on PATH, in memory only unless durable.
 * @param t the test with which it stops
 * @param options `own`: one of its own even beside REDIS_URL, for tests that stop it; `durable`: it writes what it holds to disk
 */
export async function startRedis(
  t?: Teardown,
  options: { readonly own?: boolean; readonly durable?: boolean } = {},
): Promise<RedisServer> {
  const shared = options.own ? undefined : process.env.REDIS_URL;
  const server = shared ? existing(shared) : await spawned(options.durable ?? false);
  t?.teardown(() => server.stop());
  return server;
}

/** A prefix that no other test uses: tests share a server. */
export function uniquePrefix(): string {
  return `test-${randomBytes(6).toString('hex')}:`;
}

function existing(url: string): RedisServer {
  const refuse = async () => {
    throw new Error('The Redis of REDIS_URL is not this test’s to stop.');
  };
  return {
    url,
    port: Number(new URL(url).port || 6379),
    kill: refuse,
    restart: refuse,
    restartEmpty: refuse,
    stop: async () => {},
  };
}

async function spawned(durable: boolean): Promise<RedisServer> {
  const disk = durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : [];
  const server = await startProcess(undefined, { args: (...place) => [...inMemory(...place), ...disk] });
  return {
    ...server,
    url: `redis://127.0.0.1:${server.port}`,
    async restartEmpty() {
      await rm(join(server.directory, 'appendonlydir'), { recursive: true });
      await server.restart();
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

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

interface Teardown {
  teardown(stop: () => Promise<void>): void;
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
  const directory = await mkdtemp(join(tmpdir(), 'halogate-redis-'));
  const port = await freePort();
  let server = await launch(port, directory, durable);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async kill(signal) {
      server.kill(signal);
      if (signal === 'SIGKILL') await ended(server);
    },
    async restart() {
      server = await launch(port, directory, durable);
    },
    async restartEmpty() {
      await rm(join(directory, 'appendonlydir'), { recursive: true });
      server = await launch(port, directory, durable);
    },
    async stop() {
      server.kill('SIGKILL');
      await ended(server);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function launch(port: number, directory: string, durable: boolean): Promise<ChildProcess> {
  const disk = durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', ...disk, '--dir', directory];
  const server = spawn('redis-server', settings, { stdio: 'ignore' });
  // A test that ends before its teardown, by a time-out for instance, leaves no server behind.
  const abandon = () => server.kill('SIGKILL');
  process.once('exit', abandon);
  server.once('exit', () => process.off('exit', abandon));
  let failure: Error | undefined;
  server.once('error', error => {
    failure = new Error('No redis-server on PATH: install Redis 6.2 or later, or name a running one in REDIS_URL.', {
      cause: error,
    });
  });
  for (let tries = 0; tries < 200; tries += 1) {
    if (await answers(port)) return server;
    if (failure) throw failure;
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}.`);
    await sleep(25);
  }
  server.kill('SIGKILL');
  throw new Error('redis-server does not answer.');
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', data => {
      resolve(String(data).startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return address.port;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { freePort } from './free-port.ts';

export interface Teardown {
  teardown(stop: () => Promise<void>): void;
}

/** A `redis-server` of the test's own. */
export interface RedisProcess {
  readonly port: number;
  /** Where it keeps what it writes. */
  readonly directory: string;
  /** Sends a signal; after SIGKILL it waits for the end. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again at the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface ProcessOptions {
  /** Where it listens; default a free port. */
  readonly port?: number;
  /** Its command line, from where it listens and keeps its files. */
  readonly args: (port: number, directory: string) => Promise<readonly string[]> | readonly string[];
  /** How it is asked whether it is there; default without TLS. */
  readonly tls?: ConnectionOptions;
}

/** Starts a server, and waits until it answers. @param t the test with which it stops */
export async function startProcess(t: Teardown | undefined, options: ProcessOptions): Promise<RedisProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'halogate-redis-'));
  const port = options.port ?? (await freePort());
  const args = await options.args(port, directory);
  const start = () => launch(port, args, options.tls);
  let server = await start();
  const own = {
    port,
    directory,
    async kill(signal: NodeJS.Signals) {
      server.kill(signal);
      if (signal === 'SIGKILL') await ended(server);
    },
    async restart() {
      server = await start();
    },
    async stop() {
      server.kill('SIGKILL');
      await ended(server);
      await rm(directory, { recursive: true, force: true });
    },
  };
  t?.teardown(own.stop);
  return own;
}

/** The settings of a server that keeps nothing on disk. */
export function inMemory(port: number, directory: string): readonly string[] {
  return ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', directory];
}

async function launch(
  port: number,
  args: readonly string[],
  tls: ConnectionOptions | undefined,
): Promise<ChildProcess> {
  const server = spawn('redis-server', args, { stdio: 'ignore' });
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
  for (let tries = 0; tries < 400; tries += 1) {
    if (await answers(port, tls)) return server;
    if (failure) throw failure;
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}.`);
    await sleep(25);
  }
  server.kill('SIGKILL');
  throw new Error('redis-server does not answer.');
}

function answers(port: number, tls: ConnectionOptions | undefined): Promise<boolean> {
  return new Promise(resolve => {
    const ask = () => socket.write('PING\r\n');
    const socket = tls ? connectTls({ ...tls, port, host: '127.0.0.1' }, ask) : connectPlain(port, '127.0.0.1', ask);
    socket.once('data', data => {
      // One that asks for a password is there, too.
      resolve(/^(\+PONG|-NOAUTH)/.test(String(data)));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
}

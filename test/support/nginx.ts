import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** How long nginx may take to listen, in milliseconds. */
const START_TIMEOUT = 10_000;

interface Teardown {
  teardown(end: () => unknown): void;
}

/** A real nginx with settings of a test's own. */
export interface Nginx {
  readonly port: number;
  close(): void;
}

/**
 * Starts nginx in a directory that goes with the test.
 * @param site what stands in its `http` block, for the port that it is to listen on
 */
export async function startNginx(t: Teardown, site: (port: number) => string): Promise<Nginx> {
  const directory = await mkdtemp(join(tmpdir(), 'nginx-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, 'temp'));
  const port = await freePort();
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path temp/${kind};`);
  const file = join(directory, 'nginx.conf');
  await writeFile(
    file,
    `daemon off;
pid nginx.pid;
error_log error.log warn;
worker_processes 1;
events { worker_connections 1024; }
http {
  access_log off;
  ${temp.join('\n  ')}
${site(port)}
}
`,
  );
  const process = spawn('nginx', ['-p', directory, '-e', join(directory, 'error.log'), '-c', file], {
    stdio: 'ignore',
  });
  const ended = once(process, 'exit');
  t.teardown(async () => {
    process.kill('SIGTERM');
    await ended;
  });
  for (const deadline = Date.now() + START_TIMEOUT; !(await isListening(port)); await sleep(20)) {
    if (process.exitCode !== null || Date.now() > deadline) {
      throw new Error(`nginx does not listen:\n${await readFile(join(directory, 'error.log'), 'utf8')}`);
    }
  }
  return { port, close: () => void process.kill('SIGTERM') };
}

function isListening(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

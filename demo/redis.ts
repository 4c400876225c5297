import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DemoError } from './demo-error.ts';
import { anyPort } from './ports.ts';

/** A Redis that replicas share. */
export interface DemoRedis {
  readonly url: string;
  /** Host and port alone: the address may hold a password. */
  readonly host: string;
  close(): void;
}

/** The one that REDIS_URL names, else one in memory from `redis-server` on PATH. @throws DemoError where there is neither */
export async function startRedis(folder: string): Promise<DemoRedis> {
  const { REDIS_URL, PATH = '' } = process.env;
  if (REDIS_URL) return { url: REDIS_URL, host: hostOf(REDIS_URL), close() {} };
  if (!PATH.split(delimiter).some(entry => existsSync(join(entry, 'redis-server')))) {
    throw new DemoError('--replicas needs a Redis: install redis-server, or name a running one in REDIS_URL.');
  }
  const port = await anyPort();
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  return { url, host: hostOf(url), close: () => server.kill('SIGKILL') };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the one that REDIS_URL names';
}

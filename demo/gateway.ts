import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DemoError } from './demo-error.ts';
import { anyPort } from './ports.ts';
import { type DemoAddresses, demoSettings } from './settings.ts';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const START_TIME = 20_000;

/** A running gateway, as a process of its own. */
export interface DemoGateway {
  readonly pid: number;
  /** The origin of its ops listener. */
  readonly ops: string;
  /** Its settings file. */
  readonly settings: string;
  /** Where its log is written. */
  readonly log: string;
  /** Resolves when the process is gone, with how it ended: `status 1`, `SIGKILL`. */
  readonly gone: Promise<string>;
  /** What it has said on standard error. */
  said(): string;
  close(): void;
}

/**
 * Starts the built gateway and waits until it is ready. Its settings and its log go into a folder.
 * @throws DemoError with what it said, where it does not come up
 */
export async function startGateway(folder: string, addresses: Omit<DemoAddresses, 'opsPort'>): Promise<DemoGateway> {
  const opsPort = await anyPort();
  const name = `halogate-${addresses.ownPort}`;
  const settings = join(folder, `${name}.yaml`);
  await writeFile(settings, JSON.stringify(demoSettings({ ...addresses, opsPort }), undefined, 2));
  const child = spawn(process.execPath, [CLI, 'serve', '--config', settings], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = join(folder, `${name}.log`);
  child.stdout.pipe(createWriteStream(log));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', chunk => {
    said += chunk;
  });
  const ops = `http://127.0.0.1:${opsPort}`;
  const gone = once(child, 'exit').then(([code, signal]) => (code === null ? String(signal) : `status ${code}`));
  await ready(child, `${ops}/readyz`, () => `${said}Its log: ${log}`);
  return {
    pid: child.pid ?? 0,
    ops,
    settings,
    log,
    gone,
    said: () => said,
    close: () => child.kill('SIGKILL'),
  };
}

async function ready(child: ChildProcess, url: string, said: () => string): Promise<void> {
  const deadline = Date.now() + START_TIME;
  for (;;) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new DemoError(`The gateway did not start:\n${said()}`);
    }
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
}

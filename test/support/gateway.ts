import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** How long a log line may take, in milliseconds: generous as well. */
const LOG_TIMEOUT = 10_000;
/** How long a gateway may take to become ready, in milliseconds: generous, as machines that run tests are busy. */
const START_TIMEOUT = 30_000;

interface Teardown {
  teardown(end: () => unknown): void;
}

/** A run of the built program. */
export interface Program {
  readonly process: ChildProcess;
  /** What it has written so far on both streams, line by line. */
  logs(): readonly string[];
  /** The whole lines that hold all of these texts, once there are so many: what is written arrives later than an answer. */
  logged(texts: readonly string[], count?: number): Promise<readonly string[]>;
  /** Resolves with the exit status (null where a signal ended it), everything it wrote having been read. */
  readonly exited: Promise<number | null>;
}

/** The built gateway as a process of its own, ready to serve. */
export interface RunningGateway extends Program {
  /** Where it listens, `http://127.0.0.1:port`. */
  readonly url: string;
  readonly opsUrl: string;
  /** Sends SIGTERM and resolves with the exit status. */
  stop(): Promise<number | null>;
  /** Ends it without a drain. */
  kill(): Promise<void>;
}

/** Writes settings into a directory that goes with the test. @returns the file's path */
export async function writeSettings(t: Teardown, settings: object | string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'halogate-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const file = join(directory, 'halogate.yaml');
  await writeFile(file, typeof settings === 'string' ? settings : JSON.stringify(settings));
  return file;
}

/** Starts the built program; it is killed with the test. `env` is added to an environment that holds nothing but PATH. */
export function runProgram(t: Teardown, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', chunk => {
    written.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', chunk => {
    written.err += chunk;
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const logs = () => (written.out + written.err).split('\n').filter(line => line !== '');
  return { process: child, exited, logs, logged: (texts, count = 1) => waitForLines(logs, texts, count) };
}

async function waitForLines(
  logs: () => readonly string[],
  texts: readonly string[],
  count: number,
): Promise<readonly string[]> {
  for (const deadline = Date.now() + LOG_TIMEOUT; ; await sleep(20)) {
    const lines = logs().filter(line => line.endsWith('}') && texts.every(text => line.includes(text)));
    if (lines.length >= count) return lines;
    if (Date.now() > deadline) throw new Error(`Not ${count} lines with ${texts.join(', ')}:\n${logs().join('\n')}`);
  }
}

/** Starts `halogate serve` and waits until it is ready. Listen on port 0 unless the address must be known before. */
export async function startGateway(
  t: Teardown,
  settings: object | string,
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<RunningGateway> {
  return serveFile(t, await writeSettings(t, settings), options);
}

/** The same with a settings file that is there. */
export async function serveFile(
  t: Teardown,
  file: string,
  { env = {} }: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<RunningGateway> {
  const program = runProgram(t, ['serve', '--config', file], env);
  const deadline = Date.now() + START_TIMEOUT;
  const { process: child, exited, logs } = program;
  while (!(await isReady(logs()))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Not ready:\n${logs().join('\n')}`);
    await sleep(50);
  }
  return {
    ...program,
    url: `http://${addressOf(logs(), 'listening')}`,
    opsUrl: `http://${addressOf(logs(), 'ops listening')}`,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function isReady(logs: readonly string[]): Promise<boolean> {
  const address = addressOf(logs, 'ops listening');
  if (address === undefined || addressOf(logs, 'listening') === undefined) return false;
  return (await fetch(`http://${address}/readyz`)).ok;
}

/** The address in the log line with this message. */
function addressOf(logs: readonly string[], message: string): string | undefined {
  const line = logs.find(text => text.startsWith('{') && text.includes(`"msg":"${message}"`) && text.endsWith('}'));
  return line && (JSON.parse(line) as { address: string }).address;
}

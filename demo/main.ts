import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEntra } from './entra/index.ts';
import { startHalo } from './halo/index.ts';
import { printout } from './printout.ts';
import { demoSettings } from './settings.ts';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const START_TIME = 20_000;

/** Something that the person at the terminal can mend. */
class DemoError extends Error {}

try {
  await run();
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const port = readPort();
  if (!(await isFree(port))) {
    throw new DemoError(`Port ${port} of localhost is taken: npm run demo -- --port ${port + 1} uses another.`);
  }
  const stop = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const [entra, halo] = await Promise.all([startEntra(), startHalo()]);
  const folder = await mkdtemp(join(tmpdir(), 'halogate-demo-'));
  try {
    const settings = join(folder, 'halogate.yaml');
    const log = join(folder, 'halogate.log');
    const opsPort = await anyPort();
    const secret = randomBytes(32).toString('base64');
    const addresses = { port, opsPort, entra: entra.url, halo: halo.url, secret };
    await writeFile(settings, JSON.stringify(demoSettings(addresses), undefined, 2));

    const gateway = startGateway(settings, log);
    try {
      await ready(gateway, `http://127.0.0.1:${opsPort}/readyz`);
      process.stdout.write(printout(`http://localhost:${port}`, halo.url, settings, log));
      await Promise.race([stop, ended(gateway)]);
    } finally {
      gateway.child.kill('SIGKILL');
    }
  } finally {
    await Promise.all([entra.close(), halo.close(), rm(folder, { recursive: true })]);
  }
}

interface Gateway {
  readonly child: ChildProcess;
  /** What it has said on standard error: why it did not start. */
  said(): string;
}

function startGateway(settings: string, log: string): Gateway {
  const child = spawn(process.execPath, [CLI, 'serve', '--config', settings], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.pipe(createWriteStream(log));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', chunk => {
    said += chunk;
  });
  return { child, said: () => said };
}

async function ready(gateway: Gateway, url: string): Promise<void> {
  const deadline = Date.now() + START_TIME;
  for (;;) {
    if (gateway.child.exitCode !== null) throw new DemoError(`The gateway did not start:\n${gateway.said()}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new DemoError(`The gateway is not ready:\n${gateway.said()}`);
    await sleep(100);
  }
}

async function ended(gateway: Gateway): Promise<never> {
  await once(gateway.child, 'exit');
  throw new DemoError(`The gateway has ended:\n${gateway.said()}`);
}

function readPort(): number {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new DemoError(`${values.port} is not a port.`);
  return port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return free;
}

async function anyPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new DemoError('No port was given.');
  return address.port;
}

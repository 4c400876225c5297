import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBalancer } from './balancer.ts';
import { DemoError } from './demo-error.ts';
import { startEntra } from './entra/index.ts';
import { EXTRA_NAMES, type ExtraName, isExtra } from './extras.ts';
import { startGateway } from './gateway.ts';
import { startGraph } from './graph/index.ts';
import { startHalo } from './halo/index.ts';
import { anyPort, isFree, otherPort } from './ports.ts';
import { printout } from './printout.ts';
import { startRedis } from './redis.ts';

const USAGE = `Usage: npm run demo -- [--port N] [--replicas N] [--with ${EXTRA_NAMES.join('|')}]`;
const MOST_REPLICAS = 8;

try {
  await run();
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { port, replicas, extras } = readOptions();
  if (!(await isFree(port))) {
    const other = await otherPort(port);
    throw new DemoError(`Port ${port} of localhost is taken: npm run demo -- --port ${other} uses another.`);
  }
  const stop = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  // Whatever was started is ended, the last first, however far it got.
  const endings: (() => unknown)[] = [];
  let keepLogs = false;
  try {
    const folder = await mkdtemp(join(tmpdir(), 'halogate-demo-'));
    endings.push(() => (keepLogs ? undefined : rm(folder, { recursive: true })));
    const entra = await startEntra();
    endings.push(() => entra.close());
    const graph = await startGraph({ entra });
    endings.push(() => graph.close());
    const halo = await startHalo();
    endings.push(() => halo.close());
    const redis = replicas > 1 ? await startRedis(folder) : undefined;
    if (redis) endings.push(() => redis.close());

    const ports = replicas > 1 ? await Promise.all(Array.from({ length: replicas }, anyPort)) : [port];
    const secret = randomBytes(32).toString('base64');
    const standIns = { entra: entra.url, graph: graph.url, halo: halo.url };
    const addresses = { port, secret, extras, ...standIns, ...(redis ? { redis: redis.url } : {}) };
    // Until the end is asked for, the logs say what went wrong.
    keepLogs = true;
    const starting = ports.map(async ownPort => {
      const gateway = await startGateway(folder, { ...addresses, ownPort });
      endings.push(() => gateway.close());
      return gateway;
    });
    const gateways = await Promise.all(starting);
    if (replicas > 1) {
      const balancer = await startBalancer(ports, port);
      endings.push(() => balancer.close());
    }
    process.stdout.write(
      printout({ url: `http://localhost:${port}`, halo: halo.url, folder, gateways, extras, redis: redis?.host }),
    );
    const allGone = Promise.all(gateways.map(({ gone }) => gone)).then(ends => {
      const lines = gateways.map(
        ({ log, said }, at) => `The gateway has ended (${ends[at]}); its log: ${log}\n${said()}`,
      );
      throw new DemoError(lines.join('').trimEnd());
    });
    await Promise.race([stop, allGone]);
    keepLogs = false;
  } finally {
    for (const end of endings.reverse()) await end();
  }
}

interface Options {
  readonly port: number;
  readonly replicas: number;
  readonly extras: readonly ExtraName[];
}

function readOptions(): Options {
  const port = { type: 'string', default: '8080' } as const;
  const replicas = { type: 'string', default: '1' } as const;
  const extras = { type: 'string', multiple: true, default: [] as string[] } as const;
  try {
    const { values } = parseArgs({ options: { port, replicas, with: extras } });
    return {
      port: whole(values.port, 65_535),
      replicas: whole(values.replicas, MOST_REPLICAS),
      extras: [...new Set(values.with)].map(extra),
    };
  } catch {
    throw new DemoError(USAGE);
  }
}

function extra(text: string): ExtraName {
  if (!isExtra(text)) throw new RangeError(text);
  return text;
}

function whole(text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most) throw new RangeError(text);
  return number;
}

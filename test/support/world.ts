import { pino } from 'pino';
import { connectionTo } from '../../demo/connection.ts';
import { type Entra, startEntra } from '../../demo/entra/index.ts';
import { type Halo, startHalo } from '../../demo/halo/index.ts';
import { loadSettingsText } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createTelemetry } from '../../src/ops/index.ts';
import { createAuditTrail } from './audit.ts';
import { Browser } from './browser.ts';

/** The public address of the agent app and of the portal below it. */
export const AGENTS = 'https://halo.example.com';
export const CUSTOMERS = `${AGENTS}/portal`;
/** A user portal on its own host. */
export const SUPPORT = 'https://support.example.com/portal';
export const SESSION_SECRET = Buffer.alloc(32, 7).toString('base64');

interface Teardown {
  teardown(end: () => unknown): void;
}

/** A gateway in this process between the stand-ins, as if behind an ingress that ends TLS. */
export interface World {
  readonly entra: Entra;
  readonly halo: Halo;
  readonly gateway: Gateway;
  /** Where the gateway really listens. */
  readonly address: string;
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  browser(): Browser;
}

/** Settings that differ from the world's own; `connection` from its one connection. */
export interface Differences {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly connection?: Readonly<Record<string, unknown>>;
  /** In place of the one connection, all of them: given the stand-in's authority. */
  readonly connections?: (authority: string) => readonly object[];
}

/** @param t ends everything with the test */
export async function startWorld(t: Teardown, differences: Differences = {}): Promise<World> {
  const { settings = {}, connection = {} } = differences;
  const entra = await startEntra();
  const halo = await startHalo();
  const { authPath, ...others } = settings;
  const text = JSON.stringify({
    version: 1,
    listen: '127.0.0.1:0',
    halo: { upstream: halo.url, ...(authPath === undefined ? {} : { authPath }) },
    portals: [
      { name: 'agents', kind: 'agent', url: AGENTS },
      { name: 'customers', kind: 'user', url: CUSTOMERS },
      { name: 'support', kind: 'user', url: SUPPORT },
    ],
    connections: differences.connections?.(entra.url) ?? [{ ...connectionTo(entra.url), ...connection }],
    session: { secret: SESSION_SECRET },
    ...others,
  });
  const { config, findings } = await loadSettingsText(text, { file: 'test.yaml' });
  if (!config) throw new Error(findings.map(({ code, message }) => `${code} ${message}`).join('\n'));

  const logs: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: line => logs.push(JSON.parse(line)) });
  const telemetry = await createTelemetry({ audit: { stream: createAuditTrail(logs) }, log });
  const gateway = await createGateway(config, { log, telemetry });
  const address = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(async () => {
    gateway.closeSockets(0);
    gateway.app.server.closeAllConnections();
    await gateway.app.close();
    await gateway.close();
    await Promise.all([halo.close(), entra.close()]);
  });
  const hosts = { [AGENTS]: address, [new URL(SUPPORT).origin]: address };
  return { entra, halo, gateway, address, logs, browser: () => new Browser(hosts) };
}

import { connectionTo, customersTo, partnersTo } from './connection.ts';
import { HOME } from './entra/index.ts';

/** What the demo's settings depend on. */
export interface DemoAddresses {
  /** The public port on localhost, and the one that this gateway listens on. */
  readonly port: number;
  readonly ownPort: number;
  readonly opsPort: number;
  readonly entra: string;
  readonly graph: string;
  readonly halo: string;
  readonly secret: string;
  /** The Redis that replicas share; left out: sessions in memory. */
  readonly redis?: string;
}

/** The settings of the demo, as an administrator would write them (JSON is YAML). */
export function demoSettings({ port, ownPort, opsPort, entra, graph, halo, secret, redis }: DemoAddresses): object {
  const url = `http://localhost:${port}`;
  return {
    version: 1,
    listen: `127.0.0.1:${ownPort}`,
    opsListen: `127.0.0.1:${opsPort}`,
    halo: { upstream: halo },
    portals: [
      { name: 'agents', kind: 'agent', url },
      { name: 'customers', kind: 'user', url: `${url}/portal` },
    ],
    connections: [{ ...connectionTo(entra), domains: [HOME.domain] }, partnersTo(entra), customersTo(entra, graph)],
    session: { secret, ...(redis === undefined ? {} : { redis: { url: redis } }) },
    pages: { title: 'Example Helpdesk', support: 'mailto:it@example.com' },
    log: { level: 'info' },
  };
}

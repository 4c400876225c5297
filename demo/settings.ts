import { connectionTo, customersTo, partnersTo } from './connection.ts';
import { HOME } from './entra/index.ts';
import { EXTRAS, type ExtraName } from './extras.ts';

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
  /** What else is set. */
  readonly extras: readonly ExtraName[];
}

/** The settings of the demo, as an administrator would write them (JSON is YAML). */
export function demoSettings(addresses: DemoAddresses): object {
  const { port, ownPort, opsPort, entra, graph, halo, secret, redis, extras } = addresses;
  const url = `http://localhost:${port}`;
  const others = extras.map(name => EXTRAS[name].settings(port));
  return {
    ...Object.assign({}, ...others),
    version: 1,
    listen: `127.0.0.1:${ownPort}`,
    opsListen: `127.0.0.1:${opsPort}`,
    halo: { upstream: halo },
    portals: [
      { name: 'agents', kind: 'agent', url },
      { name: 'customers', kind: 'user', url: `${url}/portal` },
      ...others.flatMap(other => ('portals' in other ? other.portals : [])),
    ],
    connections: [
      { ...connectionTo(entra), graph, domains: [HOME.domain] },
      { ...partnersTo(entra), graph },
      customersTo(entra, graph),
    ],
    session: { secret, ...(redis === undefined ? {} : { redis: { url: redis } }) },
    pages: { title: 'Example Helpdesk', support: 'mailto:it@example.com' },
    log: { level: 'info' },
  };
}

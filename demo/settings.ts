import { connectionTo } from './connection.ts';

/** What the demo's settings depend on. */
export interface DemoAddresses {
  /** The port of the public listener on localhost. */
  readonly port: number;
  readonly opsPort: number;
  readonly entra: string;
  readonly halo: string;
  readonly secret: string;
}

/** The settings of the demo, as an administrator would write them (JSON is YAML). */
export function demoSettings({ port, opsPort, entra, halo, secret }: DemoAddresses): object {
  const url = `http://localhost:${port}`;
  return {
    version: 1,
    listen: `127.0.0.1:${port}`,
    opsListen: `127.0.0.1:${opsPort}`,
    halo: { upstream: halo },
    portals: [
      { name: 'agents', kind: 'agent', url },
      { name: 'customers', kind: 'user', url: `${url}/portal` },
    ],
    connections: [connectionTo(entra)],
    session: { secret },
    pages: { title: 'Example Helpdesk', support: 'mailto:it@example.com' },
    log: { level: 'info' },
  };
}

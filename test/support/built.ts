import { connectionTo } from '../../demo/connection.ts';
import { type Entra, startEntra } from '../../demo/entra/index.ts';
import { type Halo, startHalo } from '../../demo/halo/index.ts';
import { freePort } from './free-port.ts';
import { startGateway } from './gateway.ts';
import { SESSION_SECRET } from './world.ts';

type Test = Parameters<typeof startGateway>[0];

/** The built gateway as a process of its own between the stand-ins, on `http://localhost`. */
export interface BuiltWorld {
  readonly entra: Entra;
  readonly halo: Halo;
  /** The agent app's origin; the portal is at `/portal`. */
  readonly url: string;
  readonly gateway: Awaited<ReturnType<typeof startGateway>>;
  /** Another replica with the same settings on a port of its own. */
  replica(): Promise<Awaited<ReturnType<typeof startGateway>>>;
}

type Settings = Readonly<Record<string, unknown>>;

/** What the settings of a world may be made of. */
interface Given {
  readonly url: string;
  readonly authority: string;
  readonly entra: Entra;
}

/** @param settings replace those of the world, key by key; may depend on its addresses, and on what is started beside the provider */
export async function startBuiltWorld(
  t: Test,
  settings: Settings | ((given: Given) => Settings | Promise<Settings>) = {},
): Promise<BuiltWorld> {
  const entra = await startEntra();
  const halo = await startHalo();
  t.teardown(() => Promise.all([entra.close(), halo.close()]));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const common = {
    version: 1,
    opsListen: '127.0.0.1:0',
    halo: { upstream: halo.url },
    portals: [
      { name: 'agents', kind: 'agent', url },
      { name: 'customers', kind: 'user', url: `${url}/portal` },
    ],
    connections: [connectionTo(entra.url)],
    session: { secret: SESSION_SECRET },
    ...(typeof settings === 'function' ? await settings({ url, authority: entra.url, entra }) : settings),
  };
  return {
    entra,
    halo,
    url,
    gateway: await startGateway(t, { ...common, listen: `127.0.0.1:${port}` }),
    replica: () => startGateway(t, { ...common, listen: '127.0.0.1:0' }),
  };
}

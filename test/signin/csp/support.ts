import { setImmediate } from 'node:timers/promises';
import type { Test } from 'tap';
import { CLIENT, type Entra, HOME, startEntra } from '../../../demo/entra/index.ts';
import { type Graph, startGraph } from '../../../demo/graph/index.ts';
import { type Connection, type CspConfig, loadSettingsText } from '../../../src/config/index.ts';
import type { Pace } from '../../../src/signin/pace.ts';
import { sound } from '../../support/settings.ts';

/** The stand-ins for Entra ID and Graph. */
export async function startProviders(t: Test, pageSize?: number): Promise<{ entra: Entra; graph: Graph }> {
  const entra = await startEntra();
  const graph = await startGraph({ entra, ...(pageSize === undefined ? {} : { pageSize }) });
  t.teardown(() => Promise.all([entra.close(), graph.close()]));
  return { entra, graph };
}

export interface CspConnection extends Connection {
  readonly csp: CspConfig;
}

/** A multi-tenant connection that lists nobody and takes the partner's customers. */
export async function cspConnection(
  { entra, graph }: { readonly entra: Pick<Entra, 'url'>; readonly graph: Pick<Graph, 'url'> },
  csp: Partial<CspConfig> = {},
  others: Partial<Connection> = {},
): Promise<CspConnection> {
  const { config, findings } = await loadSettingsText(sound, { file: 'test.yaml' });
  const [connection] = config?.connections ?? [];
  if (!connection) throw new Error(findings.map(({ message }) => message).join('\n'));
  return {
    ...connection,
    name: 'partners',
    issuer: `${entra.url}/organizations/v2.0`,
    authority: entra.url,
    graph: graph.url,
    tenantType: 'multi',
    tenants: [],
    clientId: CLIENT.id,
    credential: { secret: CLIENT.secret },
    ...others,
    csp: { partnerTenant: HOME.id, include: 'all', exclude: [], refresh: 3_600_000, ...csp },
  };
}

/** A clock that stands still unless it is told to go on; whoever sleeps wakes when it has gone far enough. */
export class FakePace implements Pace {
  #now = Date.UTC(2026, 0, 1);
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  /** How long was slept, each time. */
  readonly slept: number[] = [];

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(milliseconds);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(new DOMException('Stopped.', 'AbortError'));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    this.#sleepers.push({ until: this.#now + milliseconds, wake: resolve });
    await promise;
  }

  /** Lets time pass, one sleeper after the other, and all that follows from it happen that needs no network. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      const next = this.#sleepers.sort((one, other) => one.until - other.until)[0];
      if (!next || next.until > end) break;
      this.#sleepers.shift();
      this.#now = Math.max(this.#now, next.until);
      next.wake();
      await settle();
    }
    this.#now = end;
  }
}

/** A clock on which every wait is over at once. */
export class HastyPace extends FakePace {
  #ahead = 0;

  override now(): number {
    return super.now() + this.#ahead;
  }

  override async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.#ahead += milliseconds;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
}

import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Config } from './config/index.ts';
import { createListener, createSockets } from './exchange/index.ts';
import { createGeneration } from './generation.ts';
import type { Telemetry, TenantsFacts } from './ops/index.ts';
import { SharedKeys } from './proxy/index.ts';
import {
  createLiveSealer,
  createMemoryStore,
  createRedisStore,
  createSealer,
  createSessions,
  recordStore,
  type Sessions,
  type Store,
} from './sessions/index.ts';
import { createProviders, createRefreshing, createTenants, type PreparedTenants, systemPace } from './signin/index.ts';

/** The gateway, not yet listening. */
export interface Gateway {
  /** The public listener. */
  readonly app: FastifyInstance;
  readonly sessions: Sessions;
  /** How the lists of admitted tenants stand. */
  tenants(): readonly TenantsFacts[];
  /**
   * Puts other settings in the place of those in use, in one step. Requests under way end by those that they began with; sessions and
   * open WebSockets obey the new ones at once. Listeners and store stay what they are. Not to be called again before it resolves.
   * @throws Error where the settings cannot be used: then nothing has changed
   */
  apply(config: Config): Promise<void>;
  /** From now on every answer of the gateway's own closes its connection. */
  setDraining(): void;
  /** Closes the open WebSockets (1001), spread over a time. @param within milliseconds */
  closeSockets(within: number): void;
  /** Closes what the gateway holds open beside its listener. */
  close(): Promise<void>;
}

interface Surroundings {
  readonly log: FastifyBaseLogger;
  readonly telemetry: Pick<Telemetry, 'audit' | 'recorder' | 'trace'>;
}

/**
 * Wires the house: settings in, an application out. What outlives the settings is made here, once; the rest is a generation.
 * @param config checked settings
 * @param surroundings.log where everything is logged
 * @param surroundings.telemetry what is counted, traced and audited
 */
export async function createGateway(config: Config, { log, telemetry }: Surroundings): Promise<Gateway> {
  const { audit, recorder } = telemetry;
  const store = recordStore(createStore(config, log), recorder);
  const ownSealer = createSealer(config.session.secrets);
  const sealer = createLiveSealer(ownSealer);
  const providers = createProviders(recorder);
  const sessions = createRefreshing({
    get config() {
      return current.config;
    },
    get policy() {
      return current.policy;
    },
    sessions: createSessions({ store, sealer, config: config.session, log }),
    tenantsKnown: name => tenants.known(name),
    provider: providers.of,
    audit,
    recorder,
    log,
    pace: systemPace,
  });
  const tenants = createTenants({
    config,
    store,
    sealer,
    log,
    recorder,
    changed: () => current.admit(tenants.admitted()),
  });
  const sockets = createSockets(sessions, () => current);
  let draining = false;
  const lasting = {
    store,
    sessions,
    sockets,
    providers,
    tenants,
    sharedKeys: new SharedKeys({ sealer, shared: { get: store.getShared, replace: store.replaceShared } }),
    telemetry,
    log,
    isDraining: () => draining,
  };
  let current = createGeneration(config, lasting, { sealer: ownSealer, tenants: tenants.admitted() });
  const listener = await createListener(config, log, (...exchange) => current.exchange(...exchange));

  function exchangeGeneration(config: Config, prepared: PreparedTenants): void {
    const nextSealer = createSealer(config.session.secrets);
    const next = createGeneration(config, lasting, { sealer: nextSealer, tenants: prepared.admitted() });
    listener.obey(config);
    // From here on nothing fails, and nothing waits: nobody sees a half of it.
    const before = current;
    current = next;
    prepared.use();
    sealer.use(nextSealer);
    sessions.obey(config.session);
    providers.keep(config.connections);
    sockets.judge();
    before.retire();
  }

  // Sessions may be there already: none is to be refused because the list that the store remembers has not been read yet.
  await tenants.looked;
  return {
    app: listener.app,
    sessions,
    tenants: tenants.status,
    async apply(config) {
      const prepared = await tenants.prepare(config.connections);
      try {
        exchangeGeneration(config, prepared);
      } catch (error) {
        prepared.drop();
        throw error;
      }
    },
    setDraining() {
      draining = true;
      sessions.leaveOff();
    },
    closeSockets: sockets.closeAll,
    async close() {
      sockets.stop();
      current.retire();
      await tenants.close();
      await sessions.close();
    },
  };
}

function createStore({ session: { redis } }: Config, log: FastifyBaseLogger): Store {
  return redis ? createRedisStore(redis, { log }) : createMemoryStore();
}

import { METHODS } from 'node:http';
import httpProxy from '@fastify/http-proxy';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { createAnswers } from './answers/index.ts';
import { type Config, type Connection, createRanges } from './config/index.ts';
import { answerClientError, carryUpgrades, createExchange, createSockets, isWebSocket } from './exchange/index.ts';
import { createAudit } from './ops/index.ts';
import { createPages } from './pages/index.ts';
import { compilePolicy } from './policy/index.ts';
import { createLocate } from './portals/index.ts';
import {
  createAssertions,
  createClientAddress,
  createForwarder,
  createFromTrustedProxy,
  createIdentityHeaders,
  createUpgrade,
} from './proxy/index.ts';
import {
  createMemoryStore,
  createRedisStore,
  createSealer,
  createSessions,
  type Sessions,
  type Store,
} from './sessions/index.ts';
import {
  createBrowser,
  createLimits,
  createLogoutTokens,
  createProvider,
  createRefreshing,
  createTenants,
  createTransactions,
  type Provider,
  systemPace,
  type TenantsStatus,
} from './signin/index.ts';

/** A request's head may be this long, in bytes: browsers carry many of Halo's cookies. */
const MAX_HEADER_SIZE = 32 * 1024;

/** The gateway, not yet listening. */
export interface Gateway {
  /** The public listener. */
  readonly app: FastifyInstance;
  readonly sessions: Sessions;
  /** How the lists of admitted tenants stand. */
  tenants(): readonly TenantsStatus[];
  /** From now on every answer of the gateway's own closes its connection. */
  setDraining(): void;
  /** Closes the open WebSockets (1001), spread over a time. @param within milliseconds */
  closeSockets(within: number): void;
  /** Closes what the gateway holds open beside its listener. */
  close(): Promise<void>;
}

/**
 * Wires the house: settings in, an application out.
 * @param config checked settings
 * @param log where everything is logged
 */
export async function createGateway(config: Config, { log }: { readonly log: FastifyBaseLogger }): Promise<Gateway> {
  const store = createStore(config, log);
  const sealer = createSealer(config.session.secrets);
  const audit = createAudit(log);
  const provider = createProviders();
  const sessions = createRefreshing({
    config,
    get policy() {
      return policy;
    },
    sessions: createSessions({ store, sealer, config: config.session, log }),
    tenantsKnown: name => tenants.known(name),
    provider,
    audit,
    log,
    pace: systemPace,
  });
  const tenants = createTenants({
    config,
    store,
    sealer,
    log,
    changed: () => {
      policy = compilePolicy(config, tenants.admitted());
    },
  });
  let policy = compilePolicy(config, tenants.admitted());
  const locate = createLocate(config);
  const answers = createAnswers(createPages(config.pages));
  const forwarder = createForwarder(config);
  const sockets = createSockets(sessions, () => policy);
  const assertions =
    config.identity.assertion &&
    createAssertions({
      config: config.identity.assertion,
      sealer,
      shared: { get: store.getShared, replace: store.replaceShared },
    });
  let draining = false;

  const exchange = createExchange({
    config,
    locate,
    get policy() {
      return policy;
    },
    sessions,
    answers,
    audit,
    forwarder,
    upgrade: createUpgrade(config),
    sockets,
    log,
    identityHeaders: createIdentityHeaders(config, assertions),
    ...(assertions ? { assertions } : {}),
    clientAddress: createClientAddress(config.trustedProxies),
    fromTrustedProxy: createFromTrustedProxy(config.trustedProxies),
    emergency: createEmergency(config),
    isDraining: () => draining,
    signIn: {
      config,
      locate,
      get policy() {
        return policy;
      },
      tenantsKnown: tenants.known,
      sessions,
      answers,
      audit,
      log,
      once: store.once,
      limits: createLimits({
        limit: config.limits.signIn,
        store,
        sealer,
        recorder: { rateLimited: kind => log.warn({ kind }, 'a client signs in too often') },
      }),
      readLogoutToken: createLogoutTokens(config.connections, provider),
      transactions: createTransactions(sealer),
      browser: createBrowser(sealer),
      provider,
      now: Date.now,
    },
  });

  // Sessions may be there already: none is to be refused because the list that the store remembers has not been read yet.
  await tenants.looked;
  return {
    app: await createApp(config, log, exchange),
    sessions,
    tenants: tenants.status,
    setDraining() {
      draining = true;
    },
    closeSockets: sockets.closeAll,
    async close() {
      sockets.stop();
      await Promise.all([forwarder.close(), tenants.close()]);
      await sessions.close();
    },
  };
}

function createStore({ session: { redis } }: Config, log: FastifyBaseLogger): Store {
  return redis ? createRedisStore(redis, { log }) : createMemoryStore();
}

/** One provider a connection, made when it is first needed. */
function createProviders(): (connection: Connection) => Provider {
  const providers = new WeakMap<Connection, Provider>();
  return connection => {
    const provider = providers.get(connection) ?? createProvider(connection);
    providers.set(connection, provider);
    return provider;
  };
}

function createEmergency({ emergency }: Config): (client: string) => boolean {
  if (!emergency) return () => false;
  const isFrom = createRanges(emergency.from);
  return client => Date.now() < emergency.until && isFrom(client);
}

/** The listener: every method and every target goes one way, through the exchange. */
async function createApp(
  config: Config,
  log: FastifyBaseLogger,
  exchange: ReturnType<typeof createExchange>,
): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: log,
    // Its own lines hold the whole target, a callback's code included; the exchange writes better ones.
    logController: new LogController({ disableRequestLogging: true }),
    // The router must not judge targets: the exchange reads the raw one (`originalUrl`) and normalises it itself.
    rewriteUrl: () => '/',
    // Long uploads are not an attack; silence in the middle of one is watched where the body is read.
    requestTimeout: 0,
    keepAliveTimeout: config.timeouts.idle,
    http: {
      maxHeaderSize: MAX_HEADER_SIZE,
      shouldUpgradeCallback: isWebSocket,
      headersTimeout: config.timeouts.headers,
      connectionsCheckingInterval: Math.min(1000, config.timeouts.headers),
    },
    clientErrorHandler: answerClientError,
  });
  const methods = METHODS.filter(method => method !== 'CONNECT');
  // Nobody parses a body, nor judges what it is said to be: as if there were none, it passes as it came.
  for (const method of methods) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  await app.register(httpProxy, {
    upstream: config.halo.upstream.origin,
    httpMethods: methods,
    async handler({ raw }, reply) {
      reply.hijack();
      await exchange(raw, reply.raw, 'originalUrl' in raw ? String(raw.originalUrl) : '');
    },
  });
  // The client that asks before it sends is answered by whoever reads the body, once it is decided that somebody does.
  carryUpgrades(app.server, exchange);
  app.server.on('checkContinue', (request, response) => app.server.emit('request', request, response));
  // An expectation that nobody knows is no reason to refuse (RFC 9110 section 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  return app;
}

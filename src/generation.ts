import type { FastifyBaseLogger } from 'fastify';
import { createAnswers } from './answers/index.ts';
import { type Config, createRanges } from './config/index.ts';
import { createExchange, createRetiring, type Exchange, type Sockets } from './exchange/index.ts';
import type { Telemetry } from './ops/index.ts';
import { createPages } from './pages/index.ts';
import { type AdmittedTenants, compilePolicy, type Policy } from './policy/index.ts';
import { createLocate } from './portals/index.ts';
import {
  createAssertions,
  createClientAddress,
  createForwarder,
  createFromTrustedProxy,
  createIdentityHeaders,
  createUpgrade,
  type SharedKeys,
} from './proxy/index.ts';
import type { Sealer, Sessions, Store } from './sessions/index.ts';
import {
  createBrowser,
  createLimits,
  createLogoutTokens,
  createTransactions,
  type Providers,
  type Tenants,
} from './signin/index.ts';

/** What serves by one set of settings, until another set takes its place. A request ends in the generation that it began in. */
export interface Generation {
  readonly config: Config;
  /** As it is now: tenants come and go. */
  readonly policy: Policy;
  readonly exchange: Exchange;
  /** Other tenants are admitted from now on. */
  admit(tenants: AdmittedTenants): void;
  /** Takes nobody new, and closes what it holds open when its last request has ended. */
  retire(): void;
}

/** What outlives every set of settings. */
export interface Lasting {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly sockets: Sockets;
  readonly providers: Providers;
  readonly tenants: Pick<Tenants, 'known'>;
  readonly sharedKeys: SharedKeys;
  readonly telemetry: Pick<Telemetry, 'audit' | 'recorder' | 'trace'>;
  readonly log: FastifyBaseLogger;
  readonly isDraining: () => boolean;
}

/**
 * Makes what is a function of the settings. Nothing of it acts before the first request.
 * @param sealer seals under the secrets of these settings
 * @param tenants whom multi-tenant connections admit now
 * @throws Error for settings that do not compile
 */
export function createGeneration(
  config: Config,
  lasting: Lasting,
  { sealer, tenants }: { readonly sealer: Sealer; readonly tenants: AdmittedTenants },
): Generation {
  const { store, sessions, log } = lasting;
  const { audit, recorder, trace } = lasting.telemetry;
  const fromTrustedProxy = createFromTrustedProxy(config.trustedProxies);
  let policy = compilePolicy(config, tenants);
  const locate = createLocate(config);
  const answers = createAnswers(createPages(config.pages));
  const forwarder = createForwarder(config);
  const { assertion } = config.identity;
  const assertions = assertion && createAssertions({ config: assertion, sharedKeys: lasting.sharedKeys });
  const exchange = createExchange({
    config,
    locate,
    get policy() {
      return policy;
    },
    sessions,
    answers,
    audit,
    recorder,
    forwarder,
    upgrade: createUpgrade(config),
    sockets: lasting.sockets,
    log,
    identityHeaders: createIdentityHeaders(config, assertions),
    ...(assertions ? { assertions } : {}),
    clientAddress: createClientAddress(config.trustedProxies),
    fromTrustedProxy,
    emergency: createEmergency(config),
    isDraining: lasting.isDraining,
    signIn: {
      config,
      locate,
      get policy() {
        return policy;
      },
      tenantsKnown: lasting.tenants.known,
      sessions,
      answers,
      audit,
      recorder,
      log,
      once: store.once,
      limits: createLimits({ limit: config.limits.signIn, store, sealer, recorder }),
      readLogoutToken: createLogoutTokens(config.connections, lasting.providers.of, recorder),
      transactions: createTransactions(sealer),
      browser: createBrowser(sealer),
      provider: lasting.providers.of,
      now: Date.now,
    },
  });
  return {
    config,
    get policy() {
      return policy;
    },
    admit(admitted) {
      policy = compilePolicy(config, admitted);
    },
    ...createRetiring(trace(exchange, fromTrustedProxy), () => void forwarder.close()),
  };
}

function createEmergency({ emergency }: Config): (client: string) => boolean {
  if (!emergency) return () => false;
  const isFrom = createRanges(emergency.from);
  return client => Date.now() < emergency.until && isFrom(client);
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import {
  type Config,
  createReload,
  formatFinding,
  type Loaded,
  type LoadState,
  loadSettings,
} from '../config/index.ts';
import { createGateway } from '../gateway.ts';
import {
  type AuditEvent,
  createHealth,
  createLog,
  createOpsListener,
  createTelemetry,
  describeStatus,
  drain,
  readVersion,
  trackConnections,
} from '../ops/index.ts';
import { BAD_CONFIGURATION } from './exit-status.ts';
import { ListenError, listen } from './listen.ts';
import { listenForSignals } from './signals.ts';

/** How long the store and the upstreams, and the audit log, may take to be left in good order, in milliseconds: nobody waits for them at the end. */
const CLOSING_TIME = 7000;

/**
 * `halogate serve`: loads the settings and serves until SIGTERM or SIGINT.
 * @param args `config` is the settings file
 * @returns the exit status: 0 after a drain, 78 for bad settings, 1 where an address cannot be listened on
 */
export async function serve(args: { readonly config: string }): Promise<number> {
  const at = Date.now();
  const { config, findings, files } = await loadSettings(args.config);
  for (const finding of findings) process.stderr.write(`${formatFinding(finding)}\n`);
  if (!config) return BAD_CONFIGURATION;

  const log = createLog(config.log.level);
  endOnFaults(log);
  try {
    await run(args.config, { config, files, at }, log);
    return 0;
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    process.stderr.write(`halogate: ${error.message}\n`);
    return 1;
  }
}

/** Settings, what they were read from, and when: milliseconds since the epoch. */
type LoadedAt = Pick<Loaded, 'files'> & { readonly config: Config; readonly at: number };

/** Serves, and resolves once the gateway has been told to end and has drained. */
async function run(file: string, loaded: LoadedAt, log: FastifyBaseLogger): Promise<void> {
  const { config } = loaded;
  const signals = listenForSignals();
  const version = readVersion();
  log.info({ version, node: process.version, configHash: config.hash }, 'starting');
  if (!config.session.redis) log.warn({}, 'sessions are in memory: one process only, and they end with it');

  const telemetry = await createTelemetry({ ...config, log });
  const gateway = await createGateway(config, { log, telemetry });
  const reload = createReload({
    file,
    loaded,
    async apply(config) {
      await gateway.apply(config);
      log.level = config.log.level;
    },
    log,
    ended: state => telemetry.audit.record(reloadEvent(state)),
  });
  signals.onReload(() => {
    telemetry.reopen();
    reload.demand();
  });
  const inUse = () => reload.state().config;
  const health = createHealth({ ping: gateway.sessions.ping, storeReadiness: () => inUse().storeReadiness });
  const status = () => describeStatus(version, reload.state(), health.store(), gateway.tenants(), Date.now());
  const metrics = telemetry.metrics.expose({
    version,
    settings: reload.state,
    sessions: gateway.sessions.active,
    tenants: gateway.tenants,
  });
  const ops = createOpsListener({ health, status, metrics, log });
  const connections = trackConnections(gateway.app.server);
  await Promise.all([gateway.app.ready(), ops.ready()]);
  log.info({ address: await listen(ops.server, config.opsListen, 'opsListen') }, 'ops listening');
  log.info({ address: await listen(gateway.app.server, config.listen, 'listen') }, 'listening');
  health.started();

  log.info({ signal: await signals.stop }, 'told to end');
  health.draining();
  gateway.setDraining();
  await reload.close();
  await drain({
    server: gateway.app.server,
    connections,
    ...inUse().drain,
    closeSockets: gateway.closeSockets,
    hurry: signals.hurry,
    log,
  });
  health.close();
  await Promise.race([gateway.close(), sleep(CLOSING_TIME)]);
  await Promise.race([telemetry.close(), sleep(CLOSING_TIME)]);
  // Nobody waits for a probe that is slow to end.
  ops.server.closeAllConnections();
  await Promise.all([gateway.app.close(), ops.close()]);
}

function reloadEvent({ config, failure }: LoadState): AuditEvent {
  if (!failure) return { action: 'reload', outcome: 'success', configHash: config.hash };
  return {
    action: 'reload',
    outcome: 'failure',
    reason: 'SETTINGS_REFUSED',
    detail: failure.why,
    configHash: config.hash,
  };
}

/** After a fault that nobody caught nothing can be relied upon: the platform starts another process. */
function endOnFaults(log: FastifyBaseLogger): void {
  const end = (error: unknown) => {
    log.fatal({ err: error }, 'ended by a fault');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

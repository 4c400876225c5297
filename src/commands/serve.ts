import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { type Config, formatFinding, loadSettings } from '../config/index.ts';
import { createGateway } from '../gateway.ts';
import {
  createHealth,
  createLog,
  createOpsListener,
  describeStatus,
  drain,
  readVersion,
  trackConnections,
} from '../ops/index.ts';
import { BAD_CONFIGURATION } from './exit-status.ts';
import { ListenError, listen } from './listen.ts';
import { listenForSignals } from './signals.ts';

/** How long the store and the upstreams may take to be left in good order, in milliseconds: nobody waits for them at the end. */
const CLOSING_TIME = 2000;

/**
 * `halogate serve`: loads the settings and serves until SIGTERM or SIGINT.
 * @param args `config` is the settings file
 * @returns the exit status: 0 after a drain, 78 for bad settings, 1 where an address cannot be listened on
 */
export async function serve(args: { readonly config: string }): Promise<number> {
  const loadedAt = Date.now();
  const { config, findings } = await loadSettings(args.config);
  for (const finding of findings) process.stderr.write(`${formatFinding(finding)}\n`);
  if (!config) return BAD_CONFIGURATION;

  const log = createLog(config.log.level);
  endOnFaults(log);
  process.on('SIGHUP', () => log.warn({}, 'SIGHUP ignored: reload is not supported yet'));
  try {
    await run(config, loadedAt, log);
    return 0;
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    process.stderr.write(`halogate: ${error.message}\n`);
    return 1;
  }
}

/** Serves, and resolves once the gateway has been told to end and has drained. */
async function run(config: Config, loadedAt: number, log: FastifyBaseLogger): Promise<void> {
  const signals = listenForSignals();
  const version = readVersion();
  log.info({ version, node: process.version, configHash: config.hash }, 'starting');
  if (!config.session.redis) log.warn({}, 'sessions are in memory: one process only, and they end with it');

  const gateway = await createGateway(config, { log });
  const health = createHealth({ ping: gateway.sessions.ping, storeReadiness: config.storeReadiness });
  const status = () => describeStatus(version, { config, at: loadedAt }, health.store(), gateway.tenants(), Date.now());
  const ops = createOpsListener({ health, status, log });
  const connections = trackConnections(gateway.app.server);
  await Promise.all([gateway.app.ready(), ops.ready()]);
  log.info({ address: await listen(ops.server, config.opsListen) }, 'ops listening');
  log.info({ address: await listen(gateway.app.server, config.listen) }, 'listening');
  health.started();

  log.info({ signal: await signals.stop }, 'told to end');
  health.draining();
  gateway.setDraining();
  await drain({
    server: gateway.app.server,
    connections,
    ...config.drain,
    closeSockets: gateway.closeSockets,
    hurry: signals.hurry,
    log,
  });
  health.close();
  await Promise.race([gateway.close(), sleep(CLOSING_TIME)]);
  // Nobody waits for a probe that is slow to end.
  ops.server.closeAllConnections();
  await Promise.all([gateway.app.close(), ops.close()]);
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

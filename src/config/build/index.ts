import type { Config, HaloConfig, PagesConfig } from '../config.ts';
import { defaults } from '../defaults.ts';
import type { Outside } from '../outside.ts';
import type { Settings } from '../schema/index.ts';
import { parseDuration, parseListen, parseRate } from '../units.ts';
import { buildConnection } from './connections.ts';
import { found } from './found.ts';
import { buildIdentity } from './identity.ts';
import { buildAuthPath, buildShared } from './layout.ts';
import { buildPortal } from './portals.ts';
import { buildEmergency, buildRoutes } from './routes.ts';
import { buildSession } from './session.ts';
import { buildUpstream } from './upstream.ts';

export { buildLayout, type Layout } from './layout.ts';

/**
 * Fills in the defaults.
 * @param settings without errors
 * @param outside what they point at, read whole
 * @param hash see {@link Config.hash}
 */
export function buildConfig(settings: Settings, outside: Outside, hash: string): Config {
  const halo = buildHalo(settings.halo, outside);
  const portals = settings.portals.map((portal, index) =>
    buildPortal(portal, outside.portalTls.get(index) ?? {}, halo.upstream),
  );
  return {
    hash,
    listen: found(parseListen(settings.listen ?? defaults.listen)),
    opsListen: found(parseListen(settings.opsListen ?? defaults.opsListen)),
    ...(outside.listenerTls === undefined ? {} : { tls: outside.listenerTls }),
    trustedProxies: settings.trustedProxies ?? [],
    halo,
    portals,
    connections: settings.connections.map((connection, index) =>
      buildConnection(connection, found(outside.credentials.get(index)), portals),
    ),
    routes: buildRoutes(settings.routes ?? {}),
    ...(settings.emergency === undefined ? {} : { emergency: buildEmergency(settings.emergency) }),
    session: buildSession(settings.session, outside),
    identity: buildIdentity(settings.identity ?? {}, outside.assertionKey),
    limits: buildLimits(settings.limits ?? {}),
    timeouts: {
      headers: parseDuration(settings.timeouts?.headers ?? defaults.headersTimeout),
      idle: parseDuration(settings.timeouts?.idle ?? defaults.idleTimeout),
    },
    drain: {
      wait: parseDuration(settings.drain?.wait ?? defaults.drainWait),
      deadline: parseDuration(settings.drain?.deadline ?? defaults.drainDeadline),
    },
    storeReadiness: parseDuration(settings.storeReadiness ?? defaults.storeReadiness),
    pages: buildPages(settings.pages ?? {}, outside),
    log: { level: settings.log?.level ?? defaults.logLevel },
    audit: outside.auditFile === undefined ? {} : { file: outside.auditFile },
    ...(settings.tracing === undefined ? {} : { tracing: { endpoint: settings.tracing.endpoint.replace(/\/$/, '') } }),
  };
}

function buildHalo(settings: Settings['halo'], outside: Outside): HaloConfig {
  return {
    upstream: buildUpstream(settings.upstream, outside.haloTls),
    authPath: buildAuthPath(settings),
    shared: buildShared(settings),
    timeout: parseDuration(settings.timeout ?? defaults.haloTimeout),
  };
}

function buildLimits({ signIn = defaults.signInLimit }: NonNullable<Settings['limits']>): Config['limits'] {
  return signIn === 0 ? {} : { signIn: parseRate(signIn) };
}

function buildPages(
  { title = defaults.title, support }: NonNullable<Settings['pages']>,
  { logo }: Outside,
): PagesConfig {
  return { title, ...(logo === undefined ? {} : { logo }), ...(support === undefined ? {} : { support }) };
}

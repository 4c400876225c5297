import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.ts';

/**
 * What a process has opened for good, its listeners, its store, its audit log and its way to a collector of traces: new settings for
 * these count from the next start on.
 * @param running the settings in use
 * @param next those that are to take their place
 * @returns `next` with those of `running` where they cannot be changed, and the keys of the settings that therefore wait
 */
export function keepFixed(
  running: Config,
  next: Config,
): { readonly config: Config; readonly waiting: readonly string[] } {
  const { redis } = running.session;
  const { redis: nextRedis, ...session } = next.session;
  const { tls: nextTls, tracing: _, ...others } = next;
  // A certificate is exchanged; a listener that speaks TLS goes on to speak it, and one that does not, not.
  const switchesTls = (running.tls === undefined) !== (nextTls === undefined);
  const tls = switchesTls ? running.tls : nextTls;
  const changes = {
    listen: !isDeepStrictEqual(running.listen, next.listen),
    opsListen: !isDeepStrictEqual(running.opsListen, next.opsListen),
    tls: switchesTls,
    'session.redis': !isDeepStrictEqual(redis, nextRedis),
    audit: !isDeepStrictEqual(running.audit, next.audit),
    tracing: !isDeepStrictEqual(running.tracing, next.tracing),
  };
  return {
    config: {
      ...others,
      listen: running.listen,
      opsListen: running.opsListen,
      audit: running.audit,
      ...(running.tracing === undefined ? {} : { tracing: running.tracing }),
      ...(tls === undefined ? {} : { tls }),
      session: { ...session, ...(redis === undefined ? {} : { redis }) },
    },
    waiting: Object.entries(changes).flatMap(([key, changed]) => (changed ? [key] : [])),
  };
}

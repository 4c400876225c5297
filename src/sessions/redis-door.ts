import { Cluster, Redis } from 'ioredis';
import type { RedisConfig, RedisNode } from '../config/index.ts';
import type { SessionsLog } from './log.ts';
import { createRedisLogin, type RedisLogin, signInWith } from './redis-login.ts';
import { retryDelay, type ServerOptions, serverOptions, soleServerOptions } from './redis-options.ts';
import { watchSentinels } from './redis-sentinels.ts';

/** Milliseconds between two looks at which master of a cluster has which keys. */
const SLOTS_REFRESH = 2000;

export type RedisClient = Redis | Cluster;

/** Opens connections to a Redis, whatever it consists of: each reconnects for ever, to where the master then is. */
export interface RedisDoor {
  /** A connection for commands. */
  openClient(): RedisClient;
  /** A connection to listen on: to a master of a cluster, else to the one server. */
  openFeed(master?: RedisNode): Redis;
  /** With what connections sign in, where that changes. */
  readonly login?: RedisLogin;
  /** Stops what serves the connections; they are their holders' to close. */
  close(): void;
}

/** @param timeout milliseconds that an answer may take */
export function createRedisDoor(config: RedisConfig, timeout: number, log: SessionsLog | undefined): RedisDoor {
  const login = config.entra && createRedisLogin(config.entra, config.username, log);
  const open = new Set<Redis>();
  const sentinels = 'sentinel' in config ? watchSentinels(config, timeout, reconnect) : [];

  function reconnect(): void {
    for (const redis of open) redis.disconnect(true);
  }

  function openOne(options: ServerOptions): Redis {
    const redis = new Redis({ ...options, lazyConnect: login !== undefined });
    // What goes wrong is told by whoever holds the connection; without a listener it would be printed.
    redis.on('error', () => {});
    open.add(redis);
    redis.once('end', () => open.delete(redis));
    if (login) signInWith(redis, login, () => void redis.connect().catch(() => {}));
    return redis;
  }

  function openCluster(nodes: readonly RedisNode[]): Cluster {
    // Its nodes are connected to when they are first asked, which has to be waited for; one that is lost is looked for among the others.
    const { enableOfflineQueue: _, retryStrategy, ...redisOptions } = serverOptions(config, timeout);
    const cluster = new Cluster([...nodes], {
      redisOptions,
      clusterRetryStrategy: retryStrategy,
      slotsRefreshTimeout: timeout,
      slotsRefreshInterval: SLOTS_REFRESH,
      // As with one server: what was under way when a connection broke fails.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      // Names stay names, as certificates carry names.
      dnsLookup: (name, done) => done(null, name),
      lazyConnect: login !== undefined,
    });
    cluster.on('error', () => {});
    cluster.on('+node', (node: Redis) => {
      watchAsking(node);
      // Those that are found at the start are connected to at once: what is wrong with the way to them is told by that alone.
      const connect = () => {
        if (cluster.status === 'connecting' && !node.options.readOnly) node.connect().catch(() => {});
      };
      if (login) signInWith(node, login, connect);
      else connect();
    });
    if (login) {
      const stop = login.follow(() => {
        if (cluster.status === 'wait') cluster.connect().catch(() => {});
      });
      cluster.once('end', stop);
    }
    return cluster;
  }

  return {
    openClient: () => ('cluster' in config ? openCluster(config.cluster) : openOne(soleServerOptions(config, timeout))),
    openFeed: master =>
      openOne({
        ...(master ? { ...serverOptions(config, timeout), ...master } : soleServerOptions(config, timeout)),
        retryStrategy: retryDelay,
        autoResubscribe: false,
      }),
    ...(login ? { login } : {}),
    close() {
      login?.close();
      for (const sentinel of sentinels) sentinel.disconnect();
    },
  };
}

/** The library sends ASKING and never looks at the answer: one that fails would end the process as a rejection that nobody handles. */
function watchAsking(node: Redis): void {
  const asking = async () => {
    await node.call('ASKING').catch(() => {});
    return 'OK' as const;
  };
  Object.assign(node, { asking });
}

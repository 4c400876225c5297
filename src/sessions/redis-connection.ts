import type { SessionsLog } from './log.ts';
import type { RedisClient, RedisDoor } from './redis-door.ts';
import { kindOf } from './redis-options.ts';
import { StoreUnreachableError } from './store.ts';

/** Milliseconds that an operation may take. */
export const TIMEOUT = 2000;

export interface RedisStoreOptions {
  readonly log?: SessionsLog;
  /** Milliseconds that an operation may take; default 2 s. */
  readonly timeout?: number;
}

/** A connection that answers within its time or says that it cannot. */
interface RedisConnection {
  /**
   * Asks the server. While it is disconnected this fails at once; only the first connection is waited for.
   * @throws StoreUnreachableError for whatever the server or the way to it does not do
   */
  ask<T>(operation: string, run: (redis: RedisClient) => Promise<T>): Promise<T>;
  readonly client: RedisClient;
  close(): Promise<void>;
}

/** Connects, and reconnects for ever. */
export function connectRedis(door: RedisDoor, { log, timeout = TIMEOUT }: RedisStoreOptions): RedisConnection {
  const redis = door.openClient();
  const connected = new Promise<void>(resolve => {
    for (const event of ['ready', 'close', 'error']) redis.once(event, resolve);
  });
  const watch = watchOver(redis, log);

  async function first(): Promise<void> {
    await door.login?.first;
    const missing = door.login?.missing();
    if (missing !== undefined) throw Object.assign(new Error('No login.'), { code: missing });
    await connected;
    // A cluster would keep what it is asked now, and do it when it is back.
    if (redis.status !== 'ready') throw new Error('Not connected.');
  }

  return {
    client: redis,
    async ask(operation, run) {
      try {
        return await within(
          timeout,
          first().then(() => run(redis)),
        );
      } catch (error) {
        throw new StoreUnreachableError(operation, { cause: kindOf(error) ?? watch.reason() });
      }
    },
    async close() {
      watch.stop();
      // QUIT lets what was sent before be answered; where the server does not answer, nothing is waited for.
      await within(timeout, redis.quit()).catch(() => undefined);
      redis.disconnect();
    },
  };
}

interface Watch {
  /** The kind of error that ended the connection, or kept it from being made. */
  reason(): string;
  stop(): void;
}

/** Says once that the store is gone and once that it is back; every attempt in between would fill the log. */
function watchOver(redis: RedisClient, log: SessionsLog | undefined): Watch {
  let lost = false;
  let stopped = false;
  let reason = 'CLOSED';
  const gone = () => {
    if (!lost && !stopped)
      log?.warn({ reason }, 'the session store cannot be reached: halogate doctor says how to mend it');
    lost = true;
  };
  redis.on('error', (error: unknown) => {
    reason = kindOf(error) ?? reason;
    // Where there are sentinels and none answers, no connection is made that could be closed.
    if (redis.status === 'connecting' || redis.status === 'reconnecting') gone();
  });
  // Of one server of a cluster.
  redis.on('node error', (error: unknown) => {
    reason = kindOf(error) ?? reason;
  });
  redis.on('close', gone);
  redis.on('ready', () => {
    if (lost) log?.info({}, 'the session store can be reached again');
    lost = false;
    reason = 'CLOSED';
  });
  return {
    reason: () => reason,
    stop() {
      stopped = true;
    },
  };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('Too late.'), { code: 'TIMEOUT' })), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

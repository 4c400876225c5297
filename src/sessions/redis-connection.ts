import { Redis } from 'ioredis';
import type { RedisConfig } from '../config/index.ts';
import type { SessionsLog } from './log.ts';
import { kindOf, redisOptions } from './redis-options.ts';
import { StoreUnreachableError } from './store.ts';

const TIMEOUT = 2000;

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
  ask<T>(operation: string, run: (redis: Redis) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Connects, and reconnects for ever, to one Redis server. */
export function connectRedis(config: RedisConfig, { log, timeout = TIMEOUT }: RedisStoreOptions): RedisConnection {
  const redis = new Redis(redisOptions(config, timeout));
  const first = new Promise<void>(resolve => {
    redis.once('ready', resolve);
    redis.once('close', resolve);
  });
  const watch = watchOver(redis, log);

  return {
    async ask(operation, run) {
      try {
        return await within(
          timeout,
          first.then(() => run(redis)),
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

/** Says once that the server is gone and once that it is back; every attempt in between would fill the log. */
function watchOver(redis: Redis, log: SessionsLog | undefined): Watch {
  let lost = false;
  let reason = 'CLOSED';
  redis.on('error', error => {
    reason = kindOf(error) ?? reason;
  });
  const onClose = () => {
    if (!lost) log?.warn({ reason }, 'the session store cannot be reached');
    lost = true;
  };
  redis.on('close', onClose);
  redis.on('ready', () => {
    if (lost) log?.info({}, 'the session store can be reached again');
    lost = false;
    reason = 'CLOSED';
  });
  return { reason: () => reason, stop: () => redis.off('close', onClose) };
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

import { Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from '../config/index.ts';
import type { SessionsLog } from './log.ts';
import { StoreUnreachableError } from './store.ts';

const TIMEOUT = 2000;
const LONGEST_RETRY_DELAY = 2000;

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
  const redis = new Redis({ ...address(config), ...behaviour(timeout) });
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

function behaviour(timeout: number) {
  return {
    connectTimeout: timeout,
    // A server that is there but silent holds neither requests nor, in a queue, their number.
    socketTimeout: timeout,
    enableOfflineQueue: false,
    // What was under way when the connection broke fails; sent again it might be done twice.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt: number) =>
      Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_RETRY_DELAY) * (0.5 + Math.random() / 2),
    // After a failover the former master is read-only: the address has to be asked again.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  } satisfies RedisOptions;
}

/**
 * The address in parts. A library that is given the whole URL takes options from its query as well.
 * @throws Error without the URL, which may carry a password
 */
function address({ url, username, password }: RedisConfig) {
  const parsed = URL.parse(url);
  const db = parsed && /^\/?(\d*)$/.exec(parsed.pathname)?.[1];
  if (!parsed || !/^rediss?:$/.test(parsed.protocol) || db === null || db === undefined) {
    throw new Error('The address of Redis is not of the form redis://host:port/db.');
  }
  const user = username ?? decodeURIComponent(parsed.username);
  const secret = password ?? decodeURIComponent(parsed.password);
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(parsed.port || 6379),
    db: Number(db || 0),
    ...(user ? { username: user } : {}),
    ...(secret ? { password: secret } : {}),
    ...(parsed.protocol === 'rediss:' ? { tls: {} } : {}),
  } satisfies RedisOptions;
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

/**
 * What kind of error it was, and no more: messages and properties of Redis errors repeat the command with its arguments, a
 * password or a session's key among them.
 */
function kindOf(error: unknown): string | undefined {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string') return code;
  return /^[A-Z]{2,}(?= )/.exec(String(message))?.[0];
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

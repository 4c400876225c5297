import type { RedisOptions } from 'ioredis';
import type { RedisConfig } from '../config/index.ts';

const LONGEST_RETRY_DELAY = 2000;

/**
 * How every connection to Redis is made, and made again for ever.
 * @param timeout milliseconds that an answer may take
 * @throws Error for an address that is none
 */
export function redisOptions(config: RedisConfig, timeout: number) {
  return { ...address(config), ...behaviour(timeout) } satisfies RedisOptions;
}

/**
 * What kind of error it was, and no more: messages and properties of Redis errors repeat the command with its arguments, a
 * password or a session's key among them.
 */
export function kindOf(error: unknown): string | undefined {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string') return code;
  return /^[A-Z]{2,}(?= )/.exec(String(message))?.[0];
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

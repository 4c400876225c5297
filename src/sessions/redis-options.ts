import type { RedisOptions } from 'ioredis';
import type { RedisConfig, RedisTls } from '../config/index.ts';

const LONGEST_RETRY_DELAY = 2000;

/** The shapes of answers are the library's defaults. */
export type ServerOptions = Omit<RedisOptions, 'replyMapping'>;

/**
 * How a connection to any server of this Redis is made and signed in, whatever its address.
 * @param timeout milliseconds that an answer may take
 */
export function serverOptions(config: RedisConfig, timeout: number) {
  return { ...login(config), ...tls(config), ...behaviour(timeout) } satisfies RedisOptions;
}

/**
 * How a connection to the one server is made, or to the one that sentinels name.
 * @throws Error for an address that is none
 */
export function soleServerOptions(config: RedisConfig, timeout: number): ServerOptions {
  const options = serverOptions(config, timeout);
  if ('url' in config) return { ...options, ...address(config.url) };
  if (!('sentinel' in config)) throw new Error('A cluster has more than one server.');
  return {
    ...options,
    ...sentinelLogin(config),
    name: config.sentinel.name,
    sentinels: [...config.sentinel.nodes],
    // What sentinels announce of each other may be addresses that lead nowhere from here, or that no certificate names.
    updateSentinels: false,
    sentinelRetryStrategy: retryDelay,
    sentinelCommandTimeout: timeout,
    ...(options.tls ? { sentinelTLS: options.tls, enableTLSForSentinelMode: true } : {}),
  };
}

/** How a sentinel is signed in to: as its default user, for which one without a password takes any. */
function sentinelLogin({ password }: RedisConfig) {
  return password === undefined ? {} : { sentinelUsername: 'default', sentinelPassword: password };
}

/** How a connection to a sentinel itself is made. */
export function sentinelOptions(config: RedisConfig, timeout: number) {
  const { password } = config;
  return {
    ...tls(config),
    ...behaviour(timeout),
    ...(password === undefined ? {} : { username: 'default', password }),
    enableReadyCheck: false,
  } satisfies RedisOptions;
}

/**
 * What kind of error it was, and no more: messages and properties of Redis errors repeat the command with its arguments, a
 * password or a session's key among them.
 */
export function kindOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, message, lastNodeError } = error as Readonly<Record<string, unknown>>;
  if (lastNodeError) return kindOf(lastNodeError);
  if (typeof code === 'string') return code;
  if (String(message).startsWith('All sentinels are unreachable')) return 'SENTINELS';
  return /^[A-Z]{2,}(?= )/.exec(String(message))?.[0];
}

/** Milliseconds until the next attempt, spread so that not all replicas come at once. */
export function retryDelay(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_RETRY_DELAY) * (0.5 + Math.random() / 2);
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
    retryStrategy: retryDelay,
    // After a failover the former master is read-only: the address has to be asked again.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    // Whoever may do only what sessions need may not name this library either.
    disableClientInfo: true,
  } satisfies RedisOptions;
}

function login(config: RedisConfig) {
  const inUrl = 'url' in config ? URL.parse(config.url) : null;
  const username = config.username ?? decodeURIComponent(inUrl?.username ?? '');
  const password = config.password ?? decodeURIComponent(inUrl?.password ?? '');
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

function tls(config: RedisConfig): { readonly tls?: RedisTls } {
  if (config.tls) return { tls: config.tls };
  return 'url' in config && /^rediss:/i.test(config.url) ? { tls: {} } : {};
}

/**
 * The address in parts. A library that is given the whole URL takes options from its query as well.
 * @throws Error without the URL, which may carry a password
 */
function address(url: string) {
  const parsed = URL.parse(url);
  const db = parsed && /^\/?(\d*)$/.exec(parsed.pathname)?.[1];
  if (!parsed || !/^rediss?:$/.test(parsed.protocol) || db === null || db === undefined) {
    throw new Error('The address of Redis is not of the form redis://host:port/db.');
  }
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(parsed.port || 6379),
    db: Number(db || 0),
  } satisfies RedisOptions;
}

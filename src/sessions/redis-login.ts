import type { Redis } from 'ioredis';
import type { EntraIdentity } from '../config/index.ts';
import type { SessionsLog } from './log.ts';
import { reasonOf, requestRedisToken } from './redis-entra.ts';
import { kindOf } from './redis-options.ts';

/** The part of its life after which a token is replaced, and how far that is spread. */
const RENEW_AFTER = 0.6;
const SPREAD = 0.1;
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 30_000;

interface Login {
  readonly username: string;
  readonly password: string;
}

/** What connections sign in with, replaced long before it ends. */
export interface RedisLogin {
  /** Resolves when it is known for the first time, or could not be had. */
  readonly first: Promise<void>;
  /** Why it could not be had, while it never was known. */
  missing(): string | undefined;
  /** Tells it as soon as it is known, and each that follows. @returns stops that */
  follow(use: (login: Login) => void): () => void;
  close(): void;
}

/**
 * Signs in with tokens of Microsoft Entra ID.
 * @param username the user in Redis; left out: the object id that the token names
 */
export function createRedisLogin(
  identity: EntraIdentity,
  username: string | undefined,
  log: SessionsLog | undefined,
): RedisLogin {
  const followers = new Set<(login: Login) => void>();
  const { promise: first, resolve: tried } = Promise.withResolvers<void>();
  let current: Login | undefined;
  let failures = 0;
  let reason = 'TOKEN';
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function again(delay: number): void {
    if (!closed) timer = setTimeout(() => void renew(), delay).unref();
  }

  async function renew(): Promise<void> {
    try {
      const { text, lifetime, oid } = await requestRedisToken(identity);
      current = { username: username ?? oid, password: text };
      for (const use of followers) use(current);
      if (failures > 0) log?.info({}, 'there are tokens for Redis again');
      failures = 0;
      again(lifetime * (RENEW_AFTER + Math.random() * SPREAD));
    } catch (error) {
      reason = reasonOf(error);
      if (failures === 0) log?.warn({ reason }, 'Microsoft Entra ID gives no token for Redis');
      again(Math.min(FIRST_RETRY * 2 ** Math.min(failures, 10), LONGEST_RETRY));
      failures += 1;
    }
    tried();
  }

  void renew();
  return {
    first,
    missing: () => (current ? undefined : reason),
    follow(use) {
      followers.add(use);
      if (current) use(current);
      return () => void followers.delete(use);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/**
 * Has a connection, and whatever it is replaced by, signed in with what is valid: at its start, and again before that ends, without
 * dropping it.
 * @param connect called where the connection waits to be made
 */
export function signInWith(redis: Redis, login: RedisLogin, connect?: () => void): void {
  let used: string | undefined;

  function signIn({ username, password }: Login): void {
    used = password;
    // A server that refuses will close the connection in time; the next one tells why it cannot be made.
    redis.auth(username, password).catch((error: unknown) => redis.emit('error', { code: kindOf(error) }));
  }

  const stop = login.follow(current => {
    redis.options.username = current.username;
    redis.options.password = current.password;
    if (redis.status === 'ready') signIn(current);
    else if (redis.status === 'wait') connect?.();
  });
  redis.on('connecting', () => {
    used = redis.options.password;
  });
  redis.on('ready', () => {
    const { username, password } = redis.options;
    // There was another while the connection was made.
    if (username && password && password !== used) signIn({ username, password });
  });
  redis.once('end', stop);
}

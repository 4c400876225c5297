import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { RedisConfig } from '../config/index.ts';
import type { RedisStoreOptions } from './redis-connection.ts';
import { kindOf, redisOptions } from './redis-options.ts';
import type { StoreWatcher } from './store.ts';

const HEARTBEAT_INTERVAL = 250;
const LONGEST_SILENCE = 3000;
const TIMEOUT = 2000;

/** Before the id of a session that has changed: no id begins with it. */
const CHANGED = '~';

/** What is to be published when a session has changed; when it ends, it is its id alone. */
export function changeOf(id: string): string {
  return CHANGED + id;
}

/** Redis' pub/sub as the feed of ended and changed sessions. */
interface RedisFeed {
  /** Where an id is to be published when its session ends, and {@link changeOf} it when it has changed. */
  readonly channel: string;
  /** As `Store.watch`. The first watcher opens the feed's connection. */
  watch(watcher: StoreWatcher): () => void;
  /** Tells this process' watchers that these have ended. */
  tell(ids: readonly string[]): void;
  /** Tells this process' watchers that these have changed. */
  tellChanged(ids: readonly string[]): void;
  close(): void;
}

/**
 * Endings come through one channel, and through another this process' own heartbeats, sent on the way that endings are sent. Redis
 * keeps what it publishes to one connection in order: a heartbeat that arrives says that every ending before it has arrived.
 * @param publish sends a message to a channel on another connection
 */
export function createRedisFeed(
  config: RedisConfig,
  { log, timeout = TIMEOUT }: RedisStoreOptions,
  publish: (channel: string, message: string) => Promise<void>,
): RedisFeed {
  const channel = `${config.keyPrefix}ended`;
  const heartbeats = `${config.keyPrefix}heartbeat:${randomBytes(12).toString('base64url')}`;
  const watchers = new Set<StoreWatcher>();
  let connection: Redis | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lively = 0;

  function tell(ids: readonly string[]): void {
    for (const watcher of watchers) watcher.ended(ids);
  }

  function tellChanged(ids: readonly string[]): void {
    for (const watcher of watchers) watcher.changed(ids);
  }

  function message(text: string): void {
    if (text.startsWith(CHANGED)) tellChanged([text.slice(CHANGED.length)]);
    else tell([text]);
  }

  function heard(text: string): void {
    const now = performance.now();
    const sent = Number(text);
    if (!(sent <= now)) return;
    lively = now;
    for (const watcher of watchers) watcher.heard(sent);
  }

  function open(): Redis {
    const redis = new Redis({ ...redisOptions(config, timeout), protocol: 2, autoResubscribe: false });
    let told = false;
    redis.on('ready', () => {
      lively = performance.now();
      redis.subscribe(channel, heartbeats).then(beat, (error: unknown) => {
        // A broken connection is the store's to report; a server that will not let us listen has to be set right by somebody.
        const reason = kindOf(error);
        if (!told && reason === 'NOPERM')
          log?.warn({ reason }, 'Redis refuses the feed of ended sessions: every request asks it');
        told = true;
      });
    });
    redis.on('message', (from: string, text: string) => (from === channel ? message(text) : heard(text)));
    redis.on('close', () => {
      for (const watcher of watchers) watcher.lost();
    });
    // Errors of the way to the server are the store's to report; without a listener they would be printed.
    redis.on('error', () => {});
    return redis;
  }

  function beat(): void {
    publish(heartbeats, String(performance.now())).catch(() => {});
    // A connection whose other end is gone without a word stays open for many minutes unless somebody gives it up.
    if (connection?.status !== 'ready' || performance.now() - lively < LONGEST_SILENCE) return;
    lively = performance.now();
    connection.disconnect(true);
  }

  return {
    channel,
    tell,
    tellChanged,
    watch(watcher) {
      watchers.add(watcher);
      connection ??= open();
      timer ??= setInterval(beat, HEARTBEAT_INTERVAL).unref();
      return () => void watchers.delete(watcher);
    },
    close() {
      clearInterval(timer);
      connection?.disconnect();
    },
  };
}

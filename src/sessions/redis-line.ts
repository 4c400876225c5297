import { randomBytes } from 'node:crypto';
import type { SessionsLog } from './log.ts';
import type { RedisMaster } from './redis-masters.ts';
import { kindOf } from './redis-options.ts';

const LONGEST_SILENCE = 3000;

interface LineListener {
  message(text: string): void;
  /** What this master published before `sent` (`performance.now()`) has been heard. */
  heard(): void;
  lost(): void;
}

/** What one master tells. */
export interface RedisLine {
  /** Until when everything has been heard, by `performance.now()`; undefined while the line is broken. */
  until(): number | undefined;
  /** Sends a heartbeat there and back, and gives up a connection on which none arrives. */
  beat(master: RedisMaster): void;
  close(): void;
}

/**
 * Endings come through one channel, and through another this line's own heartbeats, published at the same master. Redis keeps what it
 * publishes to one connection in order: a heartbeat that arrives says that every ending before it has arrived.
 */
export function openLine(
  master: RedisMaster,
  { channel, prefix }: { readonly channel: string; readonly prefix: string },
  listener: LineListener,
  log: SessionsLog | undefined,
): RedisLine {
  const heartbeats = `${prefix}heartbeat:${randomBytes(12).toString('base64url')}`;
  const redis = master.openFeed();
  let until: number | undefined;
  let lively = 0;
  let told = false;

  function heard(text: string): void {
    const now = performance.now();
    const sent = Number(text);
    if (!(sent <= now)) return;
    lively = now;
    until = sent;
    listener.heard();
  }

  redis.on('ready', () => {
    lively = performance.now();
    redis.subscribe(channel, heartbeats).catch((error: unknown) => {
      // A broken connection is the store's to report; a server that will not let us listen has to be set right by somebody.
      const reason = kindOf(error);
      if (!told && reason === 'NOPERM')
        log?.warn({ reason }, 'Redis refuses the feed of ended sessions: every request asks it');
      told = true;
    });
  });
  redis.on('message', (from: string, text: string) => (from === channel ? listener.message(text) : heard(text)));
  redis.on('close', () => {
    until = undefined;
    listener.lost();
  });

  return {
    until: () => until,
    beat(now) {
      now.publish(heartbeats, String(performance.now())).catch(() => {});
      // A connection whose other end is gone without a word stays open for many minutes unless somebody gives it up.
      if (redis.status !== 'ready' || performance.now() - lively < LONGEST_SILENCE) return;
      lively = performance.now();
      redis.disconnect(true);
    },
    close: () => redis.disconnect(),
  };
}

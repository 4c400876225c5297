import type { SessionsLog } from './log.ts';
import { openLine, type RedisLine } from './redis-line.ts';
import type { RedisMaster } from './redis-masters.ts';
import type { StoreWatcher } from './store.ts';

const HEARTBEAT_INTERVAL = 250;

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
  /** As `Store.watch`. The first watcher opens the feed's connections. */
  watch(watcher: StoreWatcher): () => void;
  /** Tells this process' watchers that these have ended. */
  tell(ids: readonly string[]): void;
  /** Tells this process' watchers that these have changed. */
  tellChanged(ids: readonly string[]): void;
  close(): void;
}

/**
 * Listens to every master on which sessions end. A cluster passes on to all of its servers what one of them publishes, but nothing tells
 * of what it loses on the way: so what counts is what each master says itself.
 * @param prefix what every key and channel begins with
 * @param masters those of now
 */
export function createRedisFeed(
  prefix: string,
  masters: () => readonly RedisMaster[],
  log: SessionsLog | undefined,
): RedisFeed {
  const channel = `${prefix}ended`;
  const watchers = new Set<StoreWatcher>();
  const lines = new Map<string, RedisLine>();
  let timer: NodeJS.Timeout | undefined;

  function tell(ids: readonly string[]): void {
    for (const watcher of watchers) watcher.ended(ids);
  }

  function tellChanged(ids: readonly string[]): void {
    for (const watcher of watchers) watcher.changed(ids);
  }

  function lost(): void {
    for (const watcher of watchers) watcher.lost();
  }

  const listener = {
    message(text: string) {
      if (text.startsWith(CHANGED)) tellChanged([text.slice(CHANGED.length)]);
      else tell([text]);
    },
    heard() {
      // The line that is furthest behind decides; one that is broken, or not yet heard, may have missed anything.
      const until = Math.min(...[...lines.values()].map(line => line.until() ?? Number.NEGATIVE_INFINITY));
      if (!Number.isFinite(until)) return;
      for (const watcher of watchers) watcher.heard(until);
    },
    lost,
  };

  function beat(): void {
    const current = masters();
    const names = new Set(current.map(({ name }) => name));
    const gone = [...lines.keys()].filter(name => !names.has(name));
    const added = current.filter(({ name }) => !lines.has(name));
    for (const name of gone) {
      lines.get(name)?.close();
      lines.delete(name);
    }
    for (const master of added) lines.set(master.name, openLine(master, { channel, prefix }, listener, log));
    // What others did at a master before this process knew of it was told to nobody here.
    if (gone.length + added.length > 0) lost();
    for (const master of current) lines.get(master.name)?.beat(master);
  }

  return {
    channel,
    tell,
    tellChanged,
    watch(watcher) {
      watchers.add(watcher);
      if (!timer) {
        timer = setInterval(beat, HEARTBEAT_INTERVAL).unref();
        beat();
      }
      return () => void watchers.delete(watcher);
    },
    close() {
      clearInterval(timer);
      for (const line of lines.values()) line.close();
    },
  };
}

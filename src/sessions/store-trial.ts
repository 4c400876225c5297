import { randomUUID } from 'node:crypto';
import type { RedisConfig } from '../config/index.ts';
import { type Store, StoreUnreachableError } from './store.ts';
import { createRedisStore } from './store-redis.ts';

/** How long what is written lives, should it not be deleted, in milliseconds. */
const LIFETIME = 10_000;
/** How long the feed may take to show a sign of life, in milliseconds. */
const FEED_TIME = 4000;

/** What gateways need of a store: an answer, reading and writing, the feed of ended sessions, and, for operators, the list. */
export type StoreStep = 'answer' | 'sessions' | 'feed' | 'listing';

export interface StoreTrial {
  readonly step: StoreStep;
  /** Why it does not work: the kind of error, such as `ECONNREFUSED`, `WRONGPASS`, `NOPERM`; left out where it does. */
  readonly reason?: string;
}

/** Tries what gateways do with a Redis, with a session of its own that nobody can use. After a failure to answer, nothing more. */
export async function tryStore(config: RedisConfig): Promise<readonly StoreTrial[]> {
  let refused: string | undefined;
  const note = (fields: object) => {
    if ('reason' in fields) refused = String(fields.reason);
  };
  const store = createRedisStore(config, { log: { info() {}, warn: note } });
  try {
    const answer = await attempt('answer', () => store.ping());
    if (answer.reason !== undefined) return [answer];
    const feed = attempt('feed', () => hearFeed(store, () => refused));
    return [
      answer,
      await attempt('sessions', () => useSessions(store)),
      await feed,
      await attempt('listing', async () => {
        for await (const _ of store.listings()) break;
      }),
    ];
  } finally {
    await store.close();
  }
}

async function attempt(step: StoreStep, run: () => Promise<void>): Promise<StoreTrial> {
  try {
    await run();
    return { step };
  } catch (error) {
    const cause = error instanceof StoreUnreachableError ? error.cause : error;
    return { step, reason: typeof cause === 'string' ? cause : String(cause) };
  }
}

async function useSessions(store: Store): Promise<void> {
  const name = `doctor-${randomUUID()}`;
  const content = { record: Buffer.from(name), tokens: Buffer.from(name) };
  const listing = Buffer.from(name);
  await store.create({ id: name, ...content, listing, indexes: [name], ttl: LIFETIME, absoluteTtl: LIFETIME });
  const found = await store.read([name]);
  const indexed = await store.indexed([name]);
  const isWhole = found?.record.equals(content.record) && (await store.readTokens(name))?.equals(content.tokens);
  if (!isWhole || !indexed.includes(name)) throw new StoreUnreachableError('trial', { cause: 'LOST' });
  await store.touch(name, listing, LIFETIME);
  await store.replace(name, content);
  await store.once(name, LIFETIME);
  await store.count(name, LIFETIME);
  await store.lock(name, name, LIFETIME);
  await store.unlock(name, name);
  await store.getShared(name);
  await store.delete([name]);
  if (await store.read([name])) throw new StoreUnreachableError('trial', { cause: 'LOST' });
}

/** @param refused the reason for which the server does not let anybody listen, once that is known */
async function hearFeed(store: Store, refused: () => string | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = () => reject(new StoreUnreachableError('feed', { cause: refused() ?? 'TIMEOUT' }));
  const timer = setTimeout(fail, FEED_TIME);
  const stop = store.watch({ ended() {}, changed() {}, heard: () => resolve(), lost() {} });
  await promise.finally(() => {
    clearTimeout(timer);
    stop();
  });
}

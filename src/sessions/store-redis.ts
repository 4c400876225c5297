import type { RedisConfig } from '../config/index.ts';
import { connectRedis, type RedisStoreOptions, TIMEOUT } from './redis-connection.ts';
import { createRedisDoor } from './redis-door.ts';
import { changeOf, createRedisFeed } from './redis-feed.ts';
import { readListings } from './redis-listings.ts';
import { createMasters } from './redis-masters.ts';
import { COMPARE_AND_SET, COUNT, CREATE, END, END_AGAIN, INDEX, REPLACE, TOUCH, UNLOCK } from './redis-scripts.ts';
import type { Counted, Store } from './store.ts';

/**
 * Sessions in Redis (6.2 or later), shared by any number of replicas: one server, one under Sentinel, or a cluster. What it holds of
 * a session ends by itself; an index lists a session until its absolute end at most.
 * @throws Error for an address that is none
 */
export function createRedisStore(config: RedisConfig, options: RedisStoreOptions = {}): Store {
  const door = createRedisDoor(config, options.timeout ?? TIMEOUT, options.log);
  const { ask, client, close } = connectRedis(door, options);
  const key = keysUnder(config.keyPrefix);
  const masters = createMasters(client, door, config.keyPrefix);
  const feed = createRedisFeed(config.keyPrefix, masters, options.log);
  return {
    async create({ id, record, tokens, listing, indexes, ttl, absoluteTtl }) {
      await ask('create', async redis => {
        await Promise.all(indexes.map(index => redis.eval(INDEX, 1, key.index(index), id, whole(absoluteTtl))));
        await redis.eval(CREATE, 3, ...key.session(id), record, tokens, listing, whole(ttl));
      });
    },
    async read(ids) {
      const found = await ask('read', redis =>
        Promise.all(
          ids.map(async id => {
            // Sent together: one round trip.
            const [record, ttl, listing] = await Promise.all([
              redis.getBuffer(key.record(id)),
              redis.pttl(key.record(id)),
              redis.getBuffer(key.listing(id)),
            ]);
            return record ? { id, record, ttl: Math.max(0, ttl), ...(listing ? { listing } : {}) } : undefined;
          }),
        ),
      );
      return found.find(session => session !== undefined);
    },
    async readTokens(id) {
      return (await ask('read-tokens', redis => redis.getBuffer(key.tokens(id)))) ?? undefined;
    },
    async touch(id, listing, ttl) {
      return (await ask('touch', redis => redis.eval(TOUCH, 3, ...key.session(id), listing, whole(ttl)))) === 1;
    },
    async replace(id, { record, tokens }) {
      const [recordKey, tokensKey] = key.session(id);
      const replaced = await ask('replace', redis =>
        redis.eval(REPLACE, 2, recordKey, tokensKey, record, tokens, feed.channel, changeOf(id)),
      );
      feed.tellChanged([id]);
      return replaced === 1;
    },
    async delete(ids) {
      // One command for each session: its keys go together.
      await ask('delete', redis =>
        Promise.all(ids.map(id => redis.eval(END, 3, ...key.session(id), feed.channel, id))),
      );
      // The feed will tell it as well, but perhaps later than the caller is answered.
      feed.tell(ids);
    },
    async deleteAgain(ids) {
      const ended = await ask('delete-again', redis =>
        Promise.all(ids.map(id => redis.eval(END_AGAIN, 3, ...key.session(id), feed.channel, id))),
      );
      const back = ids.filter((_, at) => ended[at] === 1);
      if (back.length > 0) feed.tell(back);
    },
    watch: feed.watch,
    indexed(indexes) {
      return ask('indexed', async redis => {
        const found = await Promise.all(indexes.map(index => redis.zrange(key.index(index), '0', '-1')));
        const ids = [...new Set(found.flat())];
        const alive = await Promise.all(ids.map(id => redis.exists(key.record(id))));
        // Those that are not there may be about to be: a session is written after its indexes. They stay until their absolute end.
        return ids.filter((_, at) => alive[at]);
      });
    },
    listings: () =>
      readListings({
        masters: () => ask('listings', async () => masters()),
        scan: (master, cursor) => ask('listings', () => master.scan(cursor, key.anyListing)),
        read: names => ask('listings', redis => Promise.all(names.map(name => redis.getBuffer(name)))),
        idOf: key.idOfListing,
      }),
    async once(name, ttl) {
      return (await ask('once', redis => redis.set(key.once(name), '', 'PX', whole(ttl), 'NX'))) === 'OK';
    },
    async count(name, period) {
      return countedOf(await ask('count', redis => redis.eval(COUNT, 1, key.count(name), whole(period))));
    },
    async counted(name) {
      // Sent together: one round trip.
      return countedOf(
        await ask('counted', redis => Promise.all([redis.get(key.count(name)), redis.pttl(key.count(name))])),
      );
    },
    async lock(name, holder, ttl) {
      return (await ask('lock', redis => redis.set(key.lock(name), holder, 'PX', whole(ttl), 'NX'))) === 'OK';
    },
    async unlock(name, holder) {
      await ask('unlock', redis => redis.eval(UNLOCK, 1, key.lock(name), holder));
    },
    async getShared(name) {
      return (await ask('get-shared', redis => redis.getBuffer(key.shared(name)))) ?? undefined;
    },
    async replaceShared(name, expected, value) {
      const present = expected === undefined ? 0 : 1;
      const replaced = await ask('replace-shared', redis =>
        redis.eval(COMPARE_AND_SET, 1, key.shared(name), present, expected ?? '', value),
      );
      return replaced === 1;
    },
    async ping() {
      // Of several masters any one: those that have lost the others, or too many of them, do not answer for their keys.
      await ask('ping', () => Promise.any(masters().map(master => master.isThere())).catch(firstOf));
    },
    async close() {
      feed.close();
      door.close();
      await close();
    },
  };
}

/** The first of several failures. */
function firstOf(failure: unknown): never {
  throw failure instanceof AggregateError ? failure.errors[0] : failure;
}

/** The braces are Redis Cluster's hash tag: the keys of one session lie in one slot. */
function keysUnder(prefix: string) {
  const record = (id: string) => `${prefix}session:{${id}}`;
  const tokens = (id: string) => `${prefix}tokens:{${id}}`;
  const listings = `${prefix}listing:{`;
  const listing = (id: string) => `${listings}${id}}`;
  return {
    /** A pattern for SCAN; what stands for itself in it is escaped. */
    anyListing: `${listings.replace(/[\\*?[\]]/g, '\\$&')}*`,
    idOfListing: (key: string) => key.slice(listings.length, -1),
    record,
    tokens,
    listing,
    session: (id: string): [string, string, string] => [record(id), tokens(id), listing(id)],
    index: (name: string) => `${prefix}index:{${name}}`,
    once: (name: string) => `${prefix}once:{${name}}`,
    count: (name: string) => `${prefix}count:{${name}}`,
    lock: (name: string) => `${prefix}lock:{${name}}`,
    shared: (name: string) => `${prefix}shared:{${name}}`,
  };
}

/** A count and its time to live, as Redis has them; one that has ended in between is none. */
function countedOf(answer: unknown): Counted {
  const [count, ttl] = Array.isArray(answer) ? answer.map(Number) : [];
  return count && ttl && ttl > 0 ? { count, ttl } : { count: 0, ttl: 0 };
}

/** Redis takes times to live in whole milliseconds, and none that is 0. */
function whole(ttl: number): number {
  return Math.max(1, Math.ceil(ttl));
}

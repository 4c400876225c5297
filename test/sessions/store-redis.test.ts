import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { createRedisStore, StoreUnreachableError } from '../../src/sessions/index.ts';
import { startRedis, uniquePrefix } from '../support/redis.ts';
import { storeContract } from './store-contract.ts';

const server = await startRedis(t);

t.test('the Redis store', t =>
  storeContract(t, async t => ({
    store: open(t, server.url),
    pass: milliseconds => sleep(milliseconds),
  })),
);

const session = {
  record: Buffer.from('r'),
  tokens: Buffer.from('t'),
  listing: Buffer.from('l'),
  indexes: ['person'],
};

t.test('everything lies under the prefix and ends by itself, an index with its last session', async t => {
  const keyPrefix = uniquePrefix();
  const redis = new Redis(server.url);
  t.teardown(() => redis.disconnect());
  const store = open(t, server.url, keyPrefix);
  await store.create({ ...session, id: 'long', ttl: 50_000, absoluteTtl: 90_000 });
  await store.create({ ...session, id: 'short', ttl: 50_000, absoluteTtl: 60_000 });
  await store.once('name', 60_000);
  await store.count('name', 60_000);
  const keys = await redis.keys(`*${keyPrefix.slice(0, -1)}*`);
  t.equal(keys.length, 9);
  for (const key of keys) {
    t.ok(key.startsWith(keyPrefix), key);
    t.ok((await redis.pttl(key)) > 0, `${key} ends`);
  }
  const [index = ''] = await redis.keys(`${keyPrefix}index:*`);
  t.ok((await redis.pttl(index)) > 60_000, 'the index outlives the session with the shorter time');
});

t.test(
  'an index drops sessions that are past their absolute end, and keeps those that may be about to be written',
  async t => {
    const keyPrefix = uniquePrefix();
    const redis = new Redis(server.url);
    t.teardown(() => redis.disconnect());
    const store = open(t, server.url, keyPrefix);
    await store.create({ ...session, id: 'stays', ttl: 60_000, absoluteTtl: 60_000 });
    await store.create({ ...session, id: 'past', ttl: 50, absoluteTtl: 50 });
    await sleep(60);
    await store.create({ ...session, id: 'deleted', ttl: 60_000, absoluteTtl: 60_000 });
    const [index = ''] = await redis.keys(`${keyPrefix}index:*`);
    t.strictSame((await redis.zrange(index, '0', '-1')).sort(), ['deleted', 'stays']);
    await store.delete(['deleted']);
    t.strictSame(await store.indexed(['person']), ['stays']);
    t.strictSame((await redis.zrange(index, '0', '-1')).sort(), ['deleted', 'stays']);
  },
);

t.test('a server that is not there is told at once, and used when it is back', async t => {
  const own = await startRedis(t, { own: true });
  const lines: (readonly [object, string])[] = [];
  const write = (...line: readonly [object, string]) => void lines.push(line);
  const log = { info: write, warn: write };
  const store = createRedisStore({ url: own.url.replace('//', '//:pass-word@'), keyPrefix: 'x:' }, { log });
  t.teardown(() => store.close());
  await store.ping();
  await own.kill('SIGKILL');
  await until(() => lines.length === 1);
  await t.rejects(store.read(['id']), { name: 'StoreUnreachableError', code: 'STORE_UNREACHABLE', cause: /^[A-Z_]+$/ });
  await t.rejects(store.once('name', 1000), StoreUnreachableError);
  await own.restart();
  await until(() => lines.length === 2);
  t.equal(await store.once('name', 1000), true, 'nothing that was asked meanwhile is done later');
  t.match(lines, [
    [{ reason: String }, /cannot be reached/],
    [{}, /again/],
  ]);
  t.notMatch(JSON.stringify(lines), /pass-word|redis:|127\.0\.0\.1/);
});

t.test('a touch leaves nothing of a session that has ended', async t => {
  const keyPrefix = uniquePrefix();
  const redis = new Redis(server.url);
  t.teardown(() => redis.disconnect());
  const store = open(t, server.url, keyPrefix);
  const session = { id: 'ended', record: Buffer.from('r'), tokens: Buffer.from('t'), listing: Buffer.from('l') };
  await store.create({ ...session, indexes: [], ttl: 60_000, absoluteTtl: 60_000 });
  await store.delete([session.id]);
  await store.touch(session.id, Buffer.from('an address'), 60_000);
  t.strictSame(await redis.keys(`${keyPrefix}*`), []);
});

t.test('what was under way when the connection broke fails at once, and is not done later', async t => {
  const own = await startRedis(t, { own: true });
  const store = open(t, own.url);
  await store.ping();
  await own.kill('SIGSTOP');
  const asked = t.rejects(store.once('name', 60_000), { code: 'STORE_UNREACHABLE', cause: /^(?!TIMEOUT)/ });
  await sleep(0);
  await own.kill('SIGKILL');
  await asked;
  await own.restart();
  await until(() => answers(store.ping()));
  t.equal(await store.once('name', 60_000), true);
});

t.test('what is asked while a silent server is given up fails at once, and is not done later', async t => {
  const own = await startRedis(t, { own: true });
  let lost = false;
  const warn = () => {
    lost = true;
  };
  const store = createRedisStore({ url: own.url, keyPrefix: 'x:' }, { timeout: 300, log: { info() {}, warn } });
  t.teardown(() => store.close());
  await store.ping();
  await own.kill('SIGSTOP');
  await t.rejects(store.ping(), StoreUnreachableError);
  await until(() => lost);
  const asked = t.rejects(store.once('name', 60_000), { code: 'STORE_UNREACHABLE', cause: /^(?!TIMEOUT)/ });
  await own.kill('SIGCONT');
  await asked;
  await until(() => answers(store.ping()));
  t.equal(await store.once('name', 60_000), true);
});

t.test('a server that is silent is not waited for beyond the time', async t => {
  const own = await startRedis(t, { own: true });
  const store = createRedisStore({ url: own.url, keyPrefix: 'x:' }, { timeout: 300 });
  t.teardown(() => store.close());
  await store.ping();
  await own.kill('SIGSTOP');
  const session = { id: 'a', record: Buffer.from(''), tokens: Buffer.from(''), listing: Buffer.from('') };
  const refused = await Promise.allSettled([
    store.create({ ...session, indexes: ['person'], ttl: 1000, absoluteTtl: 1000 }),
    store.read(['id']),
    store.readTokens('id'),
    store.touch('id', Buffer.from(''), 1000),
    store.delete(['id']),
    store.indexed(['person']),
    store.once('name', 1000),
    store.getShared('name'),
    store.replaceShared('name', undefined, Buffer.from('')),
    store.ping(),
  ]);
  for (const outcome of refused) {
    t.ok(outcome.status === 'rejected' && outcome.reason instanceof StoreUnreachableError);
  }
  await own.kill('SIGCONT');
  await until(() => answers(store.ping()));
  t.pass('it is used again');
});

t.test('a store that never was there fails, and does not keep its caller', async t => {
  const store = createRedisStore({ url: 'redis://127.0.0.1:1', keyPrefix: 'x:' });
  await t.rejects(store.ping(), { code: 'STORE_UNREACHABLE', cause: 'ECONNREFUSED' });
  await store.close();
});

t.test('a wrong password is told without the password', async t => {
  const store = createRedisStore({ url: server.url, username: 'nobody-here', password: 'pass-word', keyPrefix: 'x:' });
  t.teardown(() => store.close());
  const error = await store.ping().then(
    () => t.fail('it answers'),
    (reason: unknown) => reason,
  );
  t.match(error, { code: 'STORE_UNREACHABLE', cause: 'WRONGPASS' });
  t.notMatch(inspect(error), /pass-word|nobody-here/);
});

t.test('an address that is none is refused without naming it', async t => {
  for (const url of ['not a url with pass-word', 'http://:pass-word@host', 'redis://:pass-word@host/not-a-number']) {
    t.throws(() => createRedisStore({ url, keyPrefix: 'x:' }), { message: /redis:\/\/host:port\/db/ });
    try {
      createRedisStore({ url, keyPrefix: 'x:' });
    } catch (error) {
      t.notMatch(inspect(error), /pass-word/);
    }
  }
});

t.test('the database of the address is the one that is used', async t => {
  const keyPrefix = uniquePrefix();
  const url = new URL(server.url);
  url.pathname = '/3';
  await open(t, url.href, keyPrefix).once('name', 60_000);
  t.equal(await open(t, server.url, keyPrefix).once('name', 60_000), true);
  t.equal(await open(t, url.href, keyPrefix).once('name', 60_000), false);
});

function open(t: Test, url: string, keyPrefix = uniquePrefix()) {
  const store = createRedisStore({ url, keyPrefix });
  t.teardown(() => store.close());
  return store;
}

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await sleep(20);
}

function answers(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

function inspect(error: unknown): string {
  return JSON.stringify(error, Object.getOwnPropertyNames(error));
}

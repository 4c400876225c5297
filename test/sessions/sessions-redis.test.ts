import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { createRedisStore, StoreUnreachableError } from '../../src/sessions/index.ts';
import { startRedis, uniquePrefix } from '../support/redis.ts';
import { ADA, newSession, openSessions, TENANT, TOKENS } from './fixtures.ts';
import { sessionsContract } from './sessions-contract.ts';

const server = await startRedis(t);

t.test('sessions in Redis', t => sessionsContract(t, async t => openStore(t).store));

t.test('nothing of a person can be read in Redis', async t => {
  const { store, keyPrefix } = openStore(t);
  const sessions = openSessions(store);
  const { session, cookie } = await sessions.create(newSession({ sid: 'sid-in-clear', loginHint: 'hint-in-clear' }));
  const redis = new Redis(server.url);
  t.teardown(() => redis.disconnect());
  const dump = async () => dumped(redis, keyPrefix);
  const before = await dump();
  // Another process moves the idle end at its first request, and writes the listing anew with the address of that.
  await openSessions(store).read(cookie, '198.51.100.88');
  while ((await dump()).every(bytes => before.some(earlier => earlier.equals(bytes)))) await sleep(10);
  const secret = Buffer.from(cookie, 'base64url');
  const told = [
    ...[ADA.id, ADA.tid, ADA.oid, ADA.username, ADA.email, ADA.name, ...ADA.groups, ...ADA.roles],
    ...[TENANT.replaceAll('-', ''), 'Lovelace', '203.0.113.77', '198.51.100.88', ...Object.values(TOKENS)],
    ...[cookie, session.sid ?? '', session.loginHint ?? '', 'default', `${session.created}`],
  ].map(text => Buffer.from(text));
  const needles = [...told, secret.subarray(0, 16), secret.subarray(16)];
  t.ok(needles.every(needle => needle.length > 3));
  const bytes = await dump();
  t.equal(bytes.length, 10, 'record, tokens, listing and two indexes: five keys and their values');
  for (const needle of needles) t.notOk(bytes.some(holds(needle)), needle.toString());

  await redis.set(`${keyPrefix}planted`, `..${Buffer.from(`.${ADA.name}`).toString('base64url')}`);
  t.ok((await dump()).some(holds(Buffer.from(ADA.name))), 'and what can be read is found');
});

t.test('a session in use outlives the idle time, one that is not does not', async t => {
  const { store } = openStore(t);
  const sessions = openSessions(store, { idle: 3000 });
  const used = await sessions.create(newSession());
  const idle = await sessions.create(newSession());
  while (await store.read([idle.session.id])) {
    t.ok(await sessions.read(used.cookie, ''));
    await sleep(100);
  }
  t.ok(await sessions.read(used.cookie, ''));
  t.equal(await sessions.read(idle.cookie, ''), undefined);
});

t.test('a session is gone from Redis at its absolute end, in use or not', async t => {
  const { store } = openStore(t);
  const sessions = openSessions(store, { idle: 300, absolute: 900 });
  const { session, cookie } = await sessions.create(newSession());
  while (await sessions.read(cookie, '')) await sleep(10);
  while (await store.read([session.id])) await sleep(10);
  t.equal(await store.readTokens(session.id), undefined);
});

t.test(
  'while Redis is silent: an error in time; a sign-out holds here at once, and is done when Redis is back',
  async t => {
    const own = await startRedis(t, { own: true });
    const config = { url: own.url, keyPrefix: 'x:' };
    const sessions = openSessions(createRedisStore(config, { timeout: 300 }));
    const replica = openSessions(createRedisStore(config));
    t.teardown(() => Promise.all([sessions.close(), replica.close()]));
    const { session, cookie } = await sessions.create(newSession({ sid: 'sid-1' }));
    const sibling = await replica.create(newSession({ sid: 'sid-1' }));
    const other = await replica.create(newSession());

    await own.kill('SIGSTOP');
    await t.rejects(sessions.read(cookie, ''), StoreUnreachableError);
    await t.rejects(sessions.tokens(session, cookie), StoreUnreachableError);
    await t.rejects(sessions.create(newSession()), StoreUnreachableError);
    await t.rejects(sessions.ping(), StoreUnreachableError);
    t.equal(await sessions.end(cookie), false);
    t.equal(await sessions.read(cookie, ''), undefined);

    await own.kill('SIGCONT');
    while (await found(replica.read(cookie, ''))) await sleep(20);
    while (await found(replica.read(sibling.cookie, ''))) await sleep(20);
    while ((await found(sessions.read(other.cookie, ''))) !== true) await sleep(20);
    t.pass('other sessions go on');
  },
);

t.test('while Redis is dead: an error at once, and new sessions when it is back', async t => {
  const own = await startRedis(t, { own: true });
  const sessions = openSessions(createRedisStore({ url: own.url, keyPrefix: 'x:' }));
  t.teardown(() => sessions.close());
  const { cookie } = await sessions.create(newSession());
  await own.kill('SIGKILL');
  await t.rejects(sessions.read(cookie, ''), StoreUnreachableError);
  t.equal(await sessions.end(cookie), false);
  await own.restart();
  const created = () => sessions.create(newSession()).catch(() => undefined);
  let next = await created();
  while (!next) {
    await sleep(50);
    next = await created();
  }
  t.ok(await sessions.read(next.cookie, ''));
});

function openStore(t: Test) {
  const keyPrefix = uniquePrefix();
  const store = createRedisStore({ url: server.url, keyPrefix });
  t.teardown(() => store.close());
  return { store, keyPrefix };
}

/** Whether it was found; undefined while the store cannot be asked. */
async function found(reading: Promise<unknown>): Promise<boolean | undefined> {
  return reading.then(
    session => session !== undefined,
    () => undefined,
  );
}

/** Every key under the prefix, and every value. */
async function dumped(redis: Redis, keyPrefix: string): Promise<readonly Buffer[]> {
  const keys = await redis.keys(`${keyPrefix}*`);
  const values = keys.map(async key => {
    if ((await redis.type(key)) === 'string') return (await redis.getBuffer(key)) ?? Buffer.alloc(0);
    return Buffer.concat(await redis.zrangeBuffer(key, '0', '-1', 'WITHSCORES'));
  });
  return [...keys.map(key => Buffer.from(key)), ...(await Promise.all(values))];
}

/** Whether bytes hold the needle: as it is, in hex, or in base64 at whichever of its three alignments. */
function holds(needle: Buffer): (bytes: Buffer) => boolean {
  const hex = needle.toString('hex');
  const spellings = [needle, Buffer.from(hex), Buffer.from(hex.toUpperCase())];
  for (const shift of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(shift), needle]);
    // The characters at both ends depend on the neighbours as well.
    const whole = shifted.toString('base64').replace(/=+$/, '');
    const core = whole.slice(shift === 0 ? 0 : shift + 1, whole.length - (shifted.length % 3 === 0 ? 0 : 1));
    spellings.push(Buffer.from(core), Buffer.from(core.replaceAll('+', '-').replaceAll('/', '_')));
  }
  return bytes => spellings.some(spelling => bytes.includes(spelling));
}

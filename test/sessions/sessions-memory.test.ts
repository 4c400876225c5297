import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { createMemoryStore, type Store, StoreUnreachableError } from '../../src/sessions/index.ts';
import { newSession, openSessions } from './fixtures.ts';
import { sessionsContract } from './sessions-contract.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

t.test('sessions in memory', t => sessionsContract(t, async () => createMemoryStore()));

t.test('a session ends when nobody used it for the idle time', async t => {
  const { sessions, pass } = timed();
  const { cookie } = await sessions.create(newSession());
  pass(HOUR - 1);
  t.ok(await sessions.read(cookie, ''));
  pass(HOUR - 1);
  t.ok(await sessions.read(cookie, ''), 'each use moves the end');
  pass(HOUR);
  t.equal(await sessions.read(cookie, ''), undefined);
});

t.test('a look at a session does not move its idle end, and sees an ended one as little as a request does', async t => {
  const { sessions, pass } = timed();
  const { session, cookie } = await sessions.create(newSession());
  const ended = await sessions.create(newSession());
  await sessions.end(ended.cookie);
  pass(HOUR - 1);
  t.strictSame(await sessions.peek(cookie), session);
  t.equal(await sessions.peek(ended.cookie), undefined);
  t.equal(await sessions.peek('rubbish'), undefined);
  pass(1);
  t.equal(await sessions.peek(cookie), undefined);
});

t.test('a session ends at its absolute end, however busy', async t => {
  const { sessions, pass } = timed();
  const { session, cookie } = await sessions.create(newSession());
  for (let minutes = 0; minutes < 12 * 60; minutes += 30) {
    t.ok(await sessions.read(cookie, ''));
    pass(30 * MINUTE);
  }
  t.equal(await sessions.read(cookie, ''), undefined);
  t.equal(await sessions.tokens(session, cookie), undefined);
});

t.test('the absolute end holds although the store keeps the record for longer', async t => {
  const { store, ...rest } = timed();
  const sessions = openSessions(
    { ...store, create: entry => store.create({ ...entry, ttl: 100 * HOUR }), touch: async () => true },
    { now: rest.now, idle: 12 * HOUR },
  );
  const { cookie } = await sessions.create(newSession());
  rest.pass(12 * HOUR - 1);
  t.ok(await sessions.read(cookie, ''));
  rest.pass(1);
  t.equal(await sessions.read(cookie, ''), undefined);
});

t.test('many requests move the idle end once in a while', async t => {
  const { store, now, pass } = timed();
  let touches = 0;
  const counted: Store = {
    ...store,
    touch: (...args) => {
      touches += 1;
      return store.touch(...args);
    },
  };
  const sessions = openSessions(counted, { now });
  const { cookie } = await sessions.create(newSession());
  const replica = openSessions(counted, { now });
  for (let requests = 0; requests < 100; requests += 1) await sessions.read(cookie, '');
  t.equal(touches, 0, 'it has only just been made');
  pass(MINUTE);
  for (let requests = 0; requests < 100; requests += 1) await sessions.read(cookie, '');
  t.equal(touches, 1);
  for (let requests = 0; requests < 100; requests += 1) await replica.read(cookie, '');
  t.equal(touches, 2, 'each process for itself');
});

t.test('a request is served although its touch fails, and the next one tries again', async t => {
  const { store, now, pass } = timed();
  let failing = true;
  const touch: Store['touch'] = async (...args) => {
    if (failing) throw new StoreUnreachableError('touch');
    return store.touch(...args);
  };
  const sessions = openSessions({ ...store, touch }, { now });
  const { cookie } = await sessions.create(newSession());
  pass(HOUR - 1);
  t.ok(await sessions.read(cookie, ''));
  await sleep(0);
  failing = false;
  t.ok(await sessions.read(cookie, ''));
  pass(HOUR - 1);
  t.ok(await sessions.read(cookie, ''));
});

t.test('a store that cannot be asked is told, never taken for no session', async t => {
  const store = unreliable();
  const sessions = openSessions(store.store);
  const { session, cookie } = await sessions.create(newSession());
  const other = await sessions.create(newSession());
  store.reachable = false;
  await t.rejects(sessions.read(cookie, ''), StoreUnreachableError);
  await t.rejects(sessions.tokens(session, cookie), StoreUnreachableError);
  await t.rejects(sessions.create(newSession()), StoreUnreachableError);
  await t.rejects(sessions.ping(), StoreUnreachableError);
  t.equal(await sessions.read('rubbish', ''), undefined, 'what is no cookie of ours needs no store');
  t.equal(await sessions.tokens(session, other.cookie), undefined, 'nor does a cookie of another session');
  t.equal(sessions.idsOf(cookie).length, 1);
  store.reachable = true;
  t.strictSame(await sessions.read(cookie, ''), session);
});

t.test('a sign-out without the store holds at once here, and everywhere when the store is back', async t => {
  const store = unreliable();
  const [sessions, replica] = [openSessions(store.store), openSessions(store.store)];
  t.teardown(() => sessions.close());
  const { session, cookie } = await sessions.create(newSession({ sid: 'sid-1' }));
  const sibling = await replica.create(newSession({ sid: 'sid-1' }));
  store.reachable = false;
  t.equal(await sessions.end(cookie), false);
  t.equal(await sessions.read(cookie, ''), undefined);
  t.equal(await sessions.tokens(session, cookie), undefined);
  store.reachable = true;
  t.equal(await sessions.read(cookie, ''), undefined, 'also before it has been done');
  while (await replica.read(cookie, '')) await sleep(20);
  while (await replica.read(sibling.cookie, '')) await sleep(20);
  t.pass('the sessions of the same provider session are ended too');
});

t.test('a sign-out that broke off half-way is finished, the other sessions first', async t => {
  const store = unreliable();
  const [sessions, replica] = [openSessions(store.store), openSessions(store.store)];
  t.teardown(() => sessions.close());
  const one = await sessions.create(newSession({ sid: 'sid-1' }));
  const two = await sessions.create(newSession({ sid: 'sid-1' }));
  store.deletable = false;
  t.equal(await sessions.end(one.cookie), false);
  t.strictSame(store.asked.at(-1), [two.session.id, one.session.id]);
  t.equal(await sessions.read(one.cookie, ''), undefined);
  await store.memory.delete([one.session.id]);
  store.deletable = true;
  while (await replica.read(two.cookie, '')) await sleep(20);
  t.equal(await replica.read(one.cookie, ''), undefined);
});

t.test('a request under way while its session is signed out does not get it', async t => {
  const { store } = timed();
  let hold = Promise.resolve();
  const sessions = openSessions({
    ...store,
    async read(ids) {
      const found = await store.read(ids);
      await hold;
      return found;
    },
    delete: () => Promise.reject(new StoreUnreachableError('delete')),
  });
  t.teardown(() => sessions.close());
  const { cookie } = await sessions.create(newSession());
  const { promise, resolve } = Promise.withResolvers<void>();
  hold = promise;
  const reading = sessions.read(cookie, '');
  const ending = sessions.end(cookie);
  resolve();
  t.equal(await reading, undefined);
  t.equal(await ending, false);
});

t.test(
  'a sign-in counts although the former session cannot be ended now; that is refused here and ended later',
  async t => {
    const store = unreliable();
    const [sessions, replica] = [openSessions(store.store), openSessions(store.store)];
    t.teardown(() => sessions.close());
    const former = await sessions.create(newSession());
    store.deletable = false;
    const next = await sessions.create(newSession({ former: sessions.idsOf(former.cookie) }));
    t.ok(await sessions.read(next.cookie, ''));
    t.equal(await sessions.read(former.cookie, ''), undefined);
    store.deletable = true;
    while (await replica.read(former.cookie, '')) await sleep(20);
    t.ok(await sessions.read(next.cookie, ''));
  },
);

t.test('a sign-in that the store did not take leaves the former session as it was', async t => {
  const store = unreliable();
  const sessions = openSessions(store.store);
  const former = await sessions.create(newSession());
  store.reachable = false;
  await t.rejects(sessions.create(newSession({ former: sessions.idsOf(former.cookie) })), StoreUnreachableError);
  store.reachable = true;
  t.ok(await sessions.read(former.cookie, ''));
});

/** Sessions in memory under a clock of their own; 1 h idle, 12 h absolute. */
function timed() {
  let time = Date.now();
  const now = () => time;
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  const store = createMemoryStore({ now });
  return { store, now, pass, sessions: openSessions(store, { now }) };
}

/** A store that can be made unreachable, as a whole or for deletions. */
function unreliable() {
  const memory = createMemoryStore();
  const state = { reachable: true, deletable: true, asked: [] as (readonly string[])[] };
  const guard = <A extends unknown[], R>(operation: string, run: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (!state.reachable || (operation === 'delete' && !state.deletable)) throw new StoreUnreachableError(operation);
      return run(...args);
    };
  };
  const remove = guard('delete', memory.delete);
  const store: Store = {
    ...memory,
    create: guard('create', memory.create),
    read: guard('read', memory.read),
    readTokens: guard('read-tokens', memory.readTokens),
    touch: guard('touch', memory.touch),
    delete(ids) {
      state.asked.push(ids);
      return remove(ids);
    },
    indexed: guard('indexed', memory.indexed),
    ping: guard('ping', memory.ping),
  };
  return Object.assign(state, { store, memory });
}

import t from 'tap';
import { StoreUnreachableError } from '../../src/sessions/index.ts';
import { newSession } from './fixtures.ts';
import { holdReads, type Replica, startReplicas } from './replicas.ts';

const GRACE = 30_000;
const HOUR = 3_600_000;

t.test('without the store a session that was seen lately is served until the grace is over', async t => {
  const { here, cookie, live } = await startReplicas();
  const session = await here.sessions.read(cookie, '');
  here.reachable = false;
  live(GRACE - 500);
  t.equal(await here.sessions.read(cookie, ''), session, 'the same session, whose identity need not be made again');
  t.equal(await here.sessions.peek(cookie), session);
  live(500);
  await t.rejects(here.sessions.read(cookie, ''), StoreUnreachableError);
  await t.rejects(here.sessions.peek(cookie), StoreUnreachableError);
  here.reachable = true;
  t.equal(await here.sessions.read(cookie, ''), session, 'back to normal by itself');
});

t.test('being served without the store does not lengthen the grace', async t => {
  const { here, cookie, live } = await startReplicas();
  await here.sessions.read(cookie, '');
  here.reachable = false;
  for (let passed = 0; passed < GRACE; passed += 500) {
    t.ok(await here.sessions.read(cookie, ''));
    live(500);
  }
  await t.rejects(here.sessions.read(cookie, ''), StoreUnreachableError);
});

t.test('the grace counts from the last moment at which the session was known to live', async t => {
  const { here, cookie, live } = await startReplicas();
  await here.sessions.read(cookie, '');
  live(HOUR / 2);
  t.ok(await here.sessions.read(cookie, ''));
  t.equal(here.reads, 1, 'known from the feed alone');
  here.reachable = false;
  live(GRACE - 500);
  t.ok(await here.sessions.read(cookie, ''));
  live(500);
  await t.rejects(here.sessions.read(cookie, ''), StoreUnreachableError);
});

t.test('a session that was not seen lately, or never here, is told to be unknown at once', async t => {
  const { here, there, cookie, live } = await startReplicas();
  await here.sessions.read(cookie, '');
  const unseen = await there.sessions.create(newSession());
  live(GRACE);
  here.reachable = false;
  live(1000);
  await t.rejects(here.sessions.read(cookie, ''), StoreUnreachableError);
  await t.rejects(here.sessions.read(unseen.cookie, ''), StoreUnreachableError);
});

t.test('with a grace of nothing no session outlives the store', async t => {
  const { here, cookie, live } = await startReplicas({ outageGrace: 0 });
  await here.sessions.read(cookie, '');
  here.reachable = false;
  live(1000);
  await t.rejects(here.sessions.read(cookie, ''), StoreUnreachableError);
});

t.test('neither end of a session is moved by the grace', async t => {
  const idle = await startReplicas({ idle: 10_000 });
  t.ok(await idle.here.sessions.read(idle.cookie, ''));
  idle.here.reachable = false;
  idle.live(9500);
  t.ok(await idle.here.sessions.read(idle.cookie, ''));
  idle.live(500);
  await t.rejects(idle.here.sessions.read(idle.cookie, ''), StoreUnreachableError);

  const absolute = await startReplicas({ absolute: 10_000 });
  t.ok(await absolute.here.sessions.read(absolute.cookie, ''));
  absolute.here.reachable = false;
  absolute.live(9500);
  t.ok(await absolute.here.sessions.read(absolute.cookie, ''));
  absolute.live(500);
  await t.rejects(absolute.here.sessions.read(absolute.cookie, ''), StoreUnreachableError);
});

t.test('what was ended is refused all along: before the outage, in it, and when the store brings it back', async t => {
  const { here, there, memory, cookie, session, live } = await startReplicas();
  const other = await there.sessions.create(newSession());
  t.ok(await here.sessions.read(cookie, ''));
  t.ok(await here.sessions.read(other.cookie, ''));
  const found = await memory.read([session.id]);
  const tokens = await memory.readTokens(session.id);
  if (!found || !tokens) throw new Error('The session is there.');
  await there.sessions.end(cookie);
  here.deliver();
  here.reachable = false;
  live(1000);
  t.equal(await here.sessions.read(cookie, ''), undefined);
  t.equal(await here.sessions.end(other.cookie), false);
  t.teardown(() => here.sessions.close());
  t.equal(await here.sessions.read(other.cookie, ''), undefined);
  const place = { indexes: [], listing: Buffer.alloc(0), ttl: HOUR, absoluteTtl: HOUR };
  await memory.create({ id: session.id, record: found.record, tokens, ...place });
  here.reachable = true;
  live(1000);
  t.equal(await here.sessions.read(cookie, ''), undefined);
  t.equal(await here.sessions.read(other.cookie, ''), undefined, 'also while the store has not been told yet');
});

t.test('a session that is gone when the store returns is gone here as well', async t => {
  const { here, memory, cookie, session, live } = await startReplicas();
  t.ok(await here.sessions.read(cookie, ''));
  outage(here);
  live(2000);
  t.ok(await here.sessions.read(cookie, ''), 'served meanwhile');
  await memory.touch(session.id, Buffer.alloc(0), 0);
  over(here);
  t.equal(await here.sessions.read(cookie, ''), undefined);
  here.beat();
  t.equal(await here.sessions.read(cookie, ''), undefined);
  outage(here);
  await t.rejects(here.sessions.read(cookie, ''), StoreUnreachableError, 'nor does the next outage bring it back');
});

t.test('a record that cannot be read, from a store that answers, is no session and gets no grace', async t => {
  const { here, memory, cookie, session, live } = await startReplicas();
  t.ok(await here.sessions.read(cookie, ''));
  const rubbish = { record: Buffer.alloc(80), tokens: Buffer.alloc(80), listing: Buffer.alloc(0), indexes: [] };
  await memory.create({ id: session.id, ...rubbish, ttl: HOUR, absoluteTtl: HOUR });
  outage(here);
  over(here);
  here.beat();
  t.equal(await here.sessions.read(cookie, ''), undefined);
  outage(here);
  live(500);
  await t.rejects(here.sessions.read(cookie, ''), StoreUnreachableError);
});

t.test('a store that answers while the feed is dead is asked at every request', async t => {
  const { here, there, cookie, live } = await startReplicas();
  t.ok(await here.sessions.read(cookie, ''));
  here.breakFeed();
  live(2000);
  t.ok(await here.sessions.read(cookie, ''));
  t.ok(await here.sessions.read(cookie, ''));
  t.equal(here.reads, 3);
  await there.sessions.end(cookie);
  t.equal(await here.sessions.read(cookie, ''), undefined);
});

t.test('a sign-out that reaches the store in the middle of a failing reading is not overlooked', async t => {
  const { here, there, cookie, live } = await startReplicas();
  t.ok(await here.sessions.read(cookie, ''));
  here.breakFeed();
  live(1000);
  const { promise, reject } = Promise.withResolvers<void>();
  here.hold = promise;
  const reading = here.sessions.read(cookie, '');
  here.mendFeed();
  await there.sessions.end(cookie);
  here.deliver();
  reject(new StoreUnreachableError('read'));
  t.equal(await reading, undefined, 'no grace for what is known to have ended');
  here.hold = Promise.resolve();
  t.equal(await here.sessions.read(cookie, ''), undefined);
});

t.test('an error that is not the store’s silence is no reason for grace', async t => {
  const { here, cookie, live } = await startReplicas();
  t.ok(await here.sessions.read(cookie, ''));
  here.breakFeed();
  live(1000);
  const release = holdReads(here);
  here.hold = here.hold.then(() => {
    throw new TypeError('A defect.');
  });
  release();
  await t.rejects(here.sessions.read(cookie, ''), TypeError);
});

function outage(replica: Replica): void {
  replica.reachable = false;
  replica.breakFeed();
}

function over(replica: Replica): void {
  replica.reachable = true;
  replica.mendFeed();
}

t.test('what a provider ended while the store was away ends when it returns', async t => {
  const { here, there } = await startReplicas();
  const { cookie, session } = await there.sessions.create(newSession({ sid: 'sid-1' }));
  const { promise, resolve } = Promise.withResolvers<void>();
  here.sessions.onEnded(ids => ids.includes(session.id) && resolve());
  // What waits for the store keeps no process alive.
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(alive));
  here.reachable = false;
  t.strictSame(await here.sessions.endProviderSession('sid-1'), { done: false, count: 0 });
  t.ok(await there.sessions.read(cookie, ''), 'nobody else could know');
  here.reachable = true;
  await promise;
  t.equal(await here.sessions.read(cookie, ''), undefined);
});

t.test('what nobody has proved is not remembered for the store', async t => {
  const { here, there } = await startReplicas();
  const { cookie } = await there.sessions.create(newSession({ sid: 'sid-1' }));
  here.reachable = false;
  await t.rejects(here.sessions.endUnprovenSession('sid-1'), StoreUnreachableError);
  here.reachable = true;
  t.ok(await here.sessions.read(cookie, ''));
  t.equal(await here.sessions.endUnprovenSession('sid-1'), 1);
  t.equal(await here.sessions.read(cookie, ''), undefined);
});

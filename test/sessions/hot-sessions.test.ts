import { randomBytes } from 'node:crypto';
import t from 'tap';
import { newSession } from './fixtures.ts';
import { createReplicas, startReplicas as started } from './replicas.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

t.test('a hot session is read without the store, and is the same object each time', async t => {
  const { here, cookie } = await started();
  const session = await here.sessions.read(cookie, '');
  t.ok(session);
  t.equal(here.reads, 1);
  for (let requests = 0; requests < 10; requests += 1) {
    t.equal(await here.sessions.read(cookie, ''), session);
    t.equal(await here.sessions.peek(cookie), session);
  }
  t.equal(here.reads, 1);
});

t.test('many requests at once for a session that is not remembered read the store once', async t => {
  const { here, cookie } = await started();
  const sessions = await Promise.all(Array.from({ length: 30 }, () => here.sessions.read(cookie, '')));
  t.ok(sessions[0]);
  t.equal(new Set(sessions).size, 1);
  t.equal(here.reads, 1);
});

t.test('half of a cookie does not open a session that is hot, and does not disturb it', async t => {
  const { here, cookie } = await started();
  const session = await here.sessions.read(cookie, '');
  const bytes = Buffer.from(cookie, 'base64url');
  const forged = Buffer.concat([bytes.subarray(0, 16), randomBytes(16)]).toString('base64url');
  const other = Buffer.concat([randomBytes(16), bytes.subarray(16)]).toString('base64url');
  t.strictSame(here.sessions.idsOf(forged), [session?.id]);
  t.equal(await here.sessions.read(forged, ''), undefined);
  t.equal(await here.sessions.read(other, ''), undefined);
  t.equal(await here.sessions.read(cookie, ''), session);
});

t.test('until the feed gives a first sign of life every request reads the store', async t => {
  const replicas = createReplicas();
  const replica = replicas.open();
  const { cookie } = await replica.sessions.create(newSession());
  const session = await replica.sessions.read(cookie, '');
  t.equal(await replica.sessions.read(cookie, ''), session);
  t.equal(replica.reads, 2);
  replica.beat();
  t.equal(await replica.sessions.read(cookie, ''), session, 'what was read before it is read again');
  t.equal(replica.reads, 3);
  t.equal(await replica.sessions.read(cookie, ''), session, 'and then remembered');
  t.equal(replica.reads, 3);
});

t.test('while the feed is silent for a second every request reads the store', async t => {
  const { here, cookie, pass } = await started();
  const session = await here.sessions.read(cookie, '');
  pass(999);
  await here.sessions.read(cookie, '');
  t.equal(here.reads, 1);
  pass(1);
  t.equal(await here.sessions.read(cookie, ''), session, 'an unchanged record is the same session still');
  await here.sessions.read(cookie, '');
  t.equal(here.reads, 3);
  here.beat();
  await here.sessions.read(cookie, '');
  await here.sessions.read(cookie, '');
  t.equal(here.reads, 4, 'after the gap it is read again, once');
});

t.test('a silence that nobody saw is a gap all the same', async t => {
  const { here, cookie, pass } = await started();
  await here.sessions.read(cookie, '');
  pass(1000);
  here.beat();
  await here.sessions.read(cookie, '');
  t.equal(here.reads, 2);
});

t.test('a heartbeat that took a second on its way shows no life', async t => {
  const { here, cookie, pass, ticks } = await started();
  await here.sessions.read(cookie, '');
  here.send({ sent: ticks() });
  pass(1000);
  here.deliver();
  await here.sessions.read(cookie, '');
  await here.sessions.read(cookie, '');
  t.equal(here.reads, 3);
});

t.test('the idle end that is known here is asked about, for another replica may have moved it', async t => {
  const { here, there, cookie, pass } = await started();
  t.ok(await here.sessions.peek(cookie));
  const untouched = await here.sessions.create(newSession());
  t.ok(await here.sessions.peek(untouched.cookie));
  pass(HOUR - 1);
  here.beat();
  t.ok(await there.sessions.read(cookie, ''));
  pass(1);
  here.beat();
  t.ok(await here.sessions.peek(cookie), 'in use elsewhere');
  t.equal(await here.sessions.peek(untouched.cookie), undefined);
});

t.test('a look that remembers a session does not lengthen what is left of its idle time', async t => {
  const { here, cookie, pass } = await started();
  pass(HOUR - 100);
  here.beat();
  t.ok(await here.sessions.peek(cookie));
  pass(100);
  t.equal(await here.sessions.peek(cookie), undefined);
});

t.test('a session that is served from memory is kept alive in the store', async t => {
  const { here, there, cookie, live } = await started();
  for (let minutes = 0; minutes < 90; minutes += 1) {
    t.ok(await here.sessions.read(cookie, ''));
    live(MINUTE);
  }
  t.equal(here.reads, 1);
  t.ok(await there.sessions.read(cookie, ''));
});

t.test('a hot session ends at its absolute end', async t => {
  const { here, cookie, live } = await started({ absolute: 90 * MINUTE });
  for (let minutes = 0; minutes < 90; minutes += 1) {
    t.ok(await here.sessions.read(cookie, ''));
    live(MINUTE);
  }
  t.equal(await here.sessions.read(cookie, ''), undefined);
  t.equal(here.reads, 2);
});

t.test('a session that the store lost without a word is found out at the next touch', async t => {
  const { here, memory, cookie, session, live } = await started();
  t.ok(await here.sessions.read(cookie, ''));
  await memory.touch(session.id, Buffer.alloc(0), 0);
  live(MINUTE);
  t.ok(await here.sessions.read(cookie, ''), 'this request moves the idle end, in the background');
  await new Promise(setImmediate);
  t.equal(await here.sessions.read(cookie, ''), undefined);
});

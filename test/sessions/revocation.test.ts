import t from 'tap';
import { newSession } from './fixtures.ts';
import { holdReads, startReplicas as started } from './replicas.ts';

const HOUR = 3_600_000;

t.test('a feed that lags is trusted only as far as it is known to have come', async t => {
  const { here, there, cookie, pass, ticks } = await started();
  await here.sessions.read(cookie, '');
  here.send({ sent: ticks() });
  await there.sessions.end(cookie);
  pass(900);
  // The heartbeat arrives, the ending behind it does not yet.
  const [heartbeat] = here.takeBack();
  if (heartbeat) here.send(heartbeat);
  here.deliver();
  t.ok(await here.sessions.read(cookie, ''), 'nobody could know');
  pass(100);
  t.equal(await here.sessions.read(cookie, ''), undefined, 'within a second of the sign-out it is refused');
});

t.test('a session that was signed out elsewhere is refused as soon as the feed tells', async t => {
  const { here, there, cookie, session } = await started();
  await here.sessions.read(cookie, '');
  await there.sessions.end(cookie);
  t.equal(await there.sessions.read(cookie, ''), undefined, 'there at once');
  here.deliver();
  t.equal(await here.sessions.read(cookie, ''), undefined);
  t.equal(await here.sessions.tokens(session, cookie), undefined);
  t.equal(here.reads, 1, 'the store need not be asked');
});

t.test('a session that was renewed elsewhere is read anew as soon as the feed tells', async t => {
  const { here, there, session, cookie } = await started();
  await here.sessions.read(cookie, '');
  const person = { ...session.person, groups: [] };
  const renewed = await there.sessions.renew(session, cookie, { person, tokens: { idToken: 'second' } });
  t.match(renewed, { id: session.id, person: { groups: [] }, refreshable: false });
  t.strictSame(await there.sessions.read(cookie, ''), renewed, 'there at once');
  here.deliver();
  t.strictSame(await here.sessions.read(cookie, ''), renewed);
  t.strictSame(await here.sessions.tokens(session, cookie), { idToken: 'second' });
});

t.test('a reading that overlaps a renewal is not remembered', async t => {
  const { here, there, session, cookie } = await started();
  const release = holdReads(here);
  const reading = here.sessions.read(cookie, '');
  const person = { ...session.person, groups: [] };
  await there.sessions.renew(session, cookie, { person, tokens: { idToken: '' } });
  here.deliver();
  release();
  t.equal((await reading)?.id, session.id, 'it is a session all the same');
  t.strictSame((await here.sessions.read(cookie, ''))?.person.groups, []);
});

t.test('nobody renews a session that has ended', async t => {
  const { here, there, session, cookie } = await started();
  await there.sessions.drop(session);
  for (const replica of [there, here]) {
    const renewal = { person: session.person, tokens: { idToken: '' } };
    t.equal(await replica.sessions.renew(session, cookie, renewal), undefined);
    t.equal(await replica.sessions.read(cookie, ''), undefined);
  }
});

t.test('a session is claimed by one replica at a time', async t => {
  const { here, there, session, pass } = await started();
  const release = await here.sessions.claim(session, 1000);
  t.ok(release);
  t.equal(await there.sessions.claim(session, 1000), undefined);
  await release?.();
  t.ok(await there.sessions.claim(session, 1000));
  pass(1000);
  t.ok(await here.sessions.claim(session, 1000), 'a claim that nobody gives back ends by its time');
});

t.test('the sessions of the same provider session are refused elsewhere with it', async t => {
  const { here, there } = await started();
  const one = await there.sessions.create(newSession({ sid: 'sid-1' }));
  const two = await here.sessions.create(newSession({ sid: 'sid-1' }));
  t.ok(await here.sessions.read(two.cookie, ''));
  t.ok(await there.sessions.read(two.cookie, ''));
  await there.sessions.end(one.cookie);
  t.equal(await there.sessions.read(two.cookie, ''), undefined, 'where it was signed out at once');
  here.deliver();
  t.equal(await here.sessions.read(two.cookie, ''), undefined);
});

t.test('what was ended stays ended although the store brings it back, until its absolute end', async t => {
  const { here, there, memory, cookie, session, pass } = await started({ absolute: HOUR });
  const found = await memory.read([session.id]);
  const tokens = await memory.readTokens(session.id);
  if (!found || !tokens) throw new Error('The session is there.');
  await here.sessions.read(cookie, '');
  await there.sessions.end(cookie);
  const place = { indexes: [], listing: Buffer.alloc(0), ttl: 100 * HOUR, absoluteTtl: 100 * HOUR };
  await memory.create({ id: session.id, record: found.record, tokens, ...place });
  here.beat();
  for (const replica of [here, there]) {
    t.equal(await replica.sessions.read(cookie, ''), undefined);
    t.equal(await replica.sessions.tokens(session, cookie), undefined);
  }
  pass(HOUR);
  here.beat();
  t.equal(await here.sessions.read(cookie, ''), undefined);
});

t.test('an ending that nobody told during a gap is found after it', async t => {
  const { here, there, cookie } = await started();
  await here.sessions.read(cookie, '');
  here.breakFeed();
  await there.sessions.end(cookie);
  here.mendFeed();
  here.beat();
  t.equal(await here.sessions.read(cookie, ''), undefined);
});

t.test('a reading that an ending overtakes is dropped', async t => {
  const { here, there, cookie } = await started();
  const release = holdReads(here);
  const reading = here.sessions.read(cookie, '');
  await there.sessions.end(cookie);
  here.deliver();
  release();
  t.equal(await reading, undefined);
  t.equal(await here.sessions.read(cookie, ''), undefined);
});

t.test('a reading that ends before the ending is told is forgotten when it is', async t => {
  const { here, there, cookie } = await started();
  const release = holdReads(here);
  const reading = here.sessions.read(cookie, '');
  await there.sessions.end(cookie);
  release();
  t.ok(await reading, 'the request came before the sign-out');
  here.deliver();
  t.equal(await here.sessions.read(cookie, ''), undefined);
});

t.test('a reading that a gap overtakes is not remembered beyond it', async t => {
  const { here, there, cookie } = await started();
  const release = holdReads(here);
  const reading = here.sessions.read(cookie, '');
  here.breakFeed();
  await there.sessions.end(cookie);
  here.mendFeed();
  here.beat();
  release();
  t.ok(await reading, 'the request came before the sign-out');
  t.equal(await here.sessions.read(cookie, ''), undefined);
});

t.test('who waits for another request’s reading does not take what a gap has made old', async t => {
  const { here, there, cookie } = await started();
  const release = holdReads(here);
  const first = here.sessions.read(cookie, '');
  here.breakFeed();
  await there.sessions.end(cookie);
  here.mendFeed();
  here.beat();
  const second = here.sessions.read(cookie, '');
  release();
  t.ok(await first);
  t.equal(await second, undefined, 'it came after the sign-out');
});

t.test('a late reading does not undo what a later one has found', async t => {
  const { here, memory, cookie, session, pass } = await started();
  const release = holdReads(here);
  const early = here.sessions.peek(cookie);
  pass(1000);
  here.beat();
  here.hold = Promise.resolve();
  pass(1000);
  t.ok(await here.sessions.peek(cookie));
  here.beat();
  t.ok(await here.sessions.peek(cookie));
  release();
  t.ok(await early);
  await memory.delete([session.id]);
  here.deliver();
  t.equal(await here.sessions.peek(cookie), undefined);
});

t.test('listeners hear of an ended session: at once here, with the feed elsewhere', async t => {
  const { here, there, cookie, session } = await started();
  const heard: string[] = [];
  here.sessions.onEnded(ids => heard.push(...ids.map(id => `here ${id}`)));
  there.sessions.onEnded(ids => heard.push(...ids.map(id => `there ${id}`)));
  there.deletable = false;
  t.equal(await there.sessions.end(cookie), false);
  t.teardown(() => there.sessions.close());
  t.ok(heard.includes(`there ${session.id}`), 'also before the store is told');
  t.notOk(heard.includes(`here ${session.id}`));
  there.deletable = true;
  await there.sessions.end(cookie);
  here.deliver();
  t.ok(heard.includes(`here ${session.id}`));
});

import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import type { Store } from '../../src/sessions/index.ts';
import { ADA, newSession, openSessions, personOf, SECRET, TOKENS } from './fixtures.ts';

/** What sessions do over any store. Each behaviour gets an empty store. */
export async function sessionsContract(t: Test, openStore: (t: Test) => Promise<Store>): Promise<void> {
  await t.test('a new session is opened by its cookie, with all that it was made of', async t => {
    const sessions = openSessions(await openStore(t));
    const before = Date.now();
    const { session, cookie } = await sessions.create(newSession({ sid: 'sid-1', loginHint: 'hint-1' }));
    t.match(cookie, /^[A-Za-z0-9_-]{43}$/);
    t.match(session, { person: ADA, connection: 'default', sid: 'sid-1', loginHint: 'hint-1' });
    t.equal(session.expires - session.created, 43_200_000);
    t.ok(session.created >= before && session.created <= Date.now());
    t.strictSame(await sessions.read(cookie, '203.0.113.77'), session);
    t.strictSame(await sessions.tokens(session, cookie), TOKENS);
  });

  await t.test('what the provider did not give is not there', async t => {
    const sessions = openSessions(await openStore(t));
    const { session, cookie } = await sessions.create(newSession({ tokens: { idToken: 'only' } }));
    const read = await sessions.read(cookie, '');
    t.notOk(read && ('sid' in read || 'loginHint' in read));
    t.strictSame(await sessions.tokens(session, cookie), { idToken: 'only' });
  });

  await t.test('a value that nobody was given opens nothing, whatever it looks like', async t => {
    const sessions = openSessions(await openStore(t));
    const { cookie } = await sessions.create(newSession());
    const other = cookie.startsWith('A') ? 'B' : 'A';
    // Of the last character two bits are spare: this spells the same bytes.
    const respelt = cookie.slice(0, 42) + String.fromCharCode(cookie.charCodeAt(42) + 1);
    t.ok(Buffer.from(respelt, 'base64url').equals(Buffer.from(cookie, 'base64url')));
    for (const value of [
      '',
      'x',
      randomBytes(32).toString('base64url'),
      `${cookie}A`,
      cookie.slice(0, -1),
      ` ${cookie}`,
      `${cookie}=`,
      other + cookie.slice(1),
      respelt,
      'ä'.repeat(43),
      'A'.repeat(100_000),
    ]) {
      t.equal(await sessions.read(value, ''), undefined);
    }
  });

  await t.test('half of a cookie finds the session and does not open it', async t => {
    const store = await openStore(t);
    const sessions = openSessions(store);
    const { session, cookie } = await sessions.create(newSession());
    const bytes = Buffer.from(cookie, 'base64url');
    const forged = Buffer.concat([bytes.subarray(0, 16), randomBytes(16)]).toString('base64url');
    t.strictSame(sessions.idsOf(forged), [session.id], 'it is the same session by name');
    t.equal(await sessions.read(forged, ''), undefined);
    t.equal(await sessions.tokens(session, forged), undefined);
    t.ok(await sessions.read(cookie, ''), 'and it is left as it was');
  });

  await t.test('a planted cookie never becomes the session of who signs in', async t => {
    const sessions = openSessions(await openStore(t));
    const planted = randomBytes(32).toString('base64url');
    const { session, cookie } = await sessions.create(newSession({ former: sessions.idsOf(planted) }));
    t.not(cookie, planted);
    t.notOk(sessions.idsOf(planted).includes(session.id));
    t.equal(await sessions.read(planted, ''), undefined);
    t.ok(await sessions.read(cookie, ''));
  });

  await t.test('each sign-in makes another session and ends the browser’s former one alone', async t => {
    const sessions = openSessions(await openStore(t));
    const former = await sessions.create(newSession({ sid: 'sid-1' }));
    const elsewhere = await sessions.create(newSession({ sid: 'sid-1' }));
    const next = await sessions.create(newSession({ sid: 'sid-1', former: sessions.idsOf(former.cookie) }));
    t.not(next.session.id, former.session.id);
    t.equal(await sessions.read(former.cookie, ''), undefined);
    t.equal(await sessions.tokens(former.session, former.cookie), undefined);
    t.ok(await sessions.read(elsewhere.cookie, ''));
    t.ok(await sessions.read(next.cookie, ''));
  });

  await t.test('tokens are given for the cookie of their own session alone', async t => {
    const sessions = openSessions(await openStore(t));
    const one = await sessions.create(newSession());
    const two = await sessions.create(newSession());
    t.equal(await sessions.tokens(one.session, two.cookie), undefined);
    t.equal(await sessions.tokens(one.session, 'rubbish'), undefined);
  });

  await t.test('signing out ends this session, in every process', async t => {
    const store = await openStore(t);
    const [sessions, replica] = [openSessions(store), openSessions(store)];
    const { session, cookie } = await sessions.create(newSession());
    const other = await sessions.create(newSession());
    t.ok(await replica.read(cookie, ''));
    t.equal(await sessions.end(cookie), true);
    t.equal(await sessions.read(cookie, ''), undefined);
    t.equal(await replica.read(cookie, ''), undefined);
    t.equal(await replica.tokens(session, cookie), undefined);
    t.ok(await sessions.read(other.cookie, ''), 'a session without a sid ends alone');
    t.equal(await sessions.end(cookie), true, 'a second time does no harm');
  });

  await t.test('signing out ends the sessions of the same provider session, whatever their connection', async t => {
    const sessions = openSessions(await openStore(t));
    const agents = await sessions.create(newSession({ sid: 'sid-1', connection: 'agents' }));
    const customers = await sessions.create(newSession({ sid: 'sid-1', connection: 'customers' }));
    const otherBrowser = await sessions.create(newSession({ sid: 'sid-2', connection: 'agents' }));
    const without = await sessions.create(newSession());
    t.equal(await sessions.end(agents.cookie), true);
    t.equal(await sessions.read(agents.cookie, ''), undefined);
    t.equal(await sessions.read(customers.cookie, ''), undefined);
    t.ok(await sessions.read(otherBrowser.cookie, ''));
    t.ok(await sessions.read(without.cookie, ''));
  });

  await t.test('the provider can end its own session without a cookie, and nobody else’s', async t => {
    const store = await openStore(t);
    const [sessions, replica] = [openSessions(store), openSessions(store)];
    const one = await sessions.create(newSession({ sid: 'same' }));
    const two = await replica.create(newSession({ sid: 'same', connection: 'other' }));
    const other = await sessions.create(newSession({ sid: 'another' }));
    const person = personOf('https://one.example', 'ada');
    const elsewhere = await sessions.create(newSession({ sid: 'same', person }));
    t.ok(await replica.read(one.cookie, ''));
    t.strictSame(await sessions.endProviderSession('same'), { done: true, count: 2 });
    for (const { cookie } of [one, two]) {
      for (const process of [sessions, replica]) t.equal(await process.read(cookie, ''), undefined);
    }
    t.ok(await sessions.read(elsewhere.cookie, ''), 'another provider’s');
    t.strictSame(await sessions.endProviderSession('same', 'https://one.example'), { done: true, count: 1 });
    t.equal(await sessions.read(elsewhere.cookie, ''), undefined);
    t.ok(await sessions.read(other.cookie, ''));
    t.strictSame(await sessions.endProviderSession('unknown'), { done: true, count: 0 });
  });

  await t.test('a person’s sessions end together', async t => {
    const sessions = openSessions(await openStore(t));
    const person = { ...ADA, id: `${ADA.tid}.somebody-else`, oid: 'somebody-else' };
    const [one, two, other] = [
      await sessions.create(newSession()),
      await sessions.create(newSession({ connection: 'other' })),
      await sessions.create(newSession({ person })),
    ];
    t.strictSame(await sessions.endPerson(ADA.id), { done: true, count: 2 });
    for (const { cookie } of [one, two]) t.equal(await sessions.read(cookie, ''), undefined);
    t.ok(await sessions.read(other.cookie, ''));
  });

  await t.test('an operator sees who is signed in, and can end what is listed', async t => {
    const store = await openStore(t);
    const sessions = openSessions(store);
    const one = await sessions.create(newSession());
    const two = await sessions.create(newSession({ connection: 'other', address: '2001:db8::1' }));
    const ended = await sessions.create(newSession());
    await sessions.end(ended.cookie);
    const listed = await all(sessions.list());
    const seen = { person: ADA.id, created: one.session.created, lastSeen: Number };
    t.equal(listed.length, 2);
    t.match(
      listed.find(({ id }) => id === one.session.id),
      { ...seen, connection: 'default', address: '203.0.113.77' },
    );
    t.match(
      listed.find(({ id }) => id === two.session.id),
      { connection: 'other', address: '2001:db8::1' },
    );
    await sessions.revoke([two.session.id]);
    t.equal(await sessions.read(two.cookie, ''), undefined);
    t.ok(await sessions.read(one.cookie, ''));
    const stranger = openSessions(store, { secrets: [randomBytes(32)] });
    t.strictSame(await all(stranger.list()), [], 'without the secret nothing can be read');
  });

  await t.test('another provider’s session of the same name is another', async t => {
    const sessions = openSessions(await openStore(t));
    const entra = await sessions.create(newSession({ sid: 'same' }));
    const one = await sessions.create(newSession({ sid: 'same', person: personOf('https://one.example', 'ada') }));
    const oneAgain = await sessions.create(
      newSession({ sid: 'same', person: personOf('https://one.example', 'x|ada') }),
    );
    const two = await sessions.create(newSession({ sid: 'same', person: personOf('https://two.example', 'ada') }));
    await sessions.end(one.cookie);
    t.equal(await sessions.read(one.cookie, ''), undefined);
    t.equal(await sessions.read(oneAgain.cookie, ''), undefined, 'one provider, whatever the subject');
    t.ok(await sessions.read(two.cookie, ''));
    t.ok(await sessions.read(entra.cookie, ''));
  });

  await t.test(
    'signing out with a cookie that is none, or whose half is wrong, does not reach the provider session',
    async t => {
      const sessions = openSessions(await openStore(t));
      const one = await sessions.create(newSession({ sid: 'sid-1' }));
      const two = await sessions.create(newSession({ sid: 'sid-1' }));
      t.equal(await sessions.end('rubbish'), true);
      t.equal(await sessions.end(randomBytes(32).toString('base64url')), true);
      const bytes = Buffer.from(one.cookie, 'base64url');
      await sessions.end(Buffer.concat([bytes.subarray(0, 16), randomBytes(16)]).toString('base64url'));
      t.ok(await sessions.read(two.cookie, ''));
    },
  );

  await t.test(
    'under a rotated secret sessions live on, are signed out together, and new ones use the first',
    async t => {
      const store = await openStore(t);
      const fresh = randomBytes(32);
      const before = openSessions(store);
      const rotated = openSessions(store, { secrets: [fresh, SECRET] });
      const after = openSessions(store, { secrets: [fresh] });
      const old = await before.create(newSession({ sid: 'sid-1' }));
      const recent = await rotated.create(newSession({ sid: 'sid-1' }));

      t.strictSame(await rotated.read(old.cookie, ''), old.session);
      t.strictSame(await rotated.tokens(old.session, old.cookie), TOKENS);
      t.equal(rotated.idsOf(old.cookie).length, 2);
      t.ok(await after.read(recent.cookie, ''), 'the first secret seals');
      t.equal(await before.read(recent.cookie, ''), undefined);
      t.equal(await after.read(old.cookie, ''), undefined, 'a secret that is gone opens nothing');

      t.equal(await rotated.end(recent.cookie), true);
      t.equal(await before.read(old.cookie, ''), undefined);
      t.equal(await rotated.read(recent.cookie, ''), undefined);
    },
  );

  await t.test('a replaced record, also one of another session, is no session', async t => {
    const store = await openStore(t);
    const sessions = openSessions(store);
    const victim = await sessions.create(newSession());
    const mine = await sessions.create(newSession({ person: { ...ADA, name: 'Mallory' } }));
    const stolen = await store.read([victim.session.id]);
    const tokens = await store.readTokens(victim.session.id);
    const place = { id: mine.session.id, listing: Buffer.alloc(0), indexes: [], ttl: 60_000, absoluteTtl: 60_000 };
    if (!stolen || !tokens) return void t.fail('the session is there');
    await store.create({ ...place, record: stolen.record, tokens });
    t.equal(await sessions.read(mine.cookie, ''), undefined);
    t.equal(await sessions.tokens(mine.session, mine.cookie), undefined);
    for (const rubbish of [Buffer.alloc(0), Buffer.from('{}'), randomBytes(500), tokens]) {
      await store.create({ ...place, record: rubbish, tokens: rubbish });
      t.equal(await sessions.read(mine.cookie, ''), undefined);
      t.equal(await sessions.tokens(mine.session, mine.cookie), undefined);
    }
    t.equal(await sessions.end(mine.cookie), true, 'and can be signed out all the same');
    t.equal(await store.read([mine.session.id]), undefined);
  });

  await t.test('answers a ping', async t => {
    await t.resolves(openSessions(await openStore(t)).ping());
  });
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of source) found.push(each);
  return found;
}

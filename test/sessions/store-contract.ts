import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import type { StoredSession } from '../../src/sessions/index.ts';
import { namesContract, type StoreUnderTest } from './store-names-contract.ts';

/** What every store does. Each behaviour gets an empty store. */
export async function storeContract(t: Test, open: (t: Test) => Promise<StoreUnderTest>): Promise<void> {
  const entry = (change: Partial<StoredSession> = {}): StoredSession => ({
    id: randomBytes(8).toString('hex'),
    record: randomBytes(64),
    tokens: randomBytes(64),
    listing: randomBytes(64),
    indexes: [],
    ttl: 60_000,
    absoluteTtl: 60_000,
    ...change,
  });

  await t.test('gives back the bytes of a session, whatever they are', async t => {
    const { store } = await open(t);
    const one = entry({ record: Buffer.from([0, 255, 10, 13, 0xc3, 0x28]), tokens: Buffer.alloc(200_000, 0xfe) });
    await store.create(one);
    t.match(await store.read([one.id]), { id: one.id, record: one.record });
    t.strictSame(await store.readTokens(one.id), one.tokens);
  });

  await t.test('finds nothing under an id that nobody wrote, or none', async t => {
    const { store } = await open(t);
    t.equal(await store.read(['nobody']), undefined);
    t.equal(await store.read([]), undefined);
    t.equal(await store.readTokens('nobody'), undefined);
  });

  await t.test('reads the first of several ids that exists', async t => {
    const { store } = await open(t);
    const one = entry();
    const two = entry();
    await store.create(one);
    await store.create(two);
    t.equal((await store.read(['absent', two.id, one.id]))?.id, two.id);
    t.equal((await store.read([one.id, two.id]))?.id, one.id);
  });

  await t.test('ends a session when its time is over, with its tokens and its place in the indexes', async t => {
    const { store, pass } = await open(t);
    const one = entry({ indexes: ['person'], ttl: 50 });
    const two = entry({ indexes: ['person'] });
    await store.create(one);
    await store.create(two);
    await pass(60);
    t.equal(await store.read([one.id]), undefined);
    t.equal(await store.readTokens(one.id), undefined);
    t.strictSame(await store.indexed(['person']), [two.id]);
  });

  await t.test('a touch moves the end', async t => {
    const { store, pass } = await open(t);
    const touched = entry({ ttl: 1500 });
    const left = entry({ ttl: 1500 });
    await store.create(touched);
    await store.create(left);
    await store.touch(touched.id, randomBytes(8), 60_000);
    await pass(1600);
    t.equal(await store.read([left.id]), undefined);
    t.match(await store.read([touched.id]), { id: touched.id, record: touched.record });
    t.strictSame(await store.readTokens(touched.id), touched.tokens);
  });

  await t.test('tells how long a session has left, and whether a touched one lives', async t => {
    const { store, pass } = await open(t);
    const one = entry({ ttl: 50_000 });
    await store.create(one);
    await pass(10);
    const before = await store.read([one.id]);
    t.ok(before && before.ttl > 40_000 && before.ttl <= 49_990);
    t.equal(await store.touch(one.id, randomBytes(8), 100), true);
    const after = await store.read([one.id]);
    t.ok(after && after.ttl <= 100);
    await pass(110);
    t.equal(await store.touch(one.id, randomBytes(8), 60_000), false);
    t.equal(await store.touch('nobody', randomBytes(8), 60_000), false);
  });

  await t.test('tells its watchers what is deleted, before the deletion is done, and shows signs of life', async t => {
    const { store } = await open(t);
    const told: string[] = [];
    const { promise: heard, resolve } = Promise.withResolvers<number>();
    const silent = { ended() {}, changed() {}, heard() {}, lost() {} };
    store.watch({ ...silent, ended: ids => told.push(...ids), heard: resolve });
    const stop = store.watch({ ...silent, ended: () => t.fail('it watches no more') });
    stop();
    t.ok((await heard) > 0);
    const one = entry();
    await store.create(one);
    await store.delete([one.id, 'absent']);
    t.strictSame(new Set(told), new Set([one.id, 'absent']));
  });

  await t.test('deletes again what it has brought back, and tells its watchers of nothing else', async t => {
    const { store } = await open(t);
    const told: string[] = [];
    store.watch({ ended: ids => told.push(...ids), changed() {}, heard() {}, lost() {} });
    const [back, stays] = [entry({ indexes: ['person'] }), entry({ indexes: ['person'] })];
    for (const each of [back, stays]) await store.create(each);
    await store.deleteAgain([back.id, 'absent']);
    t.strictSame(new Set(told), new Set([back.id]));
    t.equal(await store.readTokens(back.id), undefined);
    t.strictSame(await store.indexed(['person']), [stays.id]);
  });

  await t.test('replaces what a session holds, keeps its end, and tells its watchers before it is done', async t => {
    const { store, pass } = await open(t);
    const told: string[] = [];
    const { promise: heard, resolve } = Promise.withResolvers<number>();
    store.watch({ ended: () => t.fail('nothing ends'), changed: ids => told.push(...ids), heard: resolve, lost() {} });
    await heard;
    const [one, other] = [entry({ ttl: 1500, indexes: ['person'] }), entry()];
    for (const each of [one, other]) await store.create(each);
    const content = { record: randomBytes(64), tokens: randomBytes(64) };
    t.equal(await store.replace(one.id, content), true);
    t.ok(told.includes(one.id));
    t.notOk(told.includes(other.id));
    const found = await store.read([one.id]);
    t.match(found, { id: one.id, record: content.record });
    t.ok(found && found.ttl > 0 && found.ttl <= 1500);
    t.strictSame(await store.readTokens(one.id), content.tokens);
    t.match(await store.read([other.id]), { record: other.record });
    t.strictSame(await store.indexed(['person']), [one.id]);
    await pass(1600);
    t.equal(await store.read([one.id]), undefined);
    t.equal(await store.readTokens(one.id), undefined);
  });

  await t.test('replaces nothing of a session that has ended, or never was', async t => {
    const { store, pass } = await open(t);
    const [deleted, expired] = [entry(), entry({ ttl: 50 })];
    for (const each of [deleted, expired]) await store.create(each);
    await store.delete([deleted.id]);
    await pass(60);
    for (const id of [deleted.id, expired.id, 'nobody']) {
      t.equal(await store.replace(id, { record: randomBytes(8), tokens: randomBytes(8) }), false);
      t.equal(await store.read([id]), undefined);
      t.equal(await store.readTokens(id), undefined);
    }
  });

  await t.test('a touch does not bring an ended session back', async t => {
    const { store, pass } = await open(t);
    const deleted = entry({ indexes: ['person'] });
    const expired = entry({ indexes: ['person'], ttl: 50 });
    await store.create(deleted);
    await store.create(expired);
    await store.delete([deleted.id]);
    await pass(60);
    for (const { id } of [deleted, expired]) {
      await store.touch(id, randomBytes(8), 60_000);
      t.equal(await store.read([id]), undefined);
      t.equal(await store.readTokens(id), undefined);
    }
    t.strictSame(await store.indexed(['person']), []);
  });

  await t.test('deletes what it is told, passes over what is not there, and leaves the rest', async t => {
    const { store } = await open(t);
    const [one, two, three] = [entry(), entry(), entry()];
    for (const each of [one, two, three]) await store.create(each);
    await store.delete([one.id, 'absent', two.id]);
    await store.delete([]);
    t.equal(await store.read([one.id, two.id]), undefined);
    t.equal(await store.readTokens(one.id), undefined);
    t.equal((await store.read([three.id]))?.id, three.id);
  });

  await t.test('finds the living sessions under any of the index keys, each once', async t => {
    const { store } = await open(t);
    const [one, two, other] = [
      entry({ indexes: ['person', 'sid'] }),
      entry({ indexes: ['person'] }),
      entry({ indexes: ['x'] }),
    ];
    for (const each of [one, two, other]) await store.create(each);
    t.strictSame([...(await store.indexed(['person', 'sid', 'unknown']))].sort(), [one.id, two.id].sort());
    await store.delete([one.id]);
    t.strictSame(await store.indexed(['sid']), []);
    t.strictSame(await store.indexed(['person']), [two.id]);
    t.strictSame(await store.indexed([]), []);
  });

  await t.test('finds a session that is touched for longer than its first time to live', async t => {
    const { store, pass } = await open(t);
    const one = entry({ indexes: ['person'], ttl: 1500 });
    const brief = entry({ indexes: ['person'], ttl: 50, absoluteTtl: 50 });
    await store.create(one);
    await store.create(brief);
    await store.touch(one.id, randomBytes(8), 60_000);
    await pass(1600);
    t.strictSame(await store.indexed(['person']), [one.id]);
  });

  await t.test('lists the sessions that live', async t => {
    const { store, pass } = await open(t);
    const [one, two, deleted, expired] = [entry(), entry(), entry(), entry({ ttl: 50 })];
    for (const each of [one, two, deleted, expired]) await store.create(each);
    await store.delete([deleted.id]);
    const fresh = randomBytes(64);
    await store.touch(two.id, fresh, 60_000);
    await pass(60);
    const listed = new Map<string, string>();
    for await (const batch of store.listings()) {
      for (const { id, listing } of batch) listed.set(id, listing.toString('hex'));
    }
    t.strictSame(
      listed,
      new Map([
        [one.id, one.listing.toString('hex')],
        [two.id, fresh.toString('hex')],
      ]),
    );
  });

  await t.test('keeps the names of sessions, uses and shared values apart', async t => {
    const { store } = await open(t);
    await store.create(entry({ id: 'same', indexes: ['same'] }));
    t.equal(await store.once('same', 60_000), true);
    t.equal((await store.count('same', 60_000)).count, 1);
    t.equal(await store.getShared('same'), undefined);
    t.equal(await store.replaceShared('same', undefined, Buffer.from('x')), true);
    t.strictSame(await store.indexed(['same']), ['same']);
  });

  await t.test('answers a ping', async t => {
    const { store } = await open(t);
    await t.resolves(store.ping());
  });

  await namesContract(t, open);
}

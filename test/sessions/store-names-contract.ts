import type { Test } from 'tap';
import type { Store } from '../../src/sessions/index.ts';

export interface StoreUnderTest {
  readonly store: Store;
  /** Lets time pass: at least so many milliseconds. */
  pass(milliseconds: number): Promise<void>;
}

/** What every store does beside sessions: locks, uses, counts and shared values, each under its name. */
export async function namesContract(t: Test, open: (t: Test) => Promise<StoreUnderTest>): Promise<void> {
  await t.test('gives a lock to one of many, until it is given back by who has it or its time is over', async t => {
    const { store, pass } = await open(t);
    const holders = Array.from({ length: 20 }, (_, at) => `holder-${at}`);
    const got = await Promise.all(holders.map(holder => store.lock('session', holder, 60_000)));
    t.equal(got.filter(Boolean).length, 1);
    const holder = holders[got.indexOf(true)] ?? '';
    await store.unlock('session', 'somebody else');
    t.equal(await store.lock('session', 'another', 60_000), false);
    await store.unlock('session', holder);
    t.equal(await store.lock('session', 'another', 50), true);
    t.equal(await store.lock('second', holder, 60_000), true);
    await pass(60);
    t.equal(await store.lock('session', 'third', 60_000), true);
    await store.unlock('session', 'another');
    t.equal(await store.lock('session', 'fourth', 60_000), false, 'who has lost it gives nothing back');
  });

  await t.test('lets one of many callers be the first of a name, until its time is over', async t => {
    const { store, pass } = await open(t);
    const calls = await Promise.all(Array.from({ length: 20 }, () => store.once('state', 60_000)));
    t.equal(calls.filter(Boolean).length, 1);
    t.equal(await store.once('state', 60_000), false);
    t.equal(await store.once('another', 50), true);
    await pass(60);
    t.equal(await store.once('another', 60_000), true);
  });

  await t.test('counts every one of many callers, until the time of the first is over', async t => {
    const { store, pass } = await open(t);
    t.strictSame(await store.counted('starts'), { count: 0, ttl: 0 });
    const counts = await Promise.all(Array.from({ length: 20 }, () => store.count('starts', 60_000)));
    t.strictSame(
      counts.map(({ count }) => count).toSorted((a, b) => a - b),
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
    const { count, ttl } = await store.counted('starts');
    t.equal(count, 20);
    t.ok(ttl > 0 && ttl <= 60_000);
    t.equal((await store.count('kept', 30_000)).count, 1);
    t.ok((await store.count('kept', 60_000)).ttl <= 30_000, 'a later one moves no end');
    t.equal((await store.count('brief', 50)).count, 1);
    await pass(60);
    t.strictSame(await store.counted('brief'), { count: 0, ttl: 0 });
    t.equal((await store.count('brief', 60_000)).count, 1);
  });

  await t.test('replaces a shared value only where it is what the caller takes it for', async t => {
    const { store } = await open(t);
    const [one, two] = [Buffer.from([0, 1, 255]), Buffer.from('')];
    t.equal(await store.getShared('key'), undefined);
    t.equal(await store.replaceShared('key', one, two), false);
    t.equal(await store.replaceShared('key', Buffer.from(''), two), false);
    t.equal(await store.replaceShared('key', undefined, one), true);
    t.equal(await store.replaceShared('key', undefined, two), false);
    t.strictSame(await store.getShared('key'), one);
    t.equal(await store.replaceShared('key', one, two), true);
    t.strictSame(await store.getShared('key'), two);
    t.equal(await store.replaceShared('key', one, one), false);
    t.equal(await store.getShared('other'), undefined);
  });

  await t.test('of several who replace a shared value at once one wins', async t => {
    const { store } = await open(t);
    const values = Array.from({ length: 10 }, (_, at) => Buffer.from([at]));
    const won = await Promise.all(values.map(value => store.replaceShared('key', undefined, value)));
    t.equal(won.filter(Boolean).length, 1);
    t.strictSame(await store.getShared('key'), values[won.indexOf(true)]);
  });
}

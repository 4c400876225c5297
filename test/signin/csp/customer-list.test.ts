import t, { type Test } from 'tap';
import type { Tenant } from '../../../src/config/index.ts';
import { createMemoryStore, createSealer, type Store, StoreUnreachableError } from '../../../src/sessions/index.ts';
import { createCustomerList } from '../../../src/signin/csp/customer-list.ts';
import { createSharedList } from '../../../src/signin/csp/shared-list.ts';
import { GraphError } from '../../../src/signin/index.ts';
import { cspConnection, FakePace } from './support.ts';

const [MINUTE, HOUR] = [60_000, 3_600_000];
const ONE: Tenant = { id: '11111111-0000-4000-8000-000000000000', name: 'One', domains: ['one.example'] };
const TWO: Tenant = { id: '22222222-0000-4000-8000-000000000000', name: 'Two', domains: ['two.example'] };

t.test('asks at its start and once a period', async t => {
  const partner = world(t);
  const list = await partner.replica();
  t.equal(partner.asked, 1);
  t.strictSame(list.seen(), [ONE]);
  partner.answer = [ONE, TWO];
  await partner.pace.pass(HOUR - 1);
  t.equal(partner.asked, 1);
  await partner.pace.pass(1);
  t.equal(partner.asked, 2);
  t.strictSame(list.seen(), [ONE, TWO]);
  await partner.pace.pass(10 * HOUR);
  t.equal(partner.asked, 12);
});

t.test('replicas share one question a period, and all have its answer within seconds', async t => {
  const partner = world(t);
  const replicas = [await partner.replica(), await partner.replica(), await partner.replica()];
  t.equal(partner.asked, 1);
  for (const { seen } of replicas) t.strictSame(seen(), [ONE]);
  partner.answer = [TWO];
  await partner.pace.pass(HOUR);
  t.equal(partner.asked, 2);
  await partner.pace.pass(10_000);
  for (const { seen } of replicas) t.strictSame(seen(), [TWO]);
  await partner.pace.pass(10 * HOUR);
  t.equal(partner.asked, 12);
});

t.test('who starts while another one asks waits for its answer', async t => {
  const partner = world(t);
  const { promise, resolve } = Promise.withResolvers<readonly Tenant[]>();
  partner.answer = promise;
  const first = await partner.replica();
  const second = await partner.replica();
  await partner.pace.pass(5000);
  t.strictSame([first.seen(), second.seen()], [undefined, undefined]);
  resolve([ONE]);
  await partner.pace.pass(1000);
  t.strictSame([first.seen(), second.seen()], [[ONE], [ONE]]);
  t.equal(partner.asked, 1);
});

t.test('when the one that asks dies, another one asks', async t => {
  const partner = world(t);
  partner.answer = new Promise(() => {});
  await partner.replica();
  const second = await partner.replica();
  partner.answer = [ONE];
  await partner.pace.pass(70_000);
  t.equal(second.seen(), undefined);
  await partner.pace.pass(6000);
  t.strictSame(second.seen(), [ONE]);
});

t.test('when the one that asks is stopped, another one need not wait', async t => {
  const partner = world(t);
  partner.answer = new Promise(() => {});
  const first = await partner.replica();
  const second = await partner.replica();
  partner.answer = [ONE];
  await first.list.close();
  await partner.pace.pass(1000);
  t.strictSame(second.seen(), [ONE]);
});

t.test('a restart in an outage keeps the last list, sealed in the store', async t => {
  const partner = world(t);
  const before = await partner.replica();
  await before.list.close();
  await partner.pace.pass(3 * HOUR);
  partner.answer = new GraphError('GRAPH_UNREACHABLE', 'Graph answered 503');
  const after = await partner.replica();
  t.strictSame(after.seen(), [ONE]);
  t.match(after.list.current(), { list: { at: partner.start }, failure: { why: 'Graph answered 503' } });
  const stored = [...partner.shared.values()].map(String).join();
  t.not(stored, '');
  t.notMatch(stored, /One|one\.example|11111111/);
});

t.test('a start reads a list anew that is older than a minute', async t => {
  const partner = world(t);
  await partner.replica();
  await partner.pace.pass(MINUTE);
  await partner.replica();
  t.equal(partner.asked, 1);
  await partner.pace.pass(1);
  partner.answer = [TWO];
  const third = await partner.replica();
  t.equal(partner.asked, 2);
  t.strictSame(third.seen(), [TWO]);
  await partner.pace.pass(59 * MINUTE);
  t.equal(partner.asked, 2, 'and the others take the period from there');
});

t.test('failures keep the list and are followed by longer and longer waits', async t => {
  const partner = world(t);
  const { list, seen, waits } = await partner.replica();
  partner.answer = new GraphError('GRAPH_UNREACHABLE', 'Graph answered 500');
  await partner.pace.pass(HOUR);
  t.strictSame(seen(), [ONE]);
  t.match(list.current()?.failure, { why: 'Graph answered 500', count: 1 });
  await partner.pace.pass(2 * HOUR);
  t.strictSame(waits.slice(0, 9), [3750, 7500, 15_000, 30_000, 60_000, 120_000, 240_000, 480_000, 675_000]);
  t.strictSame(seen(), [ONE]);
  partner.answer = [TWO];
  await partner.pace.pass(15 * MINUTE);
  t.strictSame(seen(), [TWO]);
  t.equal(list.current()?.failure, undefined);
});

t.test('failures are shared: replicas together ask no more often than one', async t => {
  const partner = world(t);
  partner.answer = new GraphError('GRAPH_UNREACHABLE', 'Graph answered 500');
  for (let count = 0; count < 4; count += 1) await partner.replica();
  await partner.pace.pass(HOUR);
  t.ok(partner.asked <= 13, `${partner.asked}`);
});

t.test('waits as long as Graph says, however the others would', async t => {
  const partner = world(t);
  partner.answer = new GraphError('GRAPH_THROTTLED', 'Graph answered 429', { retryAfter: 20 * MINUTE });
  await partner.replica();
  await partner.replica();
  t.equal(partner.asked, 1);
  await partner.pace.pass(20 * MINUTE - 1);
  t.equal(partner.asked, 1);
  await partner.pace.pass(1);
  t.equal(partner.asked, 2);
});

t.test('without the store each replica asks for itself, and shares what it knows when the store returns', async t => {
  const partner = world(t);
  partner.storeDown = true;
  const first = await partner.replica();
  const second = await partner.replica();
  t.strictSame([first.seen(), second.seen()], [[ONE], [ONE]]);
  t.equal(partner.asked, 2);
  partner.storeDown = false;
  await partner.pace.pass(10_000);
  const third = await partner.replica();
  t.strictSame(third.seen(), [ONE]);
  t.equal(partner.asked, 2);
});

t.test('what the store has lost is stored again', async t => {
  const partner = world(t);
  await partner.replica();
  partner.shared.clear();
  await partner.pace.pass(10_000);
  t.equal(partner.shared.size, 1);
  await partner.replica();
  t.equal(partner.asked, 1);
});

t.test('what somebody else put into the store is not believed', async t => {
  const partner = world(t);
  const { list } = await partner.replica();
  const [name = ''] = partner.shared.keys();
  await list.close();
  partner.shared.set(
    name,
    Buffer.from(JSON.stringify({ version: 1, turn: 99, nextAt: 0, list: { at: 0, customers: [TWO] } })),
  );
  const after = await partner.replica();
  t.equal(after.seen(), undefined);
  await partner.pace.pass(80_000);
  t.strictSame(after.seen(), [ONE]);
  t.equal(partner.asked, 2);
});

t.test('another partner, or the same seen by another app registration, is another list', async t => {
  const partner = world(t);
  await partner.replica();
  await partner.replica({ clientId: 'another' });
  t.equal(partner.asked, 2);
  t.equal(partner.shared.size, 2);
});

t.test('waits for the first answer, good or bad, and not for ever', async t => {
  const partner = world(t);
  const { promise, resolve } = Promise.withResolvers<readonly Tenant[]>();
  partner.answer = promise;
  const { list, seen } = await partner.replica();
  await list.known(1);
  t.equal(seen(), undefined);
  const waiting = list.known(600_000);
  resolve([ONE]);
  await waiting;
  t.strictSame(seen(), [ONE]);

  const failing = world(t);
  failing.answer = new GraphError('GRAPH_REFUSED', 'Graph answered 403');
  await (await failing.replica()).list.known(600_000);
});

/** A partner, and the replicas that share what they know of its customers. */
function world(t: Test) {
  const pace = new FakePace();
  const shared = new Map<string, Buffer>();
  const memory = createMemoryStore({ now: () => pace.now() });
  const sealer = createSealer([Buffer.alloc(32, 7)]);
  const partner = {
    pace,
    shared,
    start: pace.now(),
    asked: 0,
    storeDown: false,
    answer: [ONE] as readonly Tenant[] | Promise<readonly Tenant[]> | GraphError,
    async replica(others: Parameters<typeof cspConnection>[2] = {}) {
      const nowhere = { url: 'http://127.0.0.1:9' };
      const connection = await cspConnection({ entra: nowhere, graph: nowhere }, { refresh: HOUR }, others);
      const waits: number[] = [];
      const list = createCustomerList({
        connection,
        csp: connection.csp,
        shared: createSharedList(connection, connection.csp, { store, sealer }),
        pace,
        async read(_connection, _csp, signal) {
          partner.asked += 1;
          const given = partner.answer;
          if (given instanceof GraphError) throw given;
          const stopped = new Promise<never>((_, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason)),
          );
          return Promise.race([given, stopped]);
        },
        events: { read: () => {}, failed: (_error, wait) => waits.push(wait) },
      });
      t.teardown(() => list.close());
      await list.looked;
      await pace.pass(0);
      return { list, waits, seen: () => list.current()?.list?.customers };
    },
  };
  const store: Pick<Store, 'getShared' | 'replaceShared' | 'once'> = {
    async getShared(name) {
      if (partner.storeDown) throw new StoreUnreachableError('get-shared');
      return shared.get(name);
    },
    async replaceShared(name, expected, value) {
      if (partner.storeDown) throw new StoreUnreachableError('replace-shared');
      const current = shared.get(name);
      if (current === undefined ? expected !== undefined : !expected?.equals(current)) return false;
      shared.set(name, value);
      return true;
    },
    async once(name, ttl) {
      if (partner.storeDown) throw new StoreUnreachableError('once');
      return memory.once(name, ttl);
    },
  };
  return partner;
}

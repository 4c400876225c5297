import { once } from 'node:events';
import t from 'tap';
import { createHealth } from '../../src/ops/index.ts';

const STORE_READINESS = 300_000;
const START = Date.UTC(2026, 0, 1);

interface Teardown {
  teardown(end: () => unknown): void;
}

/** Health over a clock and a store that the test holds. */
function watch(t: Teardown) {
  const questions = new EventTarget();
  const store = { answer: async () => {}, asked: 0, time: START };
  const health = createHealth({
    ping() {
      store.asked += 1;
      questions.dispatchEvent(new Event('asked'));
      return store.answer();
    },
    storeReadiness: () => STORE_READINESS,
    now: () => store.time,
    interval: 1,
  });
  // Keeps the process alive, which health itself must not.
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => {
    health.close();
    clearInterval(alive);
  });
  /** Resolves when the store has been asked twice more: then the first answer has been taken in. */
  const answered = async () => {
    await once(questions, 'asked');
    await once(questions, 'asked');
  };
  return { health, store, answered };
}

const refuse = async () => {
  throw new Error('gone');
};

t.test('is not ready before it listens, ready then, and never again once it drains', async t => {
  const { health } = watch(t);
  t.same(health.readiness(), { ready: false, reason: 'starting' });
  health.started();
  t.same(health.readiness(), { ready: true });
  health.draining();
  t.same(health.readiness(), { ready: false, reason: 'draining' });
  health.started();
  t.same(health.readiness(), { ready: false, reason: 'draining' });
});

t.test('a process that is told to end while it starts does not become ready', async t => {
  const { health } = watch(t);
  health.draining();
  health.started();
  t.equal(health.readiness().ready, false);
});

t.test('without the store it stays ready for a while, then is not, and is again when the store returns', async t => {
  const { health, store, answered } = watch(t);
  health.started();
  await answered();
  t.same(health.store(), { reachable: true });

  store.answer = refuse;
  await answered();
  const [since, noticed] = [health.store().unreachableSince, store.time];
  t.equal(since, noticed);
  t.same(health.readiness(), { ready: true });
  store.time += STORE_READINESS - 1;
  await answered();
  t.same(health.store(), { reachable: false, unreachableSince: noticed }, 'since the first failure, not the last');
  t.same(health.readiness(), { ready: true });
  store.time += 1;
  t.same(health.readiness(), { ready: false, reason: 'store-unreachable' });

  store.answer = async () => {};
  await answered();
  t.same(health.store(), { reachable: true });
  t.same(health.readiness(), { ready: true });
});

t.test('a store that is silent counts as gone, and is not asked again before it has answered', async t => {
  const { health, store, answered } = watch(t);
  health.started();
  await answered();
  let answer = () => {};
  store.answer = () => new Promise(resolve => (answer = resolve));
  while (health.store().reachable) await new Promise(setImmediate);
  const { asked } = store;
  t.same(health.store(), { reachable: false, unreachableSince: START });
  store.time += STORE_READINESS;
  t.same(health.readiness(), { ready: false, reason: 'store-unreachable' });
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setTimeout(resolve, 1));
  t.equal(store.asked, asked);

  store.answer = async () => {};
  answer();
  await answered();
  t.same(health.readiness(), { ready: true });
});

t.test('a store that throws before it asks is no reason to end', async t => {
  const { health, store, answered } = watch(t);
  store.answer = () => {
    throw new Error('at once');
  };
  await answered();
  t.equal(health.store().reachable, false);
});

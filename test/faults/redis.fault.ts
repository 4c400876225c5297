import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { SENT_TO_SIGN_IN, SERVED } from './ledger.ts';
import { happen } from './scenario.ts';

const OUTAGE = 5000;

t.test('a Redis that is killed and returns with its data is hardly noticed', async t => {
  const { ledger, persons, recovered } = await happen(t, async ({ cluster }) => {
    await cluster.redis.kill('SIGKILL');
    await sleep(OUTAGE);
    await cluster.redis.restart();
    await sleep(3000);
  });
  t.strictSame(ledger.others([...SERVED, 503]), [], 'served, or asked to come back');
  t.strictSame(ledger.others(SERVED, { of: persons, from: recovered }), [], 'afterwards everybody goes on');
});

t.test('a session that no replica saw lately waits for Redis with 503', async t => {
  await happen(t, async ({ cluster, client }) => {
    const [stranger] = await cluster.signIn(1, { seenThereAlone: cluster.first });
    if (!stranger) throw new Error('nobody signed in');
    await cluster.redis.kill('SIGKILL');
    await sleep(2000);
    const there = await client.ask(stranger, 'page', cluster.second);
    t.match([there.result, Number(there.retryAfter) > 0], [503, true]);
    t.equal((await client.ask(stranger, 'page', cluster.first)).result, 200, 'where it was seen it is served');
    await cluster.redis.restart();
    await sleep(3000);
    t.equal((await client.ask(stranger, 'page', cluster.second)).result, 200);
  });
});

t.test('a Redis that returns empty sends everybody to sign in, and does nothing else to them', async t => {
  const { ledger, recovered, persons } = await happen(t, async ({ cluster }) => {
    await cluster.redis.kill('SIGKILL');
    await sleep(OUTAGE);
    await cluster.redis.restartEmpty();
    await sleep(3000);
  });
  t.strictSame(ledger.others([...SERVED, ...SENT_TO_SIGN_IN, 503, 'closed 1008']), []);
  t.strictSame(ledger.others(SENT_TO_SIGN_IN, { of: persons, from: recovered }), [], 'nobody lives on in a cache');
});

t.test('a Redis that is silent for ten seconds signs nobody out', async t => {
  const { ledger, persons, recovered } = await happen(t, async ({ cluster }) => {
    await cluster.redis.kill('SIGSTOP');
    await sleep(10_000);
    await cluster.redis.kill('SIGCONT');
    await sleep(3000);
  });
  t.strictSame(ledger.others([...SERVED, 503]), [], 'served, or asked to come back');
  t.strictSame(ledger.others(SERVED, { of: persons, from: recovered }), [], 'afterwards everybody goes on');
});

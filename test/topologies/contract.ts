import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { newSession } from '../sessions/fixtures.ts';
import { hot, openReplicas, openStore, type RedisWay } from '../sessions/redis-replicas.ts';
import { sessionsContract } from '../sessions/sessions-contract.ts';
import { storeContract } from '../sessions/store-contract.ts';

/** What must hold over every Redis, whatever it consists of and however it is signed in to. */
export async function topologyContract(t: Test, way: RedisWay): Promise<void> {
  await t.test('as a store', t =>
    storeContract(t, async t => ({ store: openStore(t, way), pass: milliseconds => sleep(milliseconds) })),
  );
  await t.test('with sessions', t => sessionsContract(t, async t => openStore(t, way)));
  await t.test('between replicas', t => feedContract(t, way));
}

async function feedContract(t: Test, way: RedisWay): Promise<void> {
  const { here, there } = openReplicas(t, way);
  // As many as lie on every master of a cluster.
  const signedIn = await Promise.all(Array.from({ length: 20 }, () => there.sessions.create(newSession())));
  for (const { cookie } of signedIn) await hot(here, cookie);
  for (const [at, { cookie, session }] of signedIn.entries()) {
    const told = new Promise<void>(resolve => {
      here.sessions.onEnded(ids => {
        if (ids.includes(session.id)) resolve();
      });
    });
    t.equal(await there.sessions.end(cookie), true);
    const signedOut = performance.now();
    while (await here.sessions.read(cookie, '')) await sleep(1);
    t.ok(performance.now() - signedOut < 1000, `session ${at} is refused within a second`);
    await told;
  }
}

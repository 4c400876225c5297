import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import t from 'tap';
import { newSession } from '../sessions/fixtures.ts';
import { hot, openReplicas, openStore, type Replica } from '../sessions/redis-replicas.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { topologyContract } from './contract.ts';

t.test('a cluster of three masters', async t => {
  const { config } = await startRedisCluster(t);
  await topologyContract(t, config);
});

t.test('what is lost on the way from one master alone is not served for more than a second', async t => {
  const cluster = await startRedisCluster(t);
  const { here, there, keyPrefix } = openReplicas(t, cluster.config);
  for (const master of cluster.masters.map(cluster.connect)) {
    const { id, cookie } = await signInAt(master, there, keyPrefix);
    await hot(here, cookie);
    // Both in one step, so that the ending is told to nobody.
    const keys = ['session', 'tokens', 'listing'].map(kind => `${keyPrefix}${kind}:{${id}}`);
    await master
      .multi([
        ['client', 'kill', 'type', 'pubsub'],
        ['del', ...keys],
      ])
      .exec();
    const cut = performance.now();
    while (await here.sessions.read(cookie, '')) await sleep(1);
    t.ok(performance.now() - cut < 1000);
    const { cookie: next } = await there.sessions.create(newSession());
    await hot(here, next);
  }
});

t.test('a master that does not answer for its keys vouches for nothing, although it passes messages on', async t => {
  const cluster = await startRedisCluster(t);
  const { here, there, keyPrefix } = openReplicas(t, cluster.config);
  const [first, second] = cluster.masters.map(cluster.connect);
  if (!first || !second) throw new Error('no cluster');
  const { cookie } = await signInAt(second, there, keyPrefix);
  await hot(here, cookie);
  await first.cluster('DELSLOTS', ...Array.from({ length: 5461 }, (_, slot) => slot));
  const before = here.reads;
  while (here.reads === before) {
    t.ok(await here.sessions.read(cookie, ''));
    await sleep(20);
  }
  t.pass('Redis is asked');
});

t.test('while one master is not heard, Redis is asked at every request', async t => {
  const cluster = await startRedisCluster(t);
  const [deaf, other] = cluster.masters.map(cluster.connect);
  if (!deaf || !other) throw new Error('no cluster');
  await deaf.acl('SETUSER', 'default', 'resetchannels');
  const { here, there, keyPrefix } = openReplicas(t, cluster.config);
  const { cookie } = await signInAt(other, there, keyPrefix);
  const heartbeats = `${keyPrefix}heartbeat:*`;
  while (((await other.pubsub('CHANNELS', heartbeats)) as unknown[]).length < 2) await sleep(20);
  for (let requests = 1; requests <= 100; requests += 1) {
    t.ok(await here.sessions.read(cookie, ''));
    t.equal(here.reads, requests);
    await sleep(10);
  }
  await deaf.acl('SETUSER', 'default', 'allchannels');
  // Connections that are there keep what they were refused.
  await deaf.call('CLIENT', 'KILL', 'TYPE', 'normal');
  await hot(here, cookie);
});

t.test('while a master is gone the others serve, and say so where they may', async t => {
  const cluster = await startRedisCluster(t);
  for (const node of cluster.masters.map(cluster.connect)) {
    await node.config('SET', 'cluster-require-full-coverage', 'no');
  }
  const { there, keyPrefix } = openReplicas(t, cluster.config);
  const [first, second] = cluster.masters.map(cluster.connect);
  const [gone] = cluster.masters;
  if (!first || !second || !gone) throw new Error('no cluster');
  const lost = await signInAt(first, there, keyPrefix);
  const stays = await signInAt(second, there, keyPrefix);
  const store = openStore(t, cluster.config, keyPrefix);
  await store.ping();
  await gone.kill('SIGKILL');
  await t.rejects(store.read([lost.id]), { code: 'STORE_UNREACHABLE' });
  t.match(await store.read([stays.id]), { id: stays.id });
  await t.resolves(store.ping());
  await gone.restart();
  while (
    !(await store.read([lost.id]).then(
      () => true,
      () => false,
    ))
  )
    await sleep(20);
  t.equal(await store.read([lost.id]), undefined, 'it came back without its disk');
});

/** A new session whose keys lie at this master. */
async function signInAt(master: Redis, { sessions }: Replica, keyPrefix: string) {
  for (;;) {
    const { session, cookie } = await sessions.create(newSession());
    const there = await master.exists(`${keyPrefix}session:{${session.id}}`).catch(() => 0);
    if (there === 1) return { id: session.id, cookie };
  }
}

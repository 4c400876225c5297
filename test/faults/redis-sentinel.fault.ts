import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { newSession } from '../sessions/fixtures.ts';
import { hot, openReplica, openReplicas } from '../sessions/redis-replicas.ts';
import { startSentinelRedis } from '../support/redis-sentinel.ts';
import { SERVED } from './ledger.ts';
import { happen } from './scenario.ts';
import { signsOutEverywhere } from './sign-out.ts';

t.test('a master that is killed under Sentinel, and comes back as a replica, is hardly noticed', async t => {
  const redis = await startSentinelRedis(t);
  const settings = {
    sentinel: { name: redis.config.sentinel.name, nodes: redis.sentinels.map(({ port }) => `127.0.0.1:${port}`) },
    password: redis.password,
  };
  const { ledger, persons, began, recovered, ended } = await happen(
    t,
    async scenario => {
      await redis.first.kill('SIGKILL');
      await redis.failedOver();
      await sleep(3000);
      await signsOutEverywhere(t, scenario, scenario.persons[0]);
      await redis.first.restart();
      const former = redis.connect(redis.first);
      while (!(await former.info('replication').catch(() => '')).includes('master_link_status:up')) await sleep(100);
      await signsOutEverywhere(t, scenario, scenario.persons[1]);
    },
    { session: { redis: settings } },
  );
  const others = persons.slice(2);
  t.comment(`of those who stay: ${ledger.longestGap({ of: others, from: began, until: ended })} ms`);
  t.strictSame(ledger.others([...SERVED, 503], { of: others }), [], 'served, or asked to come back');
  t.strictSame(ledger.others(SERVED, { of: others, from: recovered }), [], 'afterwards everybody goes on');
});

t.test('a sign-out that a failover loses is told again, also where nobody had heard of it', async t => {
  const redis = await startSentinelRedis(t);
  const { here, there, keyPrefix } = openReplicas(t, redis.config);
  const stays = await there.sessions.create(newSession());
  const leaves = await there.sessions.create(newSession());
  await hot(here, leaves.cookie);
  const [master, replica] = [redis.connect(redis.first), redis.connect(redis.second)];
  const record = `${keyPrefix}session:{${leaves.session.id}}`;
  while (!(await replica.exists(record))) await sleep(20);
  // From now on the replica learns nothing.
  await replica.config('SET', 'masterauth', 'another');
  await master.call('CLIENT', 'KILL', 'TYPE', 'replica');
  t.equal(await there.sessions.end(leaves.cookie), true, 'it was acknowledged');
  while (await here.sessions.read(leaves.cookie, '')) await sleep(5);
  await there.sessions.close();
  await redis.first.kill('SIGKILL');
  t.equal(await replica.exists(record), 1, 'what takes over has not heard of it');
  await redis.failedOver();
  while (await replica.exists(record)) await sleep(20);
  const later = openReplica(t, redis.config, keyPrefix);
  t.equal(await later.sessions.read(leaves.cookie, ''), undefined);
  t.ok(await later.sessions.read(stays.cookie, ''));
});

t.test('a master that is cut off from its sentinels is left, although it answers', async t => {
  const redis = await startSentinelRedis(t);
  const { here, there, keyPrefix } = openReplicas(t, redis.config);
  const { cookie } = await there.sessions.create(newSession());
  await hot(here, cookie);
  // Who is signed in stays so; the sentinels, whose connections break, are not let in again and take it for dead.
  const former = redis.connect(redis.first);
  await former.config('SET', 'requirepass', 'another');
  for (const line of String(await former.client('LIST'))
    .split('\n')
    .filter(line => line.includes(' name=sentinel-'))) {
    await former.call('CLIENT', 'KILL', 'ID', /^id=(\d+)/.exec(line)?.[1] ?? '');
  }
  await redis.failedOver();
  t.match(await former.role(), ['master'], 'it answers, and knows of nothing');
  const successor = redis.connect(redis.second);
  const isThere = async () => {
    const { session } = await there.sessions.create(newSession());
    return (await successor.exists(`${keyPrefix}session:{${session.id}}`)) === 1;
  };
  while (!(await isThere().catch(() => false))) await sleep(20);
  const isHot = async () => {
    await hot(here, (await there.sessions.create(newSession())).cookie);
    return true;
  };
  // The other replica may still be on its way to the successor.
  while (!(await isHot().catch(() => false))) await sleep(20);
  t.pass('sessions and the feed are where the sentinels say');
});

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { SERVED } from './ledger.ts';
import { happen } from './scenario.ts';
import { signsOutEverywhere } from './sign-out.ts';

t.test('a master of a cluster that is killed, and comes back as a replica, is hardly noticed', async t => {
  const redis = await startRedisCluster(t, { replicas: true });
  const [master, successor] = [redis.masters[0], redis.replicas[0]];
  if (!master || !successor) throw new Error('no cluster');
  const role = async (node: typeof master) =>
    (await redis
      .connect(node)
      .info('replication')
      .catch(() => '')) ?? '';
  const { ledger, persons, began, recovered, ended } = await happen(
    t,
    async scenario => {
      await master.kill('SIGKILL');
      while (!(await role(successor)).includes('role:master')) await sleep(100);
      await redis.whole([...redis.masters.slice(1), ...redis.replicas]);
      await sleep(3000);
      // As many as lie on every master.
      for (const who of scenario.persons.slice(0, 6)) await signsOutEverywhere(t, scenario, who);
      await master.restart();
      await redis.whole();
      while (!(await role(master)).includes('master_link_status:up')) await sleep(100);
      for (const who of scenario.persons.slice(6, 8)) await signsOutEverywhere(t, scenario, who);
    },
    { session: { redis: { cluster: redis.masters.map(({ port }) => `127.0.0.1:${port}`) } } },
  );
  const others = persons.slice(8);
  t.comment(`of those who stay: ${ledger.longestGap({ of: others, from: began, until: ended })} ms`);
  t.strictSame(ledger.others([...SERVED, 503], { of: others }), [], 'served, or asked to come back');
  t.strictSame(ledger.others(SERVED, { of: others, from: recovered }), [], 'afterwards everybody goes on');
});

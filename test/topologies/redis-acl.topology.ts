import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import type { Store } from '../../src/sessions/index.ts';
import { openStore, type RedisWay } from '../sessions/redis-replicas.ts';
import { startRedis, uniquePrefix } from '../support/redis.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { topologyContract } from './contract.ts';

/** The rules of the users in the documentation: of one server, and of a cluster. For the prefixes that tests use. */
const page = readFileSync(new URL('../../docs/redis.md', import.meta.url), 'utf8');
const [single = [], cluster = []] = [...page.matchAll(/^user halogate (.*)$/gm)].map(([, rules = '']) =>
  rules.replaceAll('halogate:', 'test-*:').split(' '),
);

t.test('the rights of one server', async t => {
  const { url } = await startRedis(t, { own: true });
  const redis = new Redis(url);
  t.teardown(() => redis.disconnect());
  await rightsSuffice(t, { url }, [redis], single);
  await everyRightIsNeeded(t, { url }, [redis], single);
});

t.test('the rights of a cluster', async t => {
  const { config, masters, replicas, connect } = await startRedisCluster(t, { replicas: true });
  const nodes = [...masters, ...replicas].map(connect);
  await rightsSuffice(t, config, nodes, cluster);
  const added = cluster.filter(rule => !single.includes(rule) && rule !== '+asking');
  t.strictSame(added, ['+cluster|info', '+cluster|slots', '+client|setname', '+readonly']);
  await everyRightIsNeeded(t, config, nodes, cluster, added);
});

t.test('a slot that is being moved', async t => {
  const { config, masters, connect } = await startRedisCluster(t);
  const [source, target] = masters.map(connect);
  if (!source || !target) throw new Error('no cluster');
  const nodes = masters.map(connect);
  for (const [name, rules] of Object.entries({ may: cluster, 'may-not': cluster.filter(rule => rule !== '+asking') })) {
    for (const node of nodes) await node.acl('SETUSER', name, 'reset', ...rules);
  }
  const store = (username: string) => openStore(t, { ...config, username, password: 'a-long-password' }, keyPrefix);
  const keyPrefix = uniquePrefix();
  // Of the first master's slots.
  let id = 0;
  while ((await source.cluster('KEYSLOT', `${id}`)) > 5000) id += 1;
  const session = { id: `${id}`, record: Buffer.from('r'), tokens: Buffer.from('t'), listing: Buffer.from('l') };
  await store('may').create({ ...session, indexes: [], ttl: 60_000, absoluteTtl: 60_000 });
  const slot = String(await source.cluster('KEYSLOT', `${id}`));
  const [sourceId, targetId] = [
    String(await source.call('CLUSTER', 'MYID')),
    String(await target.call('CLUSTER', 'MYID')),
  ];
  await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId);
  await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId);
  const keys = ['session', 'tokens', 'listing'].map(kind => `${keyPrefix}${kind}:{${id}}`);
  await source.call('MIGRATE', '127.0.0.1', String(masters[1]?.port), '', '0', '5000', 'KEYS', ...keys);
  t.match(await store('may').read([`${id}`]), { record: session.record });
  await t.rejects(store('may-not').read([`${id}`]), { code: 'STORE_UNREACHABLE' });
});

/** All that stores and sessions do, without one command refused. */
async function rightsSuffice(t: Test, way: RedisWay, nodes: readonly Redis[], rules: readonly string[]): Promise<void> {
  for (const node of nodes) {
    await node.acl('SETUSER', 'halogate', 'reset', ...rules);
    await node.acl('LOG', 'RESET');
  }
  await topologyContract(t, { ...way, username: 'halogate', password: 'a-long-password' });
  t.strictSame(await refused(nodes), []);
}

/** Takes away one right after another, and sees it missed. */
async function everyRightIsNeeded(
  t: Test,
  way: RedisWay,
  nodes: readonly Redis[],
  rules: readonly string[],
  rights = rules.filter(rule => /^[+&~]/.test(rule)),
): Promise<void> {
  t.ok(rights.length > 2);
  for (const right of rights) {
    for (const node of nodes) {
      await node.acl('SETUSER', 'lesser', 'reset', ...rules.filter(rule => rule !== right));
      await node.acl('LOG', 'RESET');
    }
    const store = openStore(t, { ...way, username: 'lesser', password: 'a-long-password' });
    // Not everything is given up at the first refusal.
    while ((await refused(nodes)).length === 0) await useEverything(store);
    t.pass(right);
    await store.close();
  }
}

/** Asks a store for all that it does, whatever comes of it. */
async function useEverything(store: Store): Promise<void> {
  store.watch({ ended() {}, changed() {}, heard() {}, lost() {} });
  const bytes = Buffer.from('bytes');
  const list = async () => {
    for await (const _ of store.listings());
  };
  await Promise.allSettled([
    store.create({
      id: 'a',
      record: bytes,
      tokens: bytes,
      listing: bytes,
      indexes: ['x'],
      ttl: 9999,
      absoluteTtl: 9999,
    }),
    store.read(['a']),
    store.readTokens('a'),
    store.touch('a', bytes, 9999),
    store.replace('a', { record: bytes, tokens: bytes }),
    store.indexed(['x']),
    store.once('once', 10),
    store.lock('lock', 'holder', 10),
    store.unlock('lock', 'holder'),
    store.getShared('shared'),
    store.replaceShared('shared', undefined, bytes),
    store.ping(),
    list(),
  ]);
  await Promise.allSettled([store.delete(['a']), store.deleteAgain(['a']), sleep(100)]);
}

/** What was refused, anywhere. */
async function refused(nodes: readonly Redis[]): Promise<readonly string[]> {
  const logs = await Promise.all(nodes.map(node => node.acl('LOG')));
  return logs.flat().map(entry => String(entry));
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { createRedisStore } from '../../src/sessions/index.ts';
import { newSession } from '../sessions/fixtures.ts';
import { hot, openReplicas } from '../sessions/redis-replicas.ts';
import { startRedis } from '../support/redis.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { OBJECT_ID, startTokenEndpoint } from '../support/token-endpoint.ts';
import { topologyContract } from './contract.ts';

t.test('one server, by the object id that the token names', async t => {
  const { url, endpoint } = await startWithTokens(t);
  await topologyContract(t, { url, entra: endpoint.identity });
  t.equal(endpoint.strangers, 0);
});

t.test('a cluster, by a user that the settings name', async t => {
  const { config, masters, connect } = await startRedisCluster(t);
  const nodes = masters.map(connect);
  const endpoint = await startTokenEndpoint(t, token =>
    Promise.all(nodes.map(node => node.acl('SETUSER', 'workload', 'on', `>${token}`, '~*', '&*', '+@all'))),
  );
  for (const node of nodes) await node.acl('SETUSER', 'default', 'resetpass', '>for-the-test');
  await topologyContract(t, { ...config, username: 'workload', entra: endpoint.identity });
});

t.test('every connection signs in again before its token ends, and none is dropped', async t => {
  const { url, redis, endpoint } = await startWithTokens(t);
  endpoint.lifetime = 2000;
  const { here } = openReplicas(t, { url, entra: endpoint.identity });
  const { cookie } = await here.sessions.create(newSession());
  await hot(here, cookie);
  const connections = await connectionsOf(redis);
  const [signedIn, given] = [await signIns(redis), endpoint.tokens.length];
  t.equal(connections.length, 4, 'of two processes, each for commands and for the feed');
  while (endpoint.tokens.length < given + 4) {
    t.ok(await here.sessions.read(cookie, ''));
    await sleep(50);
  }
  while ((await signIns(redis)) < signedIn + 8) await sleep(20);
  t.strictSame(await connectionsOf(redis), connections, 'the same connections');
  t.ok(await here.sessions.read(cookie, ''));
});

t.test('a connection that breaks is replaced by one with the token of now', async t => {
  const { url, redis, endpoint } = await startWithTokens(t);
  endpoint.lifetime = 2000;
  const { here } = openReplicas(t, { url, entra: endpoint.identity });
  const { cookie } = await here.sessions.create(newSession());
  while (endpoint.tokens.length < 6) await sleep(20);
  for (const token of endpoint.tokens.slice(0, -2)) await redis.acl('SETUSER', OBJECT_ID, `<${token}`);
  await redis.client('KILL', 'USER', OBJECT_ID);
  while (!(await here.sessions.read(cookie, '').catch(() => undefined))) await sleep(20);
  await hot(here, cookie);
  t.pass('it is served, the feed included');
});

t.test('without a token the store cannot be reached, says why, and can be as soon as there is one', async t => {
  const { url, endpoint } = await startWithTokens(t);
  const refused = { error: 'invalid_client', error_codes: [700213], error_description: 'S3CRET' };
  endpoint.refusal = { status: 401, body: refused };
  const lines: (readonly [object, string])[] = [];
  const write = (...line: readonly [object, string]) => void lines.push(line);
  const config = { url, keyPrefix: 'x:', entra: endpoint.identity };
  const store = createRedisStore(config, { log: { info: write, warn: write } });
  t.teardown(() => store.close());
  await t.rejects(store.ping(), { code: 'STORE_UNREACHABLE', cause: 'invalid_client AADSTS700213' });
  t.match(lines, [[{ reason: 'invalid_client AADSTS700213' }, /gives no token/]]);
  endpoint.refusal = { status: 503, body: {} };
  const attempts = lines.length;
  await sleep(1500);
  t.equal(lines.length, attempts, 'told once');
  endpoint.refusal = undefined;
  while (
    !(await store.ping().then(
      () => true,
      () => false,
    ))
  )
    await sleep(20);
  t.match(lines.at(-1), [{}, /again/]);
  t.notMatch(JSON.stringify(lines), /S3CRET|signature|the-token/);
});

t.test('an endpoint that is not there, and a cluster’s token that is not', async t => {
  const identity = { tokenEndpoint: 'http://127.0.0.1:1/token', clientId: 'x' };
  const { url } = await startWithTokens(t);
  const unreachable = createRedisStore({ url, keyPrefix: 'x:', entra: identity });
  await t.rejects(unreachable.ping(), { code: 'STORE_UNREACHABLE', cause: /^[A-Z_]+$/ });
  await unreachable.close();
  delete process.env.AZURE_FEDERATED_TOKEN_FILE;
  const unknown = createRedisStore({ url, keyPrefix: 'x:', entra: identity });
  await t.rejects(unknown.ping(), { code: 'STORE_UNREACHABLE', cause: 'FEDERATED_TOKEN' });
  await unknown.close();
});

/** A server that takes nothing but the tokens of an endpoint, and a connection of the test's own. */
async function startWithTokens(t: Test) {
  const { url } = await startRedis(t, { own: true });
  const redis = new Redis(url);
  t.teardown(() => redis.disconnect());
  const rights = ['on', '~*', '&*', '+@all'];
  const endpoint = await startTokenEndpoint(t, token => redis.acl('SETUSER', OBJECT_ID, `>${token}`, ...rights));
  await redis.acl('SETUSER', 'default', 'resetpass', '>for-the-test');
  return { url, redis, endpoint };
}

/** The numbers of the gateways' connections. */
async function connectionsOf(redis: Redis): Promise<readonly number[]> {
  const lines = String(await redis.client('LIST')).split('\n');
  const own = lines.filter(line => line.includes(` user=${OBJECT_ID} `));
  return own.map(line => Number(/^id=(\d+)/.exec(line)?.[1])).sort((a, b) => a - b);
}

/** How often anybody has signed in on a connection that there was already. */
async function signIns(redis: Redis): Promise<number> {
  return Number(/cmdstat_auth:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
}

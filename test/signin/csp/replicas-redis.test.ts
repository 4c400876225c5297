import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { ELSEWHERE, PARTNER } from '../../../demo/entra/index.ts';
import { CONTOSO, type Graph } from '../../../demo/graph/index.ts';
import { createRedisStore, createSealer } from '../../../src/sessions/index.ts';
import { createTenants } from '../../../src/signin/index.ts';
import { startRedis, uniquePrefix } from '../../support/redis.ts';
import { cspConnection, startProviders } from './support.ts';

const ALL = [ELSEWHERE.id, CONTOSO, PARTNER.id];

t.test('replicas that start together ask Graph once, and all have the list', async t => {
  const { graph, replica } = await started(t);
  const replicas = await Promise.all([replica(), replica(), replica()]);
  for (const { ids } of replicas) await until(() => ids().length === 3);
  for (const { ids } of replicas) t.strictSame(ids(), ALL);
  t.equal(readings(graph), 1);
});

t.test('a change reaches every replica, and is logged with what came and what went', async t => {
  const { graph, replica } = await started(t, { refresh: 1000 });
  const replicas = await Promise.all([replica(), replica()]);
  for (const { ids } of replicas) await until(() => ids().length === 3);
  graph.customers.shift();
  for (const { ids } of replicas) await until(() => ids().length === 2);
  for (const { ids, changes, logs } of replicas) {
    t.strictSame(ids(), [CONTOSO, PARTNER.id]);
    t.equal(changes(), 2);
    t.match(
      logs.filter(({ msg }) => msg === 'the admitted tenants have changed'),
      [
        { connection: 'partners', count: 3, added: 3, removed: 0, addedTenants: ALL },
        { connection: 'partners', count: 2, added: 0, removed: 1, removedTenants: [ELSEWHERE.id] },
      ],
    );
  }
});

t.test('a restart while neither Graph nor the provider answers keeps the last list', async t => {
  const { entra, graph, replica } = await started(t);
  const first = await replica();
  await until(() => first.ids().length === 3);
  await first.stop();
  graph.always('hang-up');
  entra.faults.on('down');
  const second = await replica();
  t.strictSame(second.ids(), ALL, 'known before it serves');
});

t.test('a list that cannot be read keeps what is there, and says why', async t => {
  const { graph, replica } = await started(t, { refresh: 1000 });
  const { ids, status, logs } = await replica();
  await until(() => ids().length === 3);
  graph.always({ status: 403, body: { error: { code: 'Authorization_RequestDenied' } } });
  await until(() => status()[0]?.csp?.failure !== undefined);
  t.strictSame(ids(), ALL);
  t.match(status(), [
    { connection: 'partners', settings: 0, csp: { admitted: 3, failure: { why: /403 Authorization_RequestDenied/ } } },
  ]);
  t.match(
    logs.find(({ msg }) => msg === 'the customers could not be read'),
    { level: 40, connection: 'partners', code: 'GRAPH_REFUSED' },
  );
  graph.always();
  await until(() => status()[0]?.csp?.failure === undefined);
});

t.test('neither Redis nor the log shows a token or the secret, and Redis names no customer', async t => {
  const { entra, graph, keyPrefix, redis, replica } = await started(t);
  const { ids, logs } = await replica();
  await until(() => ids().length === 3);
  const client = new Redis(redis.url);
  const keys = await client.keys(`${keyPrefix}*`);
  const dump = (await Promise.all(keys.map(key => client.dumpBuffer(key)))).map(String).join() + keys.join();
  client.disconnect();
  t.ok(keys.length >= 2);
  const token = graph.requests[0]?.authorization?.replace('Bearer ', '') ?? 'none';
  t.ok(entra.accessToken(token));
  for (const secret of [token, entra.clients[0]?.secret ?? '']) {
    t.notOk(dump.includes(secret));
    t.notOk(JSON.stringify(logs).includes(secret));
  }
  for (const text of [...ALL, 'Contoso', 'contoso.example']) t.notOk(dump.includes(text), text);
});

async function started(t: Test, csp: Parameters<typeof cspConnection>[1] = {}) {
  const { entra, graph } = await startProviders(t);
  const redis = await startRedis(t);
  const keyPrefix = uniquePrefix();
  const connection = await cspConnection({ entra, graph }, csp);
  return {
    entra,
    graph,
    redis,
    keyPrefix,
    async replica() {
      const logs: Record<string, unknown>[] = [];
      const log = pino({ level: 'debug' }, { write: line => logs.push(JSON.parse(line)) });
      const store = createRedisStore({ url: redis.url, keyPrefix }, { log });
      let changes = 0;
      const tenants = createTenants({
        config: { connections: [connection] },
        store,
        sealer: createSealer([Buffer.alloc(32, 7)]),
        log,
        changed: () => {
          changes += 1;
        },
      });
      const stop = async () => {
        await tenants.close();
        await store.close();
      };
      t.teardown(stop);
      await tenants.looked;
      const ids = () => [...(tenants.admitted().get('partners')?.keys() ?? [])];
      return { ids, logs, stop, status: tenants.status, changes: () => changes };
    },
  };
}

/** How often the list was read: its first page was asked for. */
function readings({ requests }: Graph): number {
  return requests.filter(({ target }) => !target.includes('skiptoken')).length;
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('It did not come to hold.');
    await sleep(20);
  }
}

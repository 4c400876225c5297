import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { ELSEWHERE, HOME, PARTNER } from '../../demo/entra/index.ts';
import { type Graph, startGraph } from '../../demo/graph/index.ts';
import { Browser, type Seen } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { customersThrough } from '../support/csp.ts';
import { runProgram, writeSettings } from '../support/gateway.ts';
import { textOf } from '../support/markup.ts';
import { startRedis, uniquePrefix } from '../support/redis.ts';
import { SESSION_SECRET } from '../support/world.ts';

t.test("a partner's customers", async t => {
  const { world, graph, signIn } = await started(t);
  const { halo, url } = world;

  await t.test('a customer signs in to the user portal', async t => {
    t.equal((await signIn('otto')).seen.status, 200);
    t.equal(halo.received.at(-1)?.header('x-halo-tenant'), ELSEWHERE.id);
    t.equal(halo.received.at(-1)?.header('x-forwarded-email'), 'otto@elsewhere.example');
  });

  await t.test('an excluded one is refused, and the log names the tenant', async t => {
    const { seen } = await signIn('petra');
    t.equal(seen.status, 403);
    t.match(textOf(seen.body), /TENANT_NOT_ADMITTED/);
    t.equal((await world.gateway.logged(['"TENANT_NOT_ADMITTED"', PARTNER.id])).length, 1);
  });

  await t.test('one that the settings list needs no contract', async t => {
    t.equal((await signIn('ulrich')).seen.status, 200);
  });

  await t.test('the status tells how many there are, and how old the list is', async t => {
    const [tenants] = await statusOf(world.gateway);
    t.match(tenants, { connection: 'customers', count: 3, bySettings: 1, byCsp: 2, lastError: null });
    t.ok(tenants.age >= 0 && Date.parse(tenants.readAt) <= Date.now());
  });

  await t.test('while Graph is away the last list holds, and the status says why it is old', async t => {
    graph.always({ status: 503 });
    await until(async () => (await statusOf(world.gateway))[0].lastError !== null);
    t.match((await statusOf(world.gateway))[0], { byCsp: 2, lastError: /Graph answered 503/ });
    t.equal((await signIn('otto')).seen.status, 200);
    graph.always();
  });

  await t.test('a customer struck from the list is out at the next request, and the WebSocket is closed', async t => {
    const { browser } = await signIn('otto');
    const socket = new WebSocket(`${url.replace('http', 'ws')}/hub`, {
      origin: url,
      headers: { cookie: `halogate=${browser.cookies(url).halogate}` },
    });
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    await once(socket, 'open');
    graph.customers.splice(
      graph.customers.findIndex(({ id }) => id === ELSEWHERE.id),
      1,
    );
    t.equal((await closed)[0], 1008);
    const seen = await browser.ask(`${url}/portal/home`);
    t.equal(seen.status, 403);
    t.match(textOf(seen.body), /NOT_ADMITTED/);
    const [line] = await world.gateway.logged([`"removedTenants":["${ELSEWHERE.id}"]`]);
    t.match(JSON.parse(line ?? '{}'), { connection: 'customers', count: 2, added: 0, removed: 1 });
  });
});

t.test('a replica that starts while neither Graph nor the provider answers keeps the list', async t => {
  const redis = await startRedis(t);
  const session = { secret: SESSION_SECRET, redis: { url: redis.url, keyPrefix: uniquePrefix() } };
  const { world, graph, signIn } = await started(t, { session });
  const { browser, seen } = await signIn('otto');
  t.equal(seen.status, 200);
  await world.gateway.stop();
  graph.always('hang-up');
  world.entra.faults.on('down');
  const replica = await world.replica();
  const there = new Browser({ [world.url]: replica.url });
  browser.copyTo(there);
  t.equal((await there.ask(`${world.url}/portal/home`)).status, 200, 'the session goes on');
  t.match(await statusOf(replica), [{ byCsp: 2 }]);
});

t.test('whoever signs in right after the start waits for the first list', async t => {
  const { signIn } = await started(t, {}, graph => graph.next({ status: 429, headers: { 'retry-after': '4' } }));
  t.equal((await signIn('otto')).seen.status, 200);
});

t.test('without any list the gateway serves whom the settings admit, and nobody else', async t => {
  const { world, signIn } = await started(t, {}, graph => graph.always({ status: 403 }));
  t.equal((await signIn('ulrich')).seen.status, 200);
  t.equal((await signIn('otto')).seen.status, 403);
  t.match(await statusOf(world.gateway), [
    { count: 1, byCsp: 0, readAt: null, age: null, lastError: /Graph answered 403/ },
  ]);
});

t.test('halogate tenants prints the decisions, and fails where Graph cannot be asked', async t => {
  const { world, graph } = await started(t);
  const file = await writeSettings(t, {
    version: 1,
    halo: { upstream: world.halo.url },
    portals: [{ name: 'customers', kind: 'user', url: world.url }],
    connections: [customersThrough(graph.url, world.entra.url)],
    session: { secret: SESSION_SECRET },
  });
  const run = async () => {
    const program = runProgram(t, ['tenants', '--config', file]);
    return { status: await program.exited, lines: program.logs() };
  };
  const { status, lines } = await run();
  t.equal(status, 0);
  for (const [id, decision] of [
    [HOME.id, 'admitted by settings'],
    [ELSEWHERE.id, 'admitted by csp'],
    [PARTNER.id, 'excluded'],
  ] as const) {
    t.ok(
      lines.some(line => line.includes(id) && line.includes(decision)),
      `${id} ${decision}`,
    );
  }
  graph.always({ status: 403, body: { error: { code: 'Authorization_RequestDenied' } } });
  const failed = await run();
  t.equal(failed.status, 1);
  t.match(failed.lines.join('\n'), /Authorization_RequestDenied[\s\S]*Directory\.Read\.All/);
});

async function started(
  t: Test,
  settings: Readonly<Record<string, unknown>> = {},
  prepare: (graph: Graph) => void = () => {},
) {
  const starting = Promise.withResolvers<Graph>();
  const world = await startBuiltWorld(t, async ({ authority, entra, url }) => {
    const graph = await startGraph({ entra });
    t.teardown(() => graph.close());
    prepare(graph);
    starting.resolve(graph);
    return {
      portals: [{ name: 'customers', kind: 'user', url }],
      connections: [customersThrough(graph.url, authority)],
      drain: { wait: '0s' },
      ...settings,
    };
  });
  const graph = await starting.promise;
  const signIn = async (who: 'otto' | 'petra' | 'ulrich'): Promise<{ browser: Browser; seen: Seen }> => {
    const browser = new Browser({});
    world.entra.choose(who);
    return { browser, seen: await browser.go(`${world.url}/portal/home`) };
  };
  return { world, graph, signIn };
}

async function statusOf({ opsUrl }: { readonly opsUrl: string }) {
  return JSON.parse(await (await fetch(`${opsUrl}/status`)).text()).tenants;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to hold.');
    await sleep(50);
  }
}

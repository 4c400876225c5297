import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { createRedisStore, type Sessions, StoreUnreachableError } from '../../src/sessions/index.ts';
import { type RedisServer, startRedis, uniquePrefix } from '../support/redis.ts';
import { startWay } from '../support/redis-way.ts';
import { newSession, openSessions } from './fixtures.ts';

const server = await startRedis(t);

t.test('a hot session is read without a command to Redis', async t => {
  const { here, there, keyPrefix } = replicas(t, server);
  const { cookie } = await there.create(newSession());
  const commands = await commandsOf(t, server, keyPrefix);
  await hot(here, cookie, commands);
  const before = commands.length;
  const seen = new Set<unknown>();
  for (let requests = 0; requests < 1000; requests += 1) {
    seen.add(await here.read(cookie, ''));
    seen.add(await here.peek(cookie));
  }
  t.equal(seen.size, 1, 'one and the same object');
  t.notOk(seen.has(undefined));
  await sleep(600);
  t.strictSame(
    commands.slice(before).filter(command => !/^publish \S+heartbeat:/i.test(command)),
    [],
  );
  t.ok(commands.length > before, 'and heartbeats are seen, so that commands would be');
});

t.test('a sign-out at one replica is refused at the other within a second, and tells its listeners', async t => {
  const { here, there, keyPrefix } = replicas(t, server);
  const commands = await commandsOf(t, server, keyPrefix);
  for (let rounds = 0; rounds < 20; rounds += 1) {
    const { session, cookie } = await there.create(newSession({ sid: `sid-${rounds}` }));
    const sibling = await there.create(newSession({ sid: `sid-${rounds}` }));
    await hot(here, cookie, commands);
    await hot(here, sibling.cookie, commands);
    const told = new Set<string>();
    here.onEnded(ids => {
      for (const id of ids) told.add(id);
    });
    t.equal(await there.end(cookie), true);
    const signedOut = performance.now();
    while ((await here.read(cookie, '')) || (await here.read(sibling.cookie, ''))) await sleep(1);
    t.ok(performance.now() - signedOut < 1000);
    while (!told.has(session.id) || !told.has(sibling.session.id)) await sleep(1);
  }
});

t.test('requests that never pause, at both replicas, never see a session a second after its sign-out', async t => {
  const { here, there } = replicas(t, server);
  await Promise.all(
    Array.from({ length: 10 }, async (_, at) => {
      const { cookie } = await here.create(newSession());
      await sleep(at * 40);
      let signedOut = Number.POSITIVE_INFINITY;
      const late: number[] = [];
      const ask = async (sessions: Sessions) => {
        while (performance.now() - signedOut < 1300) {
          const asked = performance.now();
          if ((await sessions.read(cookie, '')) && asked - signedOut > 1000) late.push(asked - signedOut);
          await sleep(1);
        }
      };
      const asking = [ask(here), ask(there), ask(there)];
      await sleep(300);
      await there.end(cookie);
      signedOut = performance.now();
      await Promise.all(asking);
      t.strictSame(late, []);
    }),
  );
});

t.test('a feed whose connection is cut comes back by itself, and nothing that it missed is served', async t => {
  const { here, there, keyPrefix } = replicas(t, server);
  const commands = await commandsOf(t, server, keyPrefix);
  const gone = await there.create(newSession());
  const stays = await there.create(newSession());
  await hot(here, gone.cookie, commands);
  await hot(here, stays.cookie, commands);
  const redis = new Redis(server.url);
  t.teardown(() => redis.disconnect());
  // Both in one step, so that the ending is told to nobody.
  const id = gone.session.id;
  const keys = [`${keyPrefix}session:{${id}}`, `${keyPrefix}tokens:{${id}}`];
  const cutting = [
    ['client', 'kill', 'type', 'pubsub'],
    ['del', ...keys],
  ];
  await redis.multi(cutting).exec();
  const cut = performance.now();
  while (await here.read(gone.cookie, '')) await sleep(1);
  t.ok(performance.now() - cut < 1000);
  await hot(here, stays.cookie, commands);
  t.equal(await here.read(gone.cookie, ''), undefined);
});

t.test('a feed that hangs without an end delays no sign-out by more than a second, and is replaced', async t => {
  const keyPrefix = uniquePrefix();
  const way = await startWay(t, server.port);
  const here = openSessions(createRedisStore({ url: `redis://127.0.0.1:${way.port}`, keyPrefix }));
  const there = openSessions(createRedisStore({ url: server.url, keyPrefix }));
  t.teardown(() => Promise.all([here.close(), there.close()]));
  const commands = await commandsOf(t, server, keyPrefix);
  const { cookie } = await there.create(newSession());
  const other = await there.create(newSession());
  await hot(here, cookie, commands);
  way.hangFeeds();
  await there.end(cookie);
  const signedOut = performance.now();
  while (await here.read(cookie, '')) await sleep(1);
  t.ok(performance.now() - signedOut < 1100);
  t.ok(await here.read(other.cookie, ''));
  await hot(here, other.cookie, commands);
  t.equal(await here.read(cookie, ''), undefined);
});

t.test('without the right to listen every request reads Redis, and an operator is told', async t => {
  const own = await startRedis(t, { own: true });
  const redis = new Redis(own.url);
  t.teardown(() => redis.disconnect());
  await redis.acl('SETUSER', 'deaf', 'on', '>secret', '~*', '+@all', 'resetchannels', '&x:heartbeat:*');
  const lines: string[] = [];
  const write = (_: object, message: string) => void lines.push(message);
  const log = { info: write, warn: write };
  const config = { url: own.url, username: 'deaf', password: 'secret', keyPrefix: 'x:' };
  const sessions = openSessions(createRedisStore(config, { log }));
  t.teardown(() => sessions.close());
  const { cookie } = await sessions.create(newSession());
  while (lines.length === 0) await sleep(20);
  t.match(lines, [/refuses the feed/]);
  t.ok(await sessions.read(cookie, ''));
  await redis.flushall();
  t.equal(await sessions.read(cookie, ''), undefined);
});

t.test('while Redis is silent a session is served until the grace is over, and again when Redis goes on', async t => {
  const own = await startRedis(t, { own: true });
  const { here, there } = replicas(t, own, { outageGrace: 3000, timeout: 300 });
  const { cookie } = await there.create(newSession());
  const other = await there.create(newSession());
  t.ok(await here.read(cookie, ''));
  await own.kill('SIGSTOP');
  const stopped = performance.now();
  let served = 0;
  await t.rejects(async () => {
    for (;;) {
      if (!(await here.read(cookie, ''))) return t.fail('a store that is silent ends no session');
      served = performance.now() - stopped;
      await sleep(20);
    }
  }, StoreUnreachableError);
  t.ok(served > 1500, 'beyond what the feed vouches for');
  t.ok(performance.now() - stopped > 2500 && served < 4500);
  await t.rejects(here.read(other.cookie, ''), StoreUnreachableError, 'one that was never seen here is not served');
  await own.kill('SIGCONT');
  while (!(await here.read(cookie, '').catch(() => undefined))) await sleep(20);
  t.pass('it is served again');
});

t.test('a dead Redis that returns with its data: sessions live on, an ended one does not', async t => {
  const own = await startRedis(t, { own: true, durable: true });
  const { here, there } = replicas(t, own);
  const { cookie } = await there.create(newSession());
  const ended = await there.create(newSession());
  t.ok(await here.read(cookie, ''));
  t.ok(await here.read(ended.cookie, ''));
  await own.kill('SIGKILL');
  t.equal(await there.end(ended.cookie), false);
  t.ok(await here.read(cookie, ''), 'served all along');
  t.equal(await there.read(ended.cookie, ''), undefined, 'refused where it was signed out');
  await own.restart();
  while (await here.read(ended.cookie, '').catch(() => true)) {
    t.ok(await here.read(cookie, ''));
    await sleep(20);
  }
  t.ok(await here.read(cookie, ''));
  t.equal(await there.read(ended.cookie, ''), undefined);
});

t.test('a dead Redis that returns empty: nobody is signed in any more', async t => {
  const own = await startRedis(t, { own: true, durable: true });
  const { here, there } = replicas(t, own);
  const { cookie } = await there.create(newSession());
  const first = await here.read(cookie, '');
  t.ok(first);
  await own.kill('SIGKILL');
  t.equal(await here.read(cookie, ''), first);
  await own.restartEmpty();
  while (await here.read(cookie, '')) await sleep(20);
  t.equal(await here.read(cookie, ''), undefined);
  while (!(await there.create(newSession()).catch(() => undefined))) await sleep(20);
  t.equal(await here.read(cookie, ''), undefined);
});

/** Two processes on one Redis, each with connections of its own. */
function replicas(t: Test, { url }: RedisServer, options: { outageGrace?: number; timeout?: number } = {}) {
  const keyPrefix = uniquePrefix();
  const { timeout, ...others } = options;
  const open = () =>
    openSessions(createRedisStore({ url, keyPrefix }, timeout === undefined ? {} : { timeout }), others);
  const [here, there] = [open(), open()];
  t.teardown(() => Promise.all([here.close(), there.close()]));
  return { here, there, keyPrefix };
}

/** Waits until a session is read without Redis. */
async function hot(sessions: Sessions, cookie: string, commands: readonly string[]): Promise<void> {
  for (;;) {
    if (!(await sessions.read(cookie, ''))) throw new Error('There is no such session.');
    const before = commands.length;
    await sessions.read(cookie, '');
    await sleep(20);
    if (!commands.slice(before).some(command => /^get /i.test(command))) return;
  }
}

/** What Redis is asked under a prefix from now on, as it comes: over a bare connection, as no client library keeps up with MONITOR. */
async function commandsOf(t: Test, { url }: RedisServer, keyPrefix: string): Promise<readonly string[]> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port || 6379), hostname);
  t.teardown(() => socket.destroy());
  socket.on('error', () => {}).write('MONITOR\r\n');
  await once(socket, 'data');
  const commands: string[] = [];
  createInterface({ input: socket }).on('line', line => {
    const command = line.slice(line.indexOf('] ') + 2).replaceAll('"', '');
    if (command.includes(keyPrefix)) commands.push(command);
  });
  return commands;
}

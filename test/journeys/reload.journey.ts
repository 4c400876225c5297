import { connect } from 'node:net';
import t from 'tap';
import { request } from 'undici';
import { connectionTo } from '../../demo/connection.ts';
import { CLIENT, G1 } from '../../demo/entra/index.ts';
import { startHalo } from '../../demo/halo/index.ts';
import { runProgram, serveFile } from '../support/gateway.ts';
import { startRedis, uniquePrefix } from '../support/redis.ts';
import { eventually, type Reloading, startReloading } from '../support/reloading.ts';
import { AGENTS, SESSION_SECRET, SUPPORT } from '../support/world.ts';

const OTHER_SECRET = Buffer.alloc(32, 9).toString('base64');
const NOBODY = '00000000-0000-4000-8000-00000000dead';

/** Asks for pages one after another until it is stopped. */
function keepAsking({ ask }: Pick<Reloading, 'ask'>, cookie: string, at?: string) {
  const statuses: number[] = [];
  let stopped = false;
  const asking = (async () => {
    while (!stopped) statuses.push(await ask(cookie, '/ticket', at));
  })();
  return {
    statuses,
    /** Resolves when so many more have been answered. */
    async more(count: number) {
      const wanted = statuses.length + count;
      await eventually(async () => statuses.length >= wanted || undefined);
    },
    async stop() {
      stopped = true;
      await asking;
    },
  };
}

/** An upload that stands still in the middle until it is told to go on. */
async function beginUpload(url: string, cookie: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const answer = new Promise<string>((resolve, reject) => {
    let text = '';
    socket.on('data', data => {
      text += data;
    });
    socket.on('close', () => resolve(text)).on('error', reject);
  });
  const { host } = new URL(AGENTS);
  const head = `POST /api/upload HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${AGENTS}\r\nCookie: ${cookie}\r\nConnection: close\r\nContent-Length: 10\r\n\r\n`;
  socket.write(`${head}first`);
  return {
    answer,
    finish: () => void socket.write('-last'),
  };
}

t.test(
  'no request and no WebSocket is dropped while the settings are swapped, twice in a row and once more',
  async t => {
    const world = await startReloading(t);
    const cookie = await world.signIn('agnes');
    const socket = await world.open(cookie);
    const loops = [1, 2, 3, 4].map(() => keepAsking(world, cookie));
    const stream = await request(`${world.url}/api/events?every=20`, {
      headers: { host: new URL(AGENTS).host, cookie },
    });
    const events = stream.body[Symbol.asyncIterator]();
    await events.next();
    const upload = await beginUpload(world.url, cookie);
    await eventually(async () => world.halo.received.some(({ target }) => target === '/api/upload') || undefined);

    const hashes = new Set([(await world.status()).configHash]);
    for (const title of ['Two', 'Three', 'Four']) {
      const { configHash, lastError } = await world.load({ pages: { title } });
      t.equal(lastError, null);
      hashes.add(configHash);
      await Promise.all(loops.map(loop => loop.more(5)));
      await socket.echo(title);
    }
    t.equal(hashes.size, 4);
    await world.swap({ pages: { title: 'Five' } });
    await world.swap({ pages: { title: 'Six' } });
    await eventually(async () => {
      const page = await world.browser().ask(`${AGENTS}/.halogate/signed-out`);
      return /Six/.test(page.body) || undefined;
    });
    await Promise.all(loops.map(loop => loop.more(5)));
    await socket.echo('at the end');
    upload.finish();
    t.match(await upload.answer, /^HTTP\/1\.1 200 [\s\S]*"bytes":10/);
    for (let more = 0; more < 5; more += 1) t.match(String((await events.next()).value), /event: ticket/);
    stream.body.destroy();
    await Promise.all(loops.map(loop => loop.stop()));
    t.same(
      loops.flatMap(({ statuses }) => statuses.filter(status => status !== 200)),
      [],
    );
  },
);

t.test('requests under way end at the Halo that they went to, the next go to another', async t => {
  const world = await startReloading(t);
  const next = await startHalo();
  t.teardown(next.close);
  const cookie = await world.signIn('agnes');
  const upload = await beginUpload(world.url, cookie);
  await eventually(async () => world.halo.received.some(({ target }) => target === '/api/upload') || undefined);
  const socket = await world.open(cookie);
  await world.load({ halo: { upstream: next.url } });
  t.equal(await world.ask(cookie, '/api/tickets'), 200);
  t.ok(next.received.some(({ target }) => target === '/api/tickets'));
  upload.finish();
  t.match(await upload.answer, /^HTTP\/1\.1 200 [\s\S]*"bytes":10/);
  await socket.echo('still with the first');
});

t.test('a rule is obeyed at once by sessions and WebSockets that exist, and so is its return', async t => {
  const world = await startReloading(t);
  const cookie = await world.signIn('agnes');
  const socket = await world.open(cookie);
  const connection = (rule: object) => ({ connections: [{ ...connectionTo(world.entra.url), agents: rule }] });
  await world.load(connection({ groups: [NOBODY] }));
  t.equal(await world.ask(cookie), 403);
  t.equal(await socket.closed, 1008);
  await world.load(connection({ groups: [G1] }));
  t.equal(await world.ask(cookie), 200, 'the session itself has not ended');
  const again = await world.open(cookie);
  await world.load({ connections: [{ ...connectionTo(world.entra.url), published: false }] });
  t.equal(await again.closed, 1008);
});

t.test('settings that are not good change nothing, and log, status and check say why', async t => {
  const world = await startReloading(t);
  const cookie = await world.signIn('agnes');
  const socket = await world.open(cookie);
  const before = await world.status();
  const bad = await world.load('version: 1\nhalo: {upstraem: x}\n');
  t.match(bad.lastError, /^\d{4}-\d\d-\d\dT[\d:.]+Z .*halogate\.yaml:\d+:\d+ [A-Z_]+ .* \(and \d+ more\)$/);
  t.same({ ...bad, lastError: null }, before);
  t.equal(await world.ask(cookie), 200);
  await socket.echo('still there');
  const findings = world.gateway.logs().filter(line => line.includes('the old ones stay'));
  t.match(findings.join('\n'), /upstraem.*did you mean/);
  t.match(findings.join('\n'), /portals: is required/);
  const check = runProgram(t, ['check', '--config', world.file]);
  t.equal(await check.exited, 78);
  for (const line of check.logs().filter(line => line.includes('UNKNOWN_KEY'))) {
    t.ok(findings.some(finding => finding.includes(JSON.stringify(line).slice(1, -1))));
  }
  const good = await world.load({ pages: { title: 'Good again' } });
  t.equal(good.lastError, null);
  t.not(good.configHash, before.configHash);
});

t.test('a portal comes and goes, and its WebSockets with it', async t => {
  const world = await startReloading(t);
  const portals = (...urls: readonly string[]) => ({
    portals: urls.map((url, at) => ({ name: `portal-${at}`, kind: at === 0 ? 'agent' : 'user', url })),
  });
  t.equal((await world.browser().ask(`${SUPPORT}/`)).status, 421);
  await world.load(portals(AGENTS, SUPPORT));
  t.equal((await world.browser().ask(`${SUPPORT}/`)).status, 302);
  await world.load(portals(AGENTS));
  t.equal((await world.browser().ask(`${SUPPORT}/`)).status, 421);
  const socket = await world.open(await world.signIn('agnes'));
  await world.load(portals('https://moved.example.com'));
  t.equal(await socket.closed, 1008);
});

t.test('a session secret rotates by the list', async t => {
  const world = await startReloading(t);
  const secrets = (...secret: readonly string[]) => ({ session: { secret } });
  const old = await world.signIn('agnes');
  const socket = await world.open(old);
  await world.load(secrets(OTHER_SECRET, SESSION_SECRET));
  t.equal(await world.ask(old), 200);
  await socket.echo('still there');
  const young = await world.signIn('agnes');
  await world.load(secrets(OTHER_SECRET));
  t.equal(await world.ask(old), 401);
  t.equal(await socket.closed, 1008);
  t.equal(await world.ask(young), 200);
});

t.test('a sign-in that has begun is finished under the secret that came meanwhile', async t => {
  const world = await startReloading(t);
  const person = world.browser();
  world.entra.choose('agnes');
  const begun = await person.ask(`${AGENTS}/.halogate/sign-in?return=/ticket`);
  const callback = await person.ask(String(begun.headers.location));
  await world.load({ session: { secret: [OTHER_SECRET, SESSION_SECRET] } });
  const finished = await person.go(String(callback.headers.location));
  t.equal(finished.status, 200);
  t.equal(finished.url.href, `${AGENTS}/ticket`);
});

t.test('a secret in a file of its own is watched although the settings stay', async t => {
  const entra = { credential: { secret: { file: 'client-secret' } } };
  const world = await startReloading(t, {}, { 'client-secret': 'wrong' });
  const connections = [{ ...connectionTo(world.entra.url), ...entra }];
  const before = await world.load({ connections });
  await t.rejects(world.signIn('agnes'), /was not signed in/);
  const after = await world.load({ connections }, { 'client-secret': CLIENT.secret });
  t.equal(after.configHash, before.configHash);
  t.ok(await world.signIn('agnes'));
});

t.test('a shorter session ends those that exist', async t => {
  const world = await startReloading(t);
  const cookie = await world.signIn('agnes');
  t.equal(await world.ask(cookie), 200);
  await world.load({ session: { secret: SESSION_SECRET, idle: '1s', absolute: '1s' } });
  t.equal(await eventually(async () => ((await world.ask(cookie)) === 401 ? 401 : undefined)), 401);
});

t.test('on SIGHUP the settings are loaded again; what cannot change is named', async t => {
  const world = await startReloading(t);
  const before = await world.status();
  world.gateway.process.kill('SIGHUP');
  await eventually(async () => (await world.status()).loadedAt !== before.loadedAt || undefined);
  const { needsRestart, lastError } = await world.load({ listen: '127.0.0.1:1', log: { level: 'debug' } });
  t.same(needsRestart, ['listen']);
  t.equal(lastError, null);
  t.equal((await world.browser().ask(`${AGENTS}/ticket`)).status, 302, 'it listens where it did');
  t.ok(world.gateway.logs().some(line => line.includes('"key":"listen"')));
  const cookie = await world.signIn('agnes');
  await world.ask(cookie);
  await eventually(async () => world.gateway.logs().some(line => line.includes('"level":20')) || undefined);
  t.same((await world.load({})).needsRestart, []);
  t.equal(await world.gateway.stop(), 0);
});

t.test('two replicas obey the same file, whichever of them is first', async t => {
  const redis = { url: (await startRedis(t)).url, keyPrefix: uniquePrefix() };
  const session = (...secret: readonly string[]) => ({ session: { secret, redis } });
  const world = await startReloading(t, session(SESSION_SECRET));
  const replica = await serveFile(t, world.file);
  const cookie = await world.signIn('agnes');
  const [here, there] = [await world.open(cookie), await world.open(cookie, replica.url)];
  const loops = [world.url, replica.url].map(url => keepAsking(world, cookie, url));
  const bothHave = async (hash: string) =>
    eventually(async () => {
      const status = (await (await fetch(`${replica.opsUrl}/status`)).json()) as { configHash: string };
      return status.configHash === hash || undefined;
    });
  for (const secrets of [
    [SESSION_SECRET, OTHER_SECRET],
    [OTHER_SECRET, SESSION_SECRET],
  ]) {
    const { configHash } = await world.load(session(...secrets));
    await bothHave(configHash);
    await Promise.all(loops.map(loop => loop.more(5)));
  }
  await Promise.all(loops.map(loop => loop.stop()));
  for (const { statuses } of loops) t.ok(statuses.every(status => status === 200));
  await Promise.all([here.echo('here'), there.echo('there')]);

  const young = await world.signIn('agnes');
  t.equal(await world.ask(young, '/ticket', replica.url), 200);
  await bothHave((await world.load(session(OTHER_SECRET))).configHash);
  for (const url of [world.url, replica.url]) {
    t.equal(await world.ask(cookie, '/ticket', url), 401);
    t.equal(await world.ask(young, '/ticket', url), 200);
  }
  t.same([await here.closed, await there.closed], [1008, 1008]);
});

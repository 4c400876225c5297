import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { WebSocket } from 'ws';
import { Browser } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { runProgram, writeSettings } from '../support/gateway.ts';
import { startRedis, uniquePrefix } from '../support/redis.ts';
import { sound } from '../support/settings.ts';
import { SESSION_SECRET } from '../support/world.ts';

t.test('halogate sessions, beside two running gateways', async t => {
  const redis = await startRedis(t);
  const audit = { file: `${t.testdir()}/audit.ndjson` };
  const session = { secret: SESSION_SECRET, redis: { url: redis.url, keyPrefix: uniquePrefix() } };
  const world = await startBuiltWorld(t, { session });
  const replica = await world.replica();
  const file = await writeSettings(
    t,
    `${sound.replace(/^session: .*$/m, `session: ${JSON.stringify(session)}`)}audit: ${JSON.stringify(audit)}\n`,
  );
  const run = async (...args: string[]) => {
    const program = runProgram(t, ['sessions', ...args, '--config', file]);
    return { status: await program.exited, output: program.logs().join('\n') };
  };
  const signIn = async (person: 'agnes' | 'ulrich') => {
    const browser = new Browser({});
    world.entra.choose(person);
    await browser.go(`${world.url}/portal/home`);
    const there = new Browser({ [world.url]: replica.url });
    browser.copyTo(there);
    const { person: id } = JSON.parse((await there.ask(`${world.url}/.halogate/session`)).body);
    return { browser, there, id: String(id) };
  };
  const isSignedIn = async (browser: Browser) => (await browser.ask(`${world.url}/.halogate/session`)).status === 200;
  const agnes = await signIn('agnes');
  const ulrich = await signIn('ulrich');

  await t.test('list names people, connection and address', async t => {
    const { status, output } = await run('list');
    t.equal(status, 0);
    for (const id of [agnes.id, ulrich.id]) t.match(output, new RegExp(`^${id} +default .* 127\\.0\\.0\\.1$`, 'm'));
    t.notMatch(output, String(agnes.browser.cookies(world.url).halogate));
  });

  await t.test('revoke ends a person at every gateway, WebSockets included, and nobody else', async t => {
    const { halogate } = agnes.browser.cookies(world.url);
    const sockets = [world.gateway, replica].map(({ url }) => {
      const headers = { host: new URL(world.url).host, cookie: `halogate=${halogate}` };
      return new WebSocket(`${url.replace('http', 'ws')}/hub`, { origin: world.url, headers });
    });
    await Promise.all(sockets.map(socket => once(socket, 'open')));
    const closed = Promise.all(sockets.map(async socket => (await once(socket, 'close'))[0]));
    t.match(await run('revoke', '--person', agnes.id), { status: 0, output: '1 session revoked.' });
    const events = readFileSync(audit.file, 'utf8').trim().split('\n');
    t.match(
      events.map(line => JSON.parse(line)),
      [{ event: { action: 'revocation', reason: 'operator' }, user: { id: agnes.id } }],
    );
    t.strictSame(await closed, [1008, 1008]);
    for (const browser of [agnes.browser, agnes.there]) t.notOk(await isSignedIn(browser));
    for (const browser of [ulrich.browser, ulrich.there]) t.ok(await isSignedIn(browser));
  });

  await t.test('a command line that says not whom: how it is called', async t => {
    const { status, output } = await run('revoke');
    t.equal(status, 64);
    t.match(output, /revoke needs one of .*--all/);
    t.match(output, /^Usage: halogate sessions list\|revoke /m);
    t.ok(await isSignedIn(ulrich.browser));
    t.match(await run('forget'), { status: 64, output: /expected list or revoke/ });
  });
});

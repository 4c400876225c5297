import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { connectionTo } from '../../demo/connection.ts';
import { Browser } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { freePort } from '../support/free-port.ts';
import { runProgram, writeSettings } from '../support/gateway.ts';
import { textOf } from '../support/markup.ts';
import { startRedis } from '../support/redis.ts';
import { sound } from '../support/settings.ts';
import { SESSION_SECRET } from '../support/world.ts';

/** What the program says to a command line, and its exit status. */
async function said(t: Test, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { exited, logs } = runProgram(t, args, env);
  return { status: await exited, text: logs().join('\n') };
}

t.test('serve without settings: how they are named, what to begin with, what to do then', async t => {
  const { status, text } = await said(t, ['serve']);
  t.equal(status, 64);
  for (const word of ['--config FILE', 'HALOGATE_CONFIG', 'config/minimal.yaml', 'halogate check']) t.match(text, word);
  t.notMatch(text, 'redirect-uris', 'not everything that the program can do');
});

t.test('the example that messages name loads once its secrets are there', async t => {
  const example = await readFile(new URL('../../config/minimal.yaml', import.meta.url), 'utf8');
  const file = await writeSettings(t, example);
  const without = await said(t, ['check', '--config', file]);
  t.equal(without.status, 78);
  t.match(without.text, /SECRET_MISSING .*environment variable ENTRA_CLIENT_SECRET is not set/);
  const env = { ENTRA_CLIENT_SECRET: 'secret', HALOGATE_SESSION_SECRET: SESSION_SECRET };
  t.match(await said(t, ['check', '--config', file], env), { status: 0, text: / 0 errors, / });
});

for (const command of ['check', 'serve']) {
  t.test(`${command} with a file that is missing, empty, mistyped or another program's`, async t => {
    const run = (file: string) => said(t, [command, '--config', file]);
    const missing = await run('/nowhere/halogate.yaml');
    t.match(missing, { status: 78, text: /"\/nowhere\/halogate\.yaml" does not exist; .*config\/minimal\.yaml/ });
    const empty = await run(await writeSettings(t, ''));
    t.match(empty, { status: 78, text: /:1:1 EMPTY_FILE .*begin with a copy of config\/minimal\.yaml/ });
    const mistyped = await run(await writeSettings(t, 'lisen: 0.0.0.0:8080\n'));
    t.match(mistyped, { status: 78, text: /UNKNOWN_KEY lisen: .*did you mean "listen"\?/ });
    t.match(mistyped.text, /MISSING_KEY portals: is required; config\/minimal\.yaml shows/);
    const typo = await run(await writeSettings(t, sound.replace('autoRedirect', 'autoRedirekt')));
    t.equal(typo.status, 78);
    t.match(typo.text, /:15:5 UNKNOWN_KEY .*did you mean "autoRedirect"\?/);
    const theirs = await run(await writeSettings(t, 'upstreams = ["http://halo"]\nclient_id = "halo"\n'));
    t.match(theirs, { status: 78, text: /oauth2-proxy .*docs\/from-oauth2-proxy\.md/ });
    await t.resolves(readFile(new URL('../../docs/from-oauth2-proxy.md', import.meta.url)));
  });
}

t.test('a wrong client secret: a page that blames nobody, a log line that says why, and doctor what to do', async t => {
  const wrong = 'a-secret-that-is-wrong';
  const connections = (authority: string) => [{ ...connectionTo(authority), credential: { secret: wrong } }];
  const { url, entra, halo, gateway } = await startBuiltWorld(t, given => ({
    connections: connections(given.authority),
  }));
  entra.choose('agnes');
  const page = await new Browser({}).go(`${url}/ticket`);
  t.equal(page.status, 500);
  t.match(textOf(page.body), /SIGN_IN_MISCONFIGURED/);
  t.match(textOf(page.body), /You did nothing wrong/);
  const [line = ''] = await gateway.logged(['sign-in needs an operator']);
  t.match(JSON.parse(line), {
    level: 50,
    reason: 'SIGN_IN_MISCONFIGURED',
    detail: /invalid_client AADSTS7000215/,
    connection: 'default',
    msg: /halogate doctor/,
  });
  const file = await writeSettings(t, {
    version: 1,
    halo: { upstream: halo.url },
    portals: [{ name: 'agents', kind: 'agent', url }],
    connections: connections(entra.url),
    session: { secret: SESSION_SECRET },
  });
  const { status, text } = await said(t, ['doctor', '--config', file]);
  t.equal(status, 1);
  t.match(text, /^FAIL {2}connection default, client credential: .*AADSTS7000215.*Certificates & secrets/m);
  for (const told of [text, page.body, gateway.logs().join('\n')]) t.notMatch(told, wrong);
});

t.test('a redirect URI that is not registered: what was sent is what redirect-uris prints', async t => {
  const { url, entra, halo } = await startBuiltWorld(t);
  const [client] = entra.clients;
  if (client) client.redirectUris = [`${url}/auth/account/AzureResponse`];
  const file = await writeSettings(t, {
    version: 1,
    halo: { upstream: halo.url },
    portals: [
      { name: 'agents', kind: 'agent', url },
      { name: 'customers', kind: 'user', url: `${url}/portal` },
    ],
    connections: [connectionTo(entra.url)],
    session: { secret: SESSION_SECRET },
  });
  const { text } = await said(t, ['redirect-uris', '--config', file]);
  for (const path of ['/ticket', '/portal/home']) {
    const page = await new Browser({}).go(url + path);
    t.match([page.status, page.url.origin], [400, entra.url], "the provider's own page, and nobody comes back");
    t.match(page.body, 'AADSTS50011');
    const sent = entra.requestsTo('authorize').at(-1)?.params.redirect_uri ?? 'nothing was sent';
    t.ok(text.split('\n').includes(sent), `${sent} is printed as it was sent`);
  }
  if (client) client.redirectUris = text.split('\n').filter(line => line.startsWith(url));
  entra.choose('agnes');
  t.equal((await new Browser({}).go(`${url}/ticket`)).status, 200, 'pasted, it works');
});

t.test(
  'a Redis that refuses the password, or is not there: the gateway starts, says so, and lets nobody in',
  async t => {
    const redis = await startRedis(t, { own: true });
    const admin = new Redis(redis.url);
    await admin.config('SET', 'requirepass', 'right');
    admin.disconnect();
    const refused = { url: redis.url, password: 'a-password-that-is-wrong' };
    const away = { url: `redis://127.0.0.1:${await freePort()}` };
    for (const [store, reason] of [
      [refused, 'WRONGPASS'],
      [away, 'ECONNREFUSED'],
    ] as const) {
      const { url, entra, gateway } = await startBuiltWorld(t, { session: { secret: SESSION_SECRET, redis: store } });
      const [line = ''] = await gateway.logged(['the session store cannot be reached']);
      t.match(JSON.parse(line), { level: 40, reason, msg: /halogate doctor/ });
      const status = await fetch(`${gateway.opsUrl}/status`);
      t.match(await status.json(), { store: { kind: 'redis', reachable: false, unreachableSince: String } });
      entra.choose('agnes');
      const page = await new Browser({}).go(`${url}/ticket`);
      t.equal(page.status, 503);
      t.match(page.body, 'STORE_UNREACHABLE');
      t.ok(Number(page.headers['retry-after']) > 0);
      t.equal((await new Browser({}).ask(`${url}/api/authinfo`)).status, 200, 'what needs no session is served');
      t.notMatch(gateway.logs().join('\n'), 'a-password-that-is-wrong');
      await gateway.kill();
    }
  },
);

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { WebSocket } from 'ws';
import { ELSEWHERE } from '../../demo/entra/index.ts';
import { Browser } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { formOf, linksOf } from '../support/ways.ts';

const MAIN = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const PASSWORD = 'grant_type=password&username=a&password=b';

/** What a token request is answered with. */
async function tokenOf(url: string, form: string): Promise<number> {
  return (await fetch(`${url}/auth/token`, { method: 'POST', body: new URLSearchParams(form) })).status;
}

function startDemo(t: { teardown(end: () => unknown): void }, port: number, ...options: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, '--port', String(port), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const text = { out: '', err: '' };
  child.stdout.on('data', chunk => {
    text.out += chunk;
  });
  child.stderr.on('data', chunk => {
    text.err += chunk;
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, text, exited };
}

t.test('the demo does what its printout says', async t => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const { child, text, exited } = startDemo(t, port);
  await printed({ child, text, exited });

  await t.test('the person who is chosen comes back to the page that was asked for', async t => {
    const page = await choose(url, '/ticket?id=42&url=https://elsewhere.example/x%20y', 'agnes', 'agnes@example.com');
    t.equal(page.url.href, `${url}/ticket?id=42&url=https://elsewhere.example/x%20y`);
    t.match([page.status, page.body], [200, /Agnes Agent/]);
  });

  await t.test('everybody else ends in the page that the printout promises', async t => {
    for (const [path, connection, person, status, what] of [
      ['/', 'default', 'ulrich', 403, /NOT_ADMITTED/],
      ['/portal', 'default', 'ulrich', 200, /Ulrich User/],
      ['/portal', 'default', 'gina', 200, /Gina Guest/],
      ['/', 'default', 'gina', 403, /NOT_ADMITTED/],
      ['/', 'default', 'otto', 403, /ACCOUNT_NOT_IN_ORGANISATION/],
      ['/', 'default', 'dora', 403, /ACCOUNT_DISABLED/],
      ['/', 'default', 'cancel', 400, /SIGN_IN_CANCELLED/],
      ['/', 'partners', 'petra', 403, /href="\/portal"/],
      ['/portal', 'partners', 'petra', 200, /Petra Partner/],
      ['/portal', 'partners', 'otto', 403, new RegExp(ELSEWHERE.id)],
      ['/portal', 'partners', 'connie', 403, /ACCOUNT_NOT_IN_ORGANISATION/],
      ['/portal', 'csp', 'otto', 200, /Otto Other/],
      ['/portal', 'csp', 'agnes', 403, /TENANT_NOT_ADMITTED/],
      ['/ticket', 'default', 'mona', 200, /Mona Many/],
      ['/portal', 'partners', 'mona', 200, /Mona Many/],
    ] as const) {
      const page = await choose(url, path, person, connection);
      t.match([page.status, page.body], [status, what], `${person} at ${path} through ${connection}`);
    }
  });

  await t.test('the commands answer as printed', async t => {
    const token = (form: string) => tokenOf(url, form);
    t.equal(await token(PASSWORD), 403);
    const disguised = { method: 'POST', body: new URLSearchParams('grant_type=PassWord&grant_type=refresh_token') };
    t.equal((await fetch(`${url}/portal/auth/./TOKEN`, disguised)).status, 403);
    t.equal(await token('grant_type=client_credentials&client_id=i&client_secret=s'), 200);
    t.equal((await fetch(`${url}/api/tickets`)).status, 401);
    t.equal((await fetch(`${url}/api/authinfo`)).status, 200);
    const echoed = new Browser({});
    const headers = { origin: 'https://app.example' };
    const preflight = { ...headers, 'access-control-request-method': 'POST' };
    t.equal((await echoed.ask(`${url}/api/echo`, { method: 'OPTIONS', headers: preflight })).status, 200);
    t.equal((await echoed.ask(`${url}/api/echo`, { method: 'POST', headers })).status, 401);
    const [through = '', past = ''] = [...text.out.matchAll(/X-Forwarded-User: admin' (\S+)/g)].map(([, at]) => at);
    const seenAt = async (at: string) => (await fetch(at, { headers: { 'x-forwarded-user': 'admin' } })).json();
    t.match([await seenAt(through), await seenAt(past)], [{ identity: null }, { identity: 'admin' }]);
  });

  await t.test('the customers are listed as printed', async t => {
    const listing = runPrinted(text.out, /^ +(npm .* tenants --config \S+)$/m);
    t.equal(listing.status, 0);
    t.match(listing.stdout, new RegExp(ELSEWHERE.id));
    const [, status = ''] = /curl (\S+\/status)/.exec(text.out) ?? [];
    t.match(await (await fetch(status)).text(), /"csp"/);
  });

  await t.test('the chat is closed when its session ends', async t => {
    const browser = await signedIn(url);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/hub`, {
      origin: url,
      headers: { cookie: `halogate=${browser.cookies(url).halogate}` },
    });
    const [hello] = await once(socket, 'message');
    t.match(String(hello), /Agnes Agent/);
    await browser.ask(`${url}/.halogate/sign-out`, { method: 'POST', headers: { origin: url } });
    const [code] = await once(socket, 'close');
    t.equal(code, 1008);
  });

  await t.test('a port that is taken is one clear line', async t => {
    const second = startDemo(t, port);
    t.equal(await second.exited, 1);
    const [, other] =
      /^Port \d+ of localhost is taken: npm run demo -- --port (\d+) uses another\.\n$/.exec(second.text.err) ?? [];
    t.notOk([port, port + 1].includes(Number(other)), 'the next port is that of the quickstart');
    t.ok(Number(other) > 0);
  });

  await t.test('Ctrl-C ends everything', async t => {
    child.kill('SIGINT');
    t.equal(await exited, 0);
    const again = createServer().listen(port, '127.0.0.1');
    await once(again, 'listening');
    again.close();
  });
});

t.test('with two replicas one may be killed, and everybody stays signed in', async t => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const demo = startDemo(t, port, '--replicas', '2');
  await printed(demo);
  const browser = await signedIn(url);
  const sessions = runPrinted(demo.text.out, /^ +(npm .* sessions list --config \S+)$/m);
  t.match([sessions.status, sessions.stdout], [0, /agents|default/]);
  t.match(demo.text.out, /Redis +\S+:\d+/);
  const pid = Number(/kill -9 (\d+)/.exec(demo.text.out)?.[1]);
  process.kill(pid, 'SIGKILL');
  for (let turn = 0; turn < 4; turn += 1) {
    // A kept connection dies with its gateway; a browser asks again on another.
    const page = await browser.ask(`${url}/ticket`).catch(() => browser.ask(`${url}/ticket`));
    t.match([page.status, page.body], [200, /Agnes Agent/]);
  }
});

t.test('other settings do what the printout says of them', async t => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const demo = startDemo(t, port, '--with', 'native-sign-in', '--with', 'bearer-refuse');
  await printed(demo);
  t.match(demo.text.out, /--with emergency/, 'and names those that are left');
  const [, open = ''] = /-d password=b (http:\S+)\/auth\/token\n {5}In a browser/.exec(demo.text.out) ?? [];
  t.not(open, url);
  t.equal(await tokenOf(open, PASSWORD), 200);
  t.match(await (await fetch(`${open}/auth/account/login`)).text(), /type="password"/);
  t.equal(await tokenOf(url, PASSWORD), 403);
  t.equal((await fetch(`${url}/api/tickets`, { headers: { authorization: 'Bearer x' } })).status, 401);
});

t.test('an emergency lets passwords through, and tells of each', async t => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const demo = startDemo(t, port, '--with', 'emergency');
  await printed(demo);
  t.equal(await tokenOf(url, PASSWORD), 200);
  t.match(await (await fetch(`${url}/ticket`)).text(), /nobody that Halo knows/);
  t.match((await choose(url, '/.halogate/sign-in?return=/ticket', 'agnes', 'default')).body, /Agnes Agent/);
  t.equal((await fetch(`${url}/api/tickets`)).status, 200);
  t.notMatch(demo.text.out, /SIGN_IN_REQUIRED|NATIVE_SIGN_IN_REFUSED/, 'nothing is printed that would be refused');
  const [, folder = ''] = /grep -h emergency-use (\S+)\/\*\.log/.exec(demo.text.out) ?? [];
  let told = '';
  while (!told.includes('emergency-use')) told = await readFile(join(folder, `halogate-${port}.log`), 'utf8');
  t.notMatch(told, /password=b/);
});

t.test('where the gateway ends by itself, the demo says how and where its log is', async t => {
  const demo = startDemo(t, await freePort());
  await printed(demo);
  process.kill(Number(/process (\d+)/.exec(demo.text.out)?.[1]), 'SIGKILL');
  t.equal(await demo.exited, 1);
  const [, log = ''] = /^The gateway has ended \(SIGKILL\); its log: (\S+)\n/.exec(demo.text.err) ?? [];
  t.teardown(() => rm(dirname(log), { recursive: true }));
  t.match(await readFile(log, 'utf8'), /listening/);
});

t.test('an option that is none is answered with the usage', async t => {
  const unknown = startDemo(t, await freePort(), '--with', 'magic');
  t.equal(await unknown.exited, 1);
  t.match(unknown.text.err, /^Usage: /);
  const { text, exited } = startDemo(t, await freePort(), '--unknown');
  t.equal(await exited, 1);
  t.equal(
    text.err,
    'Usage: npm run demo -- [--port N] [--replicas N] [--with native-sign-in|bearer-refuse|emergency]\n',
  );
});

/** Runs a command of the printout as it stands there, where the demo is started. */
function runPrinted(printout: string, command: RegExp) {
  const [, line = ''] = command.exec(printout) ?? [];
  return spawnSync(line, { cwd: ROOT, encoding: 'utf8', shell: true });
}

/** Waits for the printout. */
async function printed({ child, text, exited }: ReturnType<typeof startDemo>): Promise<void> {
  const failed = exited.then(code => Promise.reject(new Error(`${code} ${text.err}`)));
  failed.catch(() => {});
  while (!text.out.includes('Ctrl-C')) await Promise.race([once(child.stdout, 'data'), failed]);
}

/** A browser in which Agnes has signed in. */
async function signedIn(url: string): Promise<Browser> {
  const browser = new Browser({});
  await choose(url, '/ticket', 'agnes', 'default', browser);
  return browser;
}

/**
 * Opens a page, says how to sign in on the gateway's page and chooses a person on the provider's, as their forms would be submitted.
 * @param way the name of a connection, or an address
 */
async function choose(url: string, path: string, person: string, way: string, browser = new Browser({})) {
  const asked = await browser.go(url + path);
  const page = await browser.go(url + (way.includes('@') ? await byAddress(browser, asked, way) : byName(asked, way)));
  const fields = [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const form = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, decode(value)]));
  const action = /<form[^>]*action="([^"]+)"/.exec(page.body)?.[1];
  const target = new URL(action === undefined ? page.url : decode(action), page.url);
  return browser.go(target, { method: 'POST', form: { ...form, person } });
}

type Page = Awaited<ReturnType<Browser['go']>>;

function byName({ body }: Page, connection: string): string {
  return linksOf(body).find(link => link.includes(`connection=${connection}&`)) ?? '';
}

/** The page that answers the form moves on to where its link leads. */
async function byAddress(browser: Browser, { url, body }: Page, address: string): Promise<string> {
  const { action, fields } = formOf(body);
  const query = new URLSearchParams({ ...fields, login_hint: address });
  const { body: moving } = await browser.go(new URL(`${action}?${query}`, url));
  return linksOf(moving)[0] ?? '';
}

function decode(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<');
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { Browser } from '../support/browser.ts';
import { freePort } from '../support/gateway.ts';

const MAIN = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));

function startDemo(t: { teardown(end: () => unknown): void }, port: number) {
  const child = spawn(process.execPath, [MAIN, '--port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  const text = { out: '', err: '' };
  child.stdout.on('data', chunk => {
    text.out += chunk;
  });
  child.stderr.on('data', chunk => {
    text.err += chunk;
  });
  return { child, text, exited: once(child, 'exit').then(([code]) => code as number | null) };
}

t.test('the demo does what its printout says', async t => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const { child, text, exited } = startDemo(t, port);
  while (!text.out.includes('Ctrl-C')) {
    await Promise.race([
      once(child.stdout, 'data'),
      exited.then(code => Promise.reject(new Error(`${code} ${text.err}`))),
    ]);
  }

  await t.test('the person who is chosen comes back to the page that was asked for', async t => {
    const page = await choose(url, '/ticket?id=42&url=https://elsewhere.example/x%20y', 'agnes');
    t.equal(page.url.href, `${url}/ticket?id=42&url=https://elsewhere.example/x%20y`);
    t.match([page.status, page.body], [200, /Agnes Agent/]);
  });

  await t.test('everybody else ends in the page that the printout promises', async t => {
    for (const [path, person, status, what] of [
      ['/', 'ulrich', 403, /NOT_ADMITTED/],
      ['/portal', 'ulrich', 200, /Ulrich User/],
      ['/portal', 'gina', 200, /Gina Guest/],
      ['/', 'gina', 403, /NOT_ADMITTED/],
      ['/', 'otto', 403, /ACCOUNT_NOT_IN_ORGANISATION/],
      ['/', 'dora', 403, /ACCOUNT_DISABLED/],
      ['/', 'cancel', 400, /SIGN_IN_CANCELLED/],
    ] as const) {
      const page = await choose(url, path, person);
      t.match([page.status, page.body], [status, what], `${person} at ${path}`);
    }
  });

  await t.test('the commands answer as printed', async t => {
    const token = (form: string) =>
      fetch(`${url}/auth/token`, { method: 'POST', body: new URLSearchParams(form) }).then(({ status }) => status);
    t.equal(await token('grant_type=password&username=a&password=b'), 403);
    t.equal(await token('grant_type=client_credentials&client_id=i&client_secret=s'), 200);
    t.equal((await fetch(`${url}/api/tickets`)).status, 401);
    t.equal((await fetch(`${url}/api/authinfo`)).status, 200);
    const echo = await fetch(`${url}/api/echo`, {
      headers: { 'x-forwarded-user': 'admin', authorization: 'Bearer x' },
    });
    t.notMatch(await echo.text(), /admin/);
  });

  await t.test('a port that is taken is one clear line', async t => {
    const second = startDemo(t, port);
    t.equal(await second.exited, 1);
    t.equal(second.text.err, `Port ${port} of localhost is taken: npm run demo -- --port ${port + 1} uses another.\n`);
  });

  await t.test('Ctrl-C ends everything', async t => {
    child.kill('SIGINT');
    t.equal(await exited, 0);
    const again = createServer().listen(port, '127.0.0.1');
    await once(again, 'listening');
    again.close();
  });
});

/** Opens a page and chooses a person on the provider's page, as its form would be submitted. */
async function choose(url: string, path: string, person: string) {
  const browser = new Browser({});
  const page = await browser.go(url + path);
  const fields = [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const form = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, decode(value)]));
  const action = /<form[^>]*action="([^"]+)"/.exec(page.body)?.[1];
  const target = new URL(action === undefined ? page.url : decode(action), page.url);
  return browser.go(target, { method: 'POST', form: { ...form, person } });
}

function decode(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<');
}

import t from 'tap';
import { locationOf } from '../support/browser.ts';
import { AGENTS, CUSTOMERS, startWorld } from '../support/world.ts';

type World = Awaited<ReturnType<typeof startWorld>>;
type Person = ReturnType<World['browser']>;

const SAME_ORIGIN = { origin: AGENTS, 'sec-fetch-site': 'same-origin' };

/** As far as the provider's answer, which is not yet delivered. */
async function toCallback(person: Person, entra: World['entra'], who: 'agnes' | 'ulrich', path = '/ticket') {
  entra.choose(who);
  const start = await person.ask(`${AGENTS}/.halogate/sign-in?switch=1&return=${encodeURIComponent(path)}`);
  return locationOf(await person.ask(locationOf(start)));
}

t.test('whatever its method, type or length, a callback with our state never reaches Halo', async t => {
  const { entra, halo, browser } = await startWorld(t);
  const person = browser();
  const callback = await toCallback(person, entra, 'agnes');
  const { search } = new URL(callback);
  halo.clear();
  for (const method of ['HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
    const answer = await person.ask(callback, { method });
    t.match([answer.status, answer.headers.allow], [405, 'GET, POST'], method);
  }
  const plain = await person.ask(callback, { method: 'POST', headers: { 'content-type': 'text/plain' } });
  t.not(plain.status, 200);
  const padded = { padding: 'x'.repeat(300_000), ...Object.fromEntries(new URLSearchParams(search)) };
  const long = await person.ask(callback.replace(search, ''), { method: 'POST', form: padded });
  t.equal(long.status, 413);
  t.equal(halo.received.length, 0);
});

t.test('a callback without a code or an error is nobody’s fault but its sender’s and costs nothing', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  const callback = await toCallback(person, entra, 'agnes');
  const bare = new URL(callback);
  bare.searchParams.delete('code');
  const page = await person.ask(bare);
  t.match([page.status, page.body], [400, /CALLBACK_INVALID/]);
});

t.test('two tabs, two people: the one who signs in last never meets what Halo keeps of the other', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  await person.go(await toCallback(person, entra, 'agnes'));
  const first = await toCallback(person, entra, 'agnes');
  await person.go(await toCallback(person, entra, 'ulrich', '/portal/home'));
  person.plant(AGENTS, 'refresh_token', 'of-ulrich');
  const back = await person.ask(first);
  t.equal(back.headers['clear-site-data'], '"storage"');
  t.equal(person.cookies(AGENTS).refresh_token, undefined);
});

t.test('a browser whose last person cannot be read any more is cleared up after', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  person.plant(AGENTS, '__Host-halogate-last', 'x'.repeat(3900));
  person.plant(AGENTS, 'refresh_token', 'of-somebody');
  const back = await person.ask(await toCallback(person, entra, 'agnes'));
  t.match([back.status, back.headers['clear-site-data']], [303, '"storage"']);
  t.equal(person.cookies(AGENTS).refresh_token, undefined);
});

t.test('a transaction cookie stays within what a browser keeps', async t => {
  const { browser } = await startWorld(t);
  const person = browser();
  for (let index = 0; index < 60; index += 1)
    person.plant(AGENTS, `.AspNetCore.Something.Long.${'n'.repeat(60)}${index}`, 'v');
  const start = await person.ask(`${AGENTS}/.halogate/sign-in?return=/${'r'.repeat(1900)}`);
  t.equal(start.status, 302);
  for (const line of start.setCookies) t.ok(line.length < 4096);
});

t.test('cookies that only look like transactions do no harm', async t => {
  const { browser } = await startWorld(t);
  const person = browser();
  for (const name of ['"1"', '(2)', '3', '44444444444', 'a b']) person.plant(AGENTS, `__Host-halogate-tx-${name}`, 'v');
  t.equal((await person.ask(`${AGENTS}/.halogate/sign-in?return=/ticket`)).status, 302);
});

t.test('signing out waits for no provider: broken, hanging or gone', async t => {
  for (const fault of ['discovery-rubbish', 'down', 'discovery-slow'] as const) {
    const { entra, gateway, browser } = await startWorld(t);
    const person = browser();
    const { cookie } = await gateway.sessions.create({
      connection: 'default',
      person: {
        id: 'aaaaaaaa-0000-4000-8000-00000000000a.dddddddd-0000-4000-8000-00000000000a',
        tid: 'aaaaaaaa-0000-4000-8000-00000000000a',
        oid: 'dddddddd-0000-4000-8000-00000000000a',
        username: 'agnes@example.com',
        email: '',
        name: 'Agnes',
        groups: [],
        roles: [],
        guest: false,
      },
      tokens: { idToken: 'unused' },
      address: '127.0.0.1',
      former: [],
    });
    person.plant(AGENTS, '__Host-halogate', cookie);
    entra.faults.on(fault);
    entra.faults.delay = 60_000;
    const out = await person.ask(`${AGENTS}/.halogate/sign-out`, { method: 'POST', headers: SAME_ORIGIN });
    t.match([out.status, locationOf(out)], [303, `${AGENTS}/.halogate/signed-out`], fault);
    t.equal(await gateway.sessions.peek(cookie), undefined, fault);
  }
});

t.test('Halo’s own sign-out signs out of the gateway even where Halo does not answer', async t => {
  const { entra, halo, browser } = await startWorld(t);
  const person = browser();
  await person.go(await toCallback(person, entra, 'agnes'));
  await halo.close();
  const out = await person.ask(`${AGENTS}/auth/logout`, { headers: { 'sec-fetch-site': 'same-origin' } });
  t.match([out.status, out.headers['clear-site-data']], [502, '"storage"']);
  t.equal(person.cookies(AGENTS)['__Host-halogate'], undefined);
  t.equal((await person.ask(`${AGENTS}/ticket`)).status, 401, 'nobody is signed in again without asking');
});

t.test('a deep link that is too long starts at its own portal', async t => {
  const { browser } = await startWorld(t);
  const start = await browser().ask(`${CUSTOMERS}/home?q=${'x'.repeat(3000)}`);
  t.equal(new URL(locationOf(start)).search, '?return=%2Fportal&portal=customers');
});

t.test('a form_post sign-in after a sign-out ends the wait for a click', async t => {
  const { entra, browser } = await startWorld(t, { connection: { responseMode: 'form_post' } });
  const person = browser();
  await person.ask(`${AGENTS}/.halogate/sign-out`, { method: 'POST', headers: SAME_ORIGIN });
  t.ok(person.cookies(AGENTS)['__Host-halogate-out']);
  entra.choose('agnes');
  const start = await person.ask(`${AGENTS}/.halogate/sign-in?return=/ticket`);
  t.match(
    start.setCookies.find(line => line.includes('-tx-')),
    /SameSite=None/,
  );
  const page = await person.go(locationOf(start));
  const fields = [...page.body.matchAll(/name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  const action = /action="([^"]+)"/.exec(page.body)?.[1] ?? '';
  const back = await person.go(action, {
    method: 'POST',
    form: Object.fromEntries(fields),
    headers: { 'sec-fetch-site': 'cross-site' },
  });
  t.equal(back.status, 200);
  t.equal(person.cookies(AGENTS)['__Host-halogate-out'], undefined);
});

import t from 'tap';
import { locationOf } from '../support/browser.ts';
import { AGENTS, CUSTOMERS, SUPPORT, startWorld } from '../support/world.ts';

const DEEP_LINK = '/ticket?id=42&url=https://elsewhere.example/x%20y';

for (const responseMode of ['query', 'form_post']) {
  t.test(`a deep link arrives at Halo byte for byte after sign-in with ${responseMode}`, async t => {
    const { entra, halo, browser } = await startWorld(t, { connection: { responseMode } });
    const person = browser();
    entra.choose('agnes');

    const start = await person.ask(AGENTS + DEEP_LINK);
    t.equal(start.status, 302);
    t.equal(new URL(locationOf(start)).pathname, '/.halogate/sign-in');
    let seen = await person.go(locationOf(start));
    if (responseMode === 'form_post') seen = await postForm(person, seen);

    t.equal(seen.url.href, AGENTS + DEEP_LINK);
    t.equal(seen.status, 200);
    const arrived = halo.received.at(-1);
    t.equal(arrived?.target, DEEP_LINK);
    t.equal(arrived?.header('x-forwarded-user'), 'agnes@example.com');
    t.equal(arrived?.header('x-halo-portal'), 'agent');
    t.notMatch(arrived?.header('cookie') ?? '', /halogate/);
  });
}

t.test('the authorization request carries PKCE S256, state, nonce and the address of the portal', async t => {
  const { browser } = await startWorld(t);
  for (const [address, callback] of [
    [`${AGENTS}/ticket`, `${AGENTS}/auth/account/azureresponse`],
    [`${CUSTOMERS}/home`, `${CUSTOMERS}/auth/account/azureresponse`],
    [`${SUPPORT}/home`, `${SUPPORT}/auth/account/azureresponse`],
  ] as const) {
    const person = browser();
    const start = await person.ask(address);
    const { searchParams } = new URL(locationOf(await person.ask(locationOf(start))));
    t.equal(searchParams.get('redirect_uri'), callback);
    t.equal(searchParams.get('response_type'), 'code');
    t.equal(searchParams.get('code_challenge_method'), 'S256');
    t.match(searchParams.get('code_challenge'), /^[\w-]{43}$/);
    t.ok(searchParams.get('nonce'));
    t.notMatch(Buffer.from(searchParams.get('state') ?? '', 'base64url').toString('latin1'), /ticket|home|agents/);
  }
});

t.test('two tabs sign in at once and both arrive where they were going', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  entra.choose('agnes', 'agnes');
  const first = locationOf(await person.ask(locationOf(await person.ask(`${AGENTS}/ticket?id=1`))));
  const second = locationOf(await person.ask(locationOf(await person.ask(`${AGENTS}/ticket?id=2`))));

  t.equal((await person.go(second)).url.href, `${AGENTS}/ticket?id=2`);
  t.equal((await person.go(first)).url.href, `${AGENTS}/ticket?id=1`);
});

t.test('a browser keeps at most five sign-ins under way, the newest', async t => {
  const { browser } = await startWorld(t);
  const person = browser();
  for (let tab = 0; tab < 8; tab += 1) await person.ask(`${AGENTS}/.halogate/sign-in?return=/ticket`);
  const kept = Object.keys(person.cookies(AGENTS)).filter(name => name.startsWith('__Host-halogate-tx-'));
  t.equal(kept.length, 5);
});

t.test('a callback is good once: a replay makes no second session and leads a signed-in browser on', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  const { callback } = await toCallback(person, entra, `${AGENTS}/ticket`);
  const before = browser();
  person.copyTo(before);
  t.equal((await person.go(callback)).status, 200);
  const session = person.cookies(AGENTS)['__Host-halogate'];

  const replay = await person.go(callback);
  t.equal(replay.url.href, `${AGENTS}/ticket`);
  t.equal(person.cookies(AGENTS)['__Host-halogate'], session);

  const stolen = await before.ask(callback);
  t.equal(stolen.status, 303);
  t.equal(before.cookies(AGENTS)['__Host-halogate'], undefined);
  t.equal(entra.requestsTo('token').length, 1);
});

t.test('a callback without its cookie starts once more and then says that cookies are blocked', async t => {
  const { entra, browser } = await startWorld(t);
  const { callback } = await toCallback(browser(), entra, `${AGENTS}/ticket`);

  const stranger = browser();
  const restart = await stranger.ask(callback);
  t.equal(restart.status, 303);
  t.match(locationOf(restart), /\/\.halogate\/sign-in\?.*again=1/);
  entra.choose('agnes');
  const atProvider = locationOf(await stranger.ask(locationOf(restart)));
  const back = locationOf(await stranger.ask(atProvider));
  const page = await browser().ask(back);
  t.equal(page.status, 400);
  t.match(page.body, /COOKIES_BLOCKED/);
});

t.test('a callback with a parameter twice, or at another address than the one sent, is refused', async t => {
  const { entra, halo, browser } = await startWorld(t);
  for (const tamper of [
    (url: string) => `${url}&code=second`,
    (url: string) => `${url}&state=second`,
    (url: string) => `${url}&iss=a&iss=b`,
    (url: string) => url.replace('/auth/', '/portal/auth/'),
  ]) {
    const person = browser();
    const { callback } = await toCallback(person, entra, `${AGENTS}/ticket`);
    halo.clear();
    const page = await person.ask(tamper(callback));
    t.equal(page.status, 400);
    t.match(page.body, /CALLBACK_INVALID/);
    t.equal(person.cookies(AGENTS)['__Host-halogate'], undefined);
    t.equal(halo.received.length, 0, 'a callback with our state is never forwarded');
  }
});

t.test("a callback without a state of ours is Halo's own and passes untouched", async t => {
  const { halo, browser } = await startWorld(t);
  await browser().ask(`${AGENTS}/auth/account/azureresponse?code=c&state=halo`);
  t.equal(halo.received.at(-1)?.target, '/auth/account/azureresponse?code=c&state=halo');
  await browser().ask(`${AGENTS}/auth/account/azureresponse`, { method: 'POST', form: { code: 'c', state: 'halo' } });
  t.match(halo.received.at(-1), { method: 'POST', target: '/auth/account/azureresponse' });
});

t.test('a planted session cookie never becomes the session of who signs in', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  const planted = Buffer.alloc(32, 1).toString('base64url');
  person.plant(AGENTS, '__Host-halogate', planted);
  entra.choose('agnes');
  t.equal((await person.go(`${AGENTS}/ticket`)).status, 200);
  t.not(person.cookies(AGENTS)['__Host-halogate'], planted);
});

t.test('who may not enter the portal is signed in, told so at once and shown the way to another', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  entra.choose('ulrich');
  const page = await person.go(`${AGENTS}/ticket`);
  t.equal(page.status, 403);
  t.match(page.body, /NOT_ADMITTED/);
  t.ok(page.body.includes('href="/portal"'));
  t.equal((await person.ask(`${CUSTOMERS}/home`)).status, 200);
});

t.test('the gateway stays up while the provider is down, says so, and signs in when it is back', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  entra.faults.on('down');
  const page = await person.go(`${AGENTS}/ticket`);
  t.equal(page.status, 503);
  t.match(page.body, /PROVIDER_UNREACHABLE/);
  entra.faults.clear();
  entra.choose('agnes');
  t.equal((await person.go(`${AGENTS}/ticket`)).status, 200);
});

type World = Awaited<ReturnType<typeof startWorld>>;
type Person = ReturnType<World['browser']>;

/** Signs in as far as the answer of the provider, which is not yet delivered. */
async function toCallback(person: Person, entra: World['entra'], address: string): Promise<{ callback: string }> {
  entra.choose('agnes');
  const atProvider = locationOf(await person.ask(locationOf(await person.ask(address))));
  return { callback: locationOf(await person.ask(atProvider)) };
}

/** Submits the form of a form_post page as a browser does: a cross-site POST. */
async function postForm(person: Person, page: { body: string }): ReturnType<Person['go']> {
  const action = /action="([^"]+)"/.exec(page.body)?.[1] ?? '';
  const fields = [...page.body.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)];
  const form = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]));
  return person.go(action, { method: 'POST', form, headers: { 'sec-fetch-site': 'cross-site' } });
}

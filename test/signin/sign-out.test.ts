import t from 'tap';
import { locationOf } from '../support/browser.ts';
import { AGENTS, CUSTOMERS, SUPPORT, startWorld } from '../support/world.ts';

const SIGN_OUT = `${AGENTS}/.halogate/sign-out`;
const SAME_ORIGIN = { origin: AGENTS, 'sec-fetch-site': 'same-origin' };

async function signedInWorld(t: Tap, person: 'agnes' | 'ulrich' = 'agnes') {
  const world = await startWorld(t);
  const browser = world.browser();
  world.entra.choose(person);
  await browser.go(person === 'agnes' ? `${AGENTS}/ticket` : `${CUSTOMERS}/home`);
  return { ...world, person: browser };
}

type Tap = Parameters<typeof startWorld>[0];

t.test('signing out asks first, and a request from elsewhere signs nobody out', async t => {
  const { person } = await signedInWorld(t);
  const question = await person.ask(SIGN_OUT);
  t.equal(question.status, 200);
  t.match(question.body, /<form[^>]*method="post"[^>]*action="\/\.halogate\/sign-out"/i);

  for (const headers of [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://halo.example.com.evil.example', 'sec-fetch-site': 'same-site' },
  ]) {
    t.equal((await person.ask(SIGN_OUT, { method: 'POST', headers })).status, 403);
  }
  t.equal((await person.ask(`${AGENTS}/ticket`)).status, 200);
});

t.test('who is not signed in is told so, and is led to the sign-in', async t => {
  const { browser } = await startWorld(t);
  const stranger = browser();
  for (const cookie of [undefined, 'of-nobody']) {
    if (cookie !== undefined) stranger.plant(AGENTS, '__Host-halogate', cookie);
    const page = await stranger.ask(SIGN_OUT);
    t.match([page.status, page.body], [200, /Nobody is signed in/]);
    t.match(page.body, /href="\/\.halogate\/sign-in\?return=%2F"/);
    t.notMatch(page.body, /<form/);
  }
  const out = await stranger.ask(SIGN_OUT, { method: 'POST', headers: SAME_ORIGIN });
  t.match([out.status, locationOf(out)], [303, '/.halogate/signed-out'], 'and what is left is cleared up all the same');
});

t.test("signing out ends the session, Halo's own with it, and goes on to the provider", async t => {
  const { person, entra } = await signedInWorld(t);
  person.plant(AGENTS, 'refresh_token', 'of-halo');
  const cookie = person.cookies(AGENTS)['__Host-halogate'] ?? '';

  const out = await person.ask(SIGN_OUT, { method: 'POST', headers: SAME_ORIGIN });
  t.equal(out.status, 303);
  const provider = new URL(locationOf(out));
  t.equal(provider.origin, entra.url);
  t.equal(provider.searchParams.get('post_logout_redirect_uri'), `${AGENTS}/.halogate/signed-out`);
  t.ok(provider.searchParams.get('logout_hint'));
  t.equal(out.headers['clear-site-data'], '"storage"');
  t.same(
    out.setCookies.filter(line => line.startsWith('refresh_token=')).map(line => /Path=([^;]+)/.exec(line)?.[1]),
    ['/', '/auth', '/portal/auth'],
  );
  t.equal(person.cookies(AGENTS)['__Host-halogate'], undefined);
  t.equal(person.cookies(AGENTS).refresh_token, undefined);

  person.plant(AGENTS, '__Host-halogate', cookie);
  t.equal((await person.ask(`${AGENTS}/.halogate/session`)).status, 401, 'the cookie opens nothing any more');
  t.equal((await person.go(locationOf(out))).url.href, `${AGENTS}/.halogate/signed-out`);
});

t.test('after signing out a page waits for a click and the provider is asked to let the person choose', async t => {
  const { person, entra } = await signedInWorld(t);
  await person.go(SIGN_OUT, { method: 'POST', headers: SAME_ORIGIN });

  const page = await person.ask(`${AGENTS}/ticket?id=42`);
  t.equal(page.status, 401);
  t.match(page.body, /SIGNED_OUT/);
  const start = await person.ask(`${AGENTS}/.halogate/sign-in?return=/ticket`);
  t.equal(new URL(locationOf(start)).searchParams.get('prompt'), 'select_account');
  entra.choose('agnes');
  t.equal((await person.go(locationOf(start))).status, 200);
  t.equal(person.cookies(AGENTS)['__Host-halogate-out'], undefined);
});

t.test("signing out ends the sessions of the same provider session on every host, and nobody else's", async t => {
  const { person, entra, browser } = await signedInWorld(t);
  await person.go(SUPPORT);
  const other = browser();
  entra.choose('agnes');
  await other.go(`${AGENTS}/ticket`);
  t.equal((await person.ask(SUPPORT)).status, 200);

  await person.ask(SIGN_OUT, { method: 'POST', headers: SAME_ORIGIN });
  t.not((await person.ask(SUPPORT)).status, 200);
  t.equal((await other.ask(`${AGENTS}/ticket`)).status, 200, 'another browser of the person has another sid');
});

t.test(
  "Halo's own sign-out, asked for by its page, ends the gateway's session; by another site it does not",
  async t => {
    const { person, halo } = await signedInWorld(t);
    const logout = `${AGENTS}/auth/logout`;
    await person.ask(logout, { headers: { 'sec-fetch-site': 'cross-site' } });
    t.equal((await person.ask(`${AGENTS}/ticket`)).status, 200);
    await person.ask(logout, { headers: { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' } });
    t.equal((await person.ask(`${AGENTS}/ticket`)).status, 200);

    halo.clear();
    const out = await person.ask(logout, { headers: { 'sec-fetch-site': 'same-origin' } });
    t.equal(halo.received.at(-1)?.target, '/auth/logout', 'Halo is told');
    t.equal(out.headers['clear-site-data'], '"storage"');
    t.equal(person.cookies(AGENTS)['__Host-halogate'], undefined);
    const page = await person.ask(`${AGENTS}/ticket`);
    t.match([page.status, page.body], [401, /SIGNED_OUT/]);
  },
);

t.test("another person at the same browser does not come into Halo's session of the one before", async t => {
  const { person, entra } = await signedInWorld(t);
  person.plant(AGENTS, 'refresh_token', 'of-agnes');
  await person.ask(SIGN_OUT, { method: 'POST', headers: SAME_ORIGIN });
  person.plant(AGENTS, 'refresh_token', 'of-agnes-again');

  entra.choose('ulrich');
  const start = locationOf(await person.ask(`${AGENTS}/.halogate/sign-in?return=/portal/auth/authorize?client_id=x`));
  const back = await person.ask(locationOf(await person.ask(start)));
  t.equal(back.headers['clear-site-data'], '"storage"');
  t.equal(locationOf(back), CUSTOMERS, 'what the other one began on an auth path is not gone on with');
  t.equal(person.cookies(AGENTS).refresh_token, undefined);
});

t.test('the same person again keeps what Halo has stored', async t => {
  const { person, entra } = await signedInWorld(t);
  person.plant(AGENTS, 'refresh_token', 'of-agnes');
  entra.choose('agnes');
  const start = locationOf(await person.ask(`${AGENTS}/.halogate/sign-in?return=/ticket`));
  const back = await person.ask(locationOf(await person.ask(start)));
  t.equal(back.status, 303);
  t.equal(back.headers['clear-site-data'], undefined);
  t.equal(person.cookies(AGENTS).refresh_token, 'of-agnes');
});

t.test("a stranger's link over a live session asks before it signs anybody in", async t => {
  const { person } = await signedInWorld(t);
  const ask = await person.ask(`${AGENTS}/.halogate/sign-in?return=/ticket`, {
    headers: { 'sec-fetch-site': 'cross-site' },
  });
  t.equal(ask.status, 200);
  t.match(ask.body, /Agnes Agent/);
  const own = await person.ask(`${AGENTS}/.halogate/sign-in?return=/ticket`, {
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  t.equal(own.status, 302);
});

t.test('a signed-out page leads a user back to the portal that they came from', async t => {
  const { person } = await signedInWorld(t, 'ulrich');
  await person.ask(SIGN_OUT, { method: 'POST', headers: SAME_ORIGIN });
  const page = await person.ask(`${AGENTS}/.halogate/signed-out`);
  t.equal(page.status, 200);
  t.match(page.body, /href="\/\.halogate\/sign-in\?return=%2Fportal"/);
});

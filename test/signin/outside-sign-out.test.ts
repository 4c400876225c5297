import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import t from 'tap';
import { request } from 'undici';
import type { Browser } from '../support/browser.ts';
import { connectionToProvider, RELYING_PARTY, startCertifiedProvider } from '../support/certified-provider.ts';
import { AGENTS, SUPPORT, startWorld, type World } from '../support/world.ts';

const FRONT = `${AGENTS}/.halogate/front-channel-sign-out`;
const BACK = `${AGENTS}/.halogate/back-channel-sign-out`;
const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };

type Tap = Parameters<typeof startWorld>[0];

async function isSignedIn(person: Browser, url = `${AGENTS}/ticket`): Promise<boolean> {
  return (await person.ask(url)).status === 200;
}

t.test('the front channel ends the sessions of its sid on every host, without a cookie, and may be framed', async t => {
  const world = await startWorld(t);
  const [person, other, stranger] = [world.browser(), world.browser(), world.browser()];
  world.entra.choose('agnes');
  await other.go(`${AGENTS}/ticket`);
  const sid = randomUUID();
  world.entra.faults.claims = { sid };
  world.entra.choose('agnes');
  await person.go(`${AGENTS}/ticket`);
  await person.go(SUPPORT);

  const answer = await stranger.ask(`${FRONT}?sid=${sid}`, { headers: { 'sec-fetch-dest': 'iframe' } });
  t.equal(answer.status, 200);
  t.match(answer.headers['cache-control'], 'no-store');
  t.notMatch(String(answer.headers['content-security-policy'] ?? ''), 'frame-ancestors');
  t.notOk(answer.headers['x-frame-options']);
  t.same(answer.setCookies, [], 'it ends sessions, nothing more');
  t.notOk(answer.headers['clear-site-data']);
  t.notOk(await isSignedIn(person));
  t.notOk(await isSignedIn(person, SUPPORT));
  t.ok(await isSignedIn(other), 'another sid of the same person');
  t.ok(world.logs.some(({ event }) => (event as { reason?: string } | undefined)?.reason === 'front-channel'));
});

t.test(
  'the front channel answers alike whether or not there was anything to end, and takes no other issuer',
  async t => {
    const world = await startWorld(t);
    const person = world.browser();
    const sid = randomUUID();
    world.entra.faults.claims = { sid };
    world.entra.choose('agnes');
    await person.go(`${AGENTS}/ticket`);
    const ask = world.browser();
    t.equal((await ask.ask(`${FRONT}?sid=${randomUUID()}`)).status, 200);
    t.equal((await ask.ask(`${FRONT}?sid=${sid}&iss=https://elsewhere.example/`)).status, 200);
    t.ok(await isSignedIn(person));
    t.equal((await ask.ask(FRONT)).status, 400);
    t.equal((await ask.ask(`${FRONT}?sid=${'x'.repeat(513)}`)).status, 400);
    t.equal((await ask.ask(`${FRONT}?sid=${sid}`, { method: 'POST' })).status, 405);
    t.equal((await ask.ask(`${FRONT}?sid=${sid}&iss=${world.entra.url}/any/v2.0`)).status, 200);
    t.notOk(await isSignedIn(person));
  },
);

async function oidcWorld(t: Tap) {
  const tokens: string[] = [];
  const delivered: number[] = [];
  const post = async (body: string) => {
    const { statusCode, body: answer } = await request(world.address + new URL(BACK).pathname, {
      method: 'POST',
      headers: { host: new URL(AGENTS).host, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    await answer.dump();
    return statusCode;
  };
  const provider = await startCertifiedProvider({
    redirectUris: [AGENTS, SUPPORT].map(url => `${url}/auth/account/azureresponse`),
    postLogoutRedirectUris: [`${AGENTS}/.halogate/signed-out`],
    claims: account => ({ name: account }),
    backChannel: {
      uri: BACK,
      async deliver(body) {
        tokens.push(new URLSearchParams(body).get('logout_token') ?? '');
        const status = await post(body);
        delivered.push(status);
        return status;
      },
    },
  });
  const world: World = await startWorld(t, {
    settings: {
      connections: [{ ...connectionToProvider(provider.issuer) }],
    },
  });
  t.teardown(() => provider.close());
  const send = (token: string) => post(new URLSearchParams({ logout_token: token }).toString());
  return { ...world, provider, tokens, delivered, send };
}

t.test('the back channel of a certified provider ends the sessions of its sid', async t => {
  const { provider, browser, tokens, delivered } = await oidcWorld(t);
  const [person, other] = [browser(), browser()];
  await person.go(`${AGENTS}/ticket`);
  await person.go(SUPPORT);
  await other.go(`${AGENTS}/ticket`);

  const { body } = await person.ask(`${provider.issuer}/session/end`);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(body)?.[1] ?? '';
  await person.go(`${provider.issuer}/session/end/confirm`, { method: 'POST', form: { xsrf, logout: 'yes' } });
  t.same(delivered, [200]);
  t.notOk(await isSignedIn(person));
  t.notOk(await isSignedIn(person, SUPPORT));
  t.ok(await isSignedIn(other), 'another sid');
  t.ok(decodeJwt(tokens[0] ?? '').sid);
});

t.test('a logout token is judged: signature, issuer, audience, time, event, nonce, replay', async t => {
  const { provider, browser, send, logs } = await oidcWorld(t);
  const person = browser();
  await person.go(`${AGENTS}/ticket`);
  const now = () => Math.floor(Date.now() / 1000);
  const good = () => ({
    iss: provider.issuer,
    aud: RELYING_PARTY.id,
    iat: now(),
    exp: now() + 120,
    jti: randomUUID(),
    sub: 'agnes',
    events: EVENTS,
  });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const unsigned = (claims: object) =>
    [{ alg: 'none' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const bad: Record<string, string> = {
    'no token': '',
    rubbish: 'a.b.c',
    'another key': await new SignJWT(good())
      .setProtectedHeader({ alg: 'RS256', kid: 'certified-key' })
      .sign(privateKey),
    'the shared secret': await new SignJWT(good())
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(RELYING_PARTY.secret)),
    'no signature': `${unsigned(good())}.`,
    'another issuer': await provider.sign({ ...good(), iss: 'https://elsewhere.example' }),
    'another audience': await provider.sign({ ...good(), aud: 'somebody-else' }),
    'no audience': await provider.sign({ ...good(), aud: undefined }),
    'too old': await provider.sign({ ...good(), iat: now() - 600 }),
    'from the future': await provider.sign({ ...good(), iat: now() + 600 }),
    'no time': await provider.sign({ ...good(), iat: undefined }),
    expired: await provider.sign({ ...good(), exp: now() - 60 }),
    'no jti': await provider.sign({ ...good(), jti: undefined }),
    'no event': await provider.sign({ ...good(), events: undefined }),
    'another event': await provider.sign({ ...good(), events: { 'https://elsewhere.example/event': {} } }),
    'an event that is no object': await provider.sign({ ...good(), events: { [Object.keys(EVENTS)[0] ?? '']: true } }),
    'an ID token’s nonce': await provider.sign({ ...good(), nonce: 'n' }),
    nobody: await provider.sign({ ...good(), sub: undefined }),
    'a sid that is no text': await provider.sign({ ...good(), sid: 7 }),
    'a sub that is no text': await provider.sign({ ...good(), sub: ['agnes'] }),
  };
  for (const [name, token] of Object.entries(bad)) t.equal(await send(token), 400, name);
  t.ok(await isSignedIn(person), 'none of them did anything');
  for (const line of logs) t.notMatch(JSON.stringify(line), /eyJ/, 'no token in a log line');

  t.equal(await send(await provider.sign({ ...good(), sub: 'somebody-else' })), 200);
  t.ok(await isSignedIn(person));
  const token = await provider.sign(good());
  t.equal(await send(token), 200);
  t.notOk(await isSignedIn(person), 'a sub without a sid ends all of the person’s sessions');
  await person.go(`${AGENTS}/ticket`);
  t.equal(await send(token), 400, 'a token counts once');
  t.ok(await isSignedIn(person));
});

t.test('a logout token whose provider cannot be asked is to be sent again', async t => {
  const { provider, send, browser } = await oidcWorld(t);
  const claims = { iss: provider.issuer, aud: RELYING_PARTY.id, jti: randomUUID(), sub: 'agnes', events: EVENTS };
  const token = await provider.sign({ ...claims, iat: Math.floor(Date.now() / 1000) });
  await provider.close();
  t.equal(await send(token), 503);
  t.equal(await send(token), 503, 'and is not asked again at once');
  t.equal((await browser().ask(BACK)).status, 405);
  t.equal((await browser().ask(BACK)).headers.allow, 'POST');
});

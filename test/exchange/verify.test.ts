import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';
import t from 'tap';
import { checkFor, checkOf } from '../support/check-request.ts';
import { sendRaw, wholeAnswer } from '../support/raw.ts';
import { AGENTS, startWorld, type World } from '../support/world.ts';

const TRUSTED = { trustedProxies: ['127.0.0.1'] };
const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' };
const IDENTITY = [
  'x-forwarded-user',
  'x-forwarded-email',
  'x-forwarded-name',
  'x-forwarded-groups',
  'x-halo-portal',
  'x-halo-tenant',
  'x-halo-object-id',
  'x-halo-connection',
  'x-halo-assertion',
];
const SIGN_IN = 'https://halo.example.com/.halogate/sign-in?return=%2Ftickets%3Fid%3D42';

/** The `Cookie` value of somebody who has signed in on the host of the agent app. */
async function signIn({ entra, browser }: World, who: 'agnes' | 'ulrich'): Promise<string> {
  const person = browser();
  entra.choose(who);
  await person.go(`${AGENTS}/.halogate/sign-in?return=%2Fportal`);
  return `__Host-halogate=${person.cookies(AGENTS)['__Host-halogate']}`;
}

t.test('nobody but a trusted proxy learns that there is forward-auth', async t => {
  const world = await startWorld(t, { settings: { trustedProxies: ['192.0.2.0/24'] } });
  for (const target of ['/.halogate/verify', '/.halogate/verify?redirect=302', '/.halogate/verify/tickets']) {
    for (const host of ['halo.example.com', 'gateway.internal:8080']) {
      const told = await checkFor(world, { host, 'x-forwarded-for': '192.0.2.1' }, target);
      t.equal(told.status, 404, `${host} ${target}`);
      t.match(told.body, /"code":"NOT_FOUND"/);
    }
  }
  const untrusting = await startWorld(t);
  t.equal((await checkFor(untrusting)).status, 404, 'no proxy is trusted where none is named');
});

t.test('a person who may pass: every identity header, and an assertion that Halo can check', async t => {
  const world = await startWorld(t, { settings: TRUSTED });
  const cookie = await signIn(world, 'agnes');
  world.halo.clear();
  const told = await checkFor(world, { cookie, ...NAVIGATION, 'x-halo-object-id': 'forged' });
  t.equal(told.status, 200);
  t.equal(told.body, '');
  t.equal(told.headers['cache-control'], 'no-store');
  t.equal(told.headers['x-forwarded-user'], 'agnes@example.com');
  t.equal(told.headers['x-halo-portal'], 'agent');
  t.match(told.headers['x-halo-object-id'], /^[0-9a-f-]{36}$/);
  const jwks = await jwksOf(world);
  const { payload } = await jwtVerify<JWTPayload & { portal: { name: string } }>(
    told.headers['x-halo-assertion'] ?? '',
    createLocalJWKSet(jwks),
  );
  t.equal(payload.aud, AGENTS);
  t.equal(payload.portal.name, 'agents');
  t.equal(world.halo.received.length, 0);
});

async function jwksOf(world: World) {
  const seen = await world.browser().ask(`${AGENTS}/.halogate/jwks.json`);
  return JSON.parse(seen.body);
}

t.test('what has no value is said as well, so that what a client sent is overwritten', async t => {
  const world = await startWorld(t, {
    settings: { ...TRUSTED, identity: { headers: { 'X-Remote-User': '{username}' }, assertion: false } },
  });
  const open = await checkFor(world, { 'x-forwarded-uri': '/favicon.ico', 'x-remote-user': 'forged' });
  t.equal(open.status, 200);
  for (const name of ['x-remote-user', ...IDENTITY]) t.equal(open.headers[name], '', name);

  const cookie = await signIn(world, 'agnes');
  const known = await checkFor(world, { cookie });
  t.equal(known.headers['x-remote-user'], 'agnes@example.com');
  for (const name of IDENTITY) t.equal(known.headers[name], '', name);
});

t.test('who has to sign in: 401 with the whole address, or 302 for a proxy that hands it on', async t => {
  const world = await startWorld(t, { settings: TRUSTED });
  const told = await checkFor(world, NAVIGATION);
  t.equal(told.status, 401);
  t.equal(told.headers.location, SIGN_IN);
  t.equal(told.headers['strict-transport-security'], 'max-age=31536000');
  const handed = await checkFor(world, NAVIGATION, '/.halogate/verify?redirect=302');
  t.equal(handed.status, 302);
  t.equal(handed.headers.location, SIGN_IN);
  t.equal((await checkFor(world, NAVIGATION, '/.halogate/verify?redirect=307')).status, 401);

  const script = await checkFor(world, { 'sec-fetch-mode': 'cors' }, '/.halogate/verify?redirect=302');
  t.equal(script.status, 401);
  t.equal(script.headers.location, undefined, 'a script is led nowhere');
  t.match(JSON.parse(script.body), { code: 'SIGN_IN_REQUIRED', signIn: /^\/\.halogate\/sign-in/ });
});

t.test('where rule 11 shows a page, there is no way to follow', async t => {
  const world = await startWorld(t, { settings: TRUSTED });
  for (const target of ['/.halogate/verify', '/.halogate/verify?redirect=302']) {
    const framed = await checkFor(world, { ...NAVIGATION, 'sec-fetch-dest': 'iframe' }, target);
    t.equal(framed.status, 401);
    t.equal(framed.headers.location, undefined);
    t.match(framed.headers['content-type'], /^text\/html/);
    const left = await checkFor(world, { ...NAVIGATION, cookie: '__Host-halogate-out=1' }, target);
    t.equal(left.status, 401);
    t.equal(left.headers.location, undefined);
    t.match(left.body, /SIGNED_OUT/);
  }
});

t.test('who may not enter gets the page that says so', async t => {
  const group = '11111111-0000-4000-8000-000000000001';
  const world = await startWorld(t, { settings: TRUSTED, connection: { agents: { groups: [group] } } });
  const cookie = await signIn(world, 'ulrich');
  const told = await checkFor(world, { cookie, ...NAVIGATION });
  t.equal(told.status, 403);
  t.match(told.body, /NOT_ADMITTED/);
  t.equal((await checkFor(world, { cookie, 'x-forwarded-uri': '/portal/home' })).headers['x-halo-portal'], 'user');
});

t.test('an address that follows the path of the check, its query with it', async t => {
  const world = await startWorld(t, { settings: TRUSTED });
  const asked = { 'x-forwarded-method': 'GET', 'x-forwarded-host': 'halo.example.com', ...NAVIGATION };
  const told = await checkOf(world, asked, { target: '/.halogate/verify/tickets?id=42' });
  t.equal(told.status, 401);
  t.equal(told.headers.location, SIGN_IN);
  const own = await checkOf(world, asked, { target: '/.halogate/verify/tickets?redirect=302' });
  t.equal(own.status, 401, 'what follows an address belongs to it');
  t.equal(own.headers.location, 'https://halo.example.com/.halogate/sign-in?return=%2Ftickets%3Fredirect%3D302');
  t.equal((await checkOf(world, asked, { target: '/.halogate/verify/' })).status, 401);
  t.equal((await checkOf(world, asked, { target: '/.halogate/verify/auth/token' })).status, 403);
  t.equal((await checkOf(world, asked, { target: '/.halogate/verify//tickets' })).status, 403);
  t.equal((await checkOf(world, asked, { target: '/.halogate/verify' })).status, 403, 'no address at all');
  t.equal((await checkOf(world, asked, { target: '/.halogate/verify?redirect=302' })).status, 403);
  for (const target of ['/.halogate//verify', '/.HALOGATE/verify', '/.halogate/Verify', '/.halogate/verified']) {
    const other = await checkFor(world, { host: 'halo.example.com' }, target);
    t.equal(other.status, 404, `${target} is not its spelling`);
  }
});

t.test('what is missing, said twice or of no portal is refused', async t => {
  const world = await startWorld(t, { settings: { ...TRUSTED } });
  const cookie = await signIn(world, 'agnes');
  const all = {
    cookie,
    'x-forwarded-method': 'GET',
    'x-forwarded-host': 'halo.example.com',
    'x-forwarded-uri': '/tickets',
  };
  t.equal((await checkOf(world, all)).status, 200);
  const without = (name: string) => Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
  t.equal((await checkOf(world, without('x-forwarded-method'))).status, 403);
  t.equal((await checkOf(world, without('x-forwarded-host'))).status, 403);
  t.equal((await checkOf(world, without('x-forwarded-uri'))).status, 403);
  t.equal((await checkOf(world, { ...all, 'x-forwarded-method': ['GET', 'GET'] })).status, 403);
  t.equal((await checkOf(world, { ...all, 'x-forwarded-host': ['halo.example.com', 'halo.example.com'] })).status, 403);
  t.equal((await checkOf(world, { ...all, 'x-forwarded-uri': ['/tickets', '/tickets'] })).status, 403);
  t.equal((await checkOf(world, { ...all, 'x-forwarded-host': 'halo.example.com, halo.example.com' })).status, 403);
  t.equal((await checkOf(world, { ...all, 'x-forwarded-host': 'elsewhere.example' })).status, 403);
  t.equal((await checkOf(world, all, { target: '/.halogate/verify/tickets' })).status, 403, 'an address twice');
  for (const method of ['', 'get', 'CONNECT', 'GET, POST', 'BREW']) {
    t.equal((await checkOf(world, { ...all, 'x-forwarded-method': method })).status, 403, `"${method}"`);
  }
  const twice = await checkOf(world, { ...all, origin: ['https://halo.example.com', 'https://evil.example'] });
  t.equal(twice.status, 403, 'what decides must not stand twice');
});

t.test('the proxy forwards what it received: nothing but a normal form passes', async t => {
  const world = await startWorld(t, { settings: TRUSTED });
  const cookie = await signIn(world, 'agnes');
  const statusOf = async (uri: string) => (await checkFor(world, { cookie, 'x-forwarded-uri': uri })).status;
  for (const uri of ['/', '/tickets', '/Tickets/', '/a?b=//../%2e%2e', '/caf%C3%A9', '/azure/auth?code=1']) {
    t.equal(await statusOf(uri), 200, uri);
  }
  const others = [
    '//tickets',
    '/a//b',
    '/./tickets',
    '/a/../tickets',
    '/%2e%2e/tickets',
    '/%74ickets',
    '/a%2fb',
    '/a%5cb',
    '/a\\b',
    '/a%00b',
    '/a%zz',
    '/a%252fb',
    '/a/..;/b',
    '/a./b',
    '/(S(x))/b',
    '/a::b',
    '/a b',
    '/a#b',
    '/a?b#c',
    'tickets',
    '*',
    'http://halo.example.com/tickets',
    '/%2ehalogate/session',
  ];
  for (const uri of others) t.equal(await statusOf(uri), 403, uri);
});

t.test('auth paths and own paths are the gateway’s, whoever asks', async t => {
  const world = await startWorld(t, { settings: TRUSTED });
  const cookie = await signIn(world, 'agnes');
  const paths = ['/auth/authorize', '/AUTH/Token', '/portal/auth/account/azureresponse?state=x', '/auth'];
  for (const uri of [...paths, '/.halogate/session', '/.halogate/verify/tickets', '/.Halogate']) {
    for (const method of ['GET', 'POST']) {
      const told = await checkFor(world, { cookie, 'x-forwarded-uri': uri, 'x-forwarded-method': method });
      t.equal(told.status, 403, `${method} ${uri}`);
    }
  }
});

t.test('writes and WebSockets are held to their origin', async t => {
  const world = await startWorld(t, { settings: TRUSTED });
  const cookie = await signIn(world, 'agnes');
  const write = { cookie, 'x-forwarded-method': 'POST' };
  t.equal((await checkFor(world, { ...write, origin: AGENTS })).status, 200);
  const forged = await checkFor(world, { ...write, origin: 'https://evil.example' });
  t.equal(forged.status, 403);
  t.match(forged.body, /CROSS_ORIGIN/);
  t.equal((await checkFor(world, { ...write, 'sec-fetch-site': 'cross-site' })).status, 403);

  // As proxies pass a handshake on: whole, without what belongs to one connection, and with its name alone.
  const key = { 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', 'sec-websocket-version': '13' };
  const handshakes = [
    { ...key, connection: 'Upgrade', upgrade: 'websocket' },
    key,
    { 'sec-websocket-version': '13' },
    { upgrade: 'WebSocket' },
  ];
  for (const handshake of handshakes) {
    const ask = (origin: object) => checkFor(world, { cookie, ...handshake, ...origin });
    t.equal((await ask({ origin: AGENTS })).status, 200, JSON.stringify(handshake));
    t.equal((await ask({ origin: 'https://evil.example' })).status, 403);
    t.equal((await ask({})).status, 403, 'a browser says whence it comes');
  }
});

t.test('a body is not waited for', async t => {
  const world = await startWorld(t, { settings: TRUSTED });
  const head = [
    'POST /.halogate/verify HTTP/1.1',
    'Host: gateway.internal',
    'X-Forwarded-Method: POST',
    'X-Forwarded-Host: halo.example.com',
    'X-Forwarded-Uri: /api/Notify/1',
    'Content-Length: 1000',
  ];
  const answer = await sendRaw(world.address, `${head.join('\r\n')}\r\n\r\n`, wholeAnswer);
  t.equal(answer.statuses.at(-1), 200);
});

t.test('the client is whom the proxy names: Emergency counts by that, and the log says what was asked', async t => {
  const emergency = { from: ['192.0.2.0/24'], until: '2099-01-01T00:00:00Z' };
  const world = await startWorld(t, { settings: { ...TRUSTED, emergency } });
  const from = (client: string) => checkFor(world, { ...NAVIGATION, 'x-forwarded-for': client });
  t.equal((await from('192.0.2.7')).status, 200);
  t.equal((await from('198.51.100.7')).status, 401);
  t.equal((await from('192.0.2.7, 198.51.100.7')).status, 401);

  await checkFor(world, { 'x-forwarded-method': 'POST', 'x-forwarded-uri': '/a//b' });
  const lines = world.logs.filter(({ msg }) => msg === 'request');
  const refused = lines.at(-1);
  t.match(refused, { status: 403, code: 'BAD_REQUEST', why: 'The address is not in its normal form.' });
  t.match(lines.at(-2), { method: 'GET', host: 'halo.example.com', path: '/tickets', rule: 11, status: 401 });
});

t.test('a field by which Halo would see another person or another request is refused', async t => {
  const world = await startWorld(t, {
    settings: { ...TRUSTED, identity: { headers: { 'X-Remote-User': '{username}', X_Person: '{person}' } } },
  });
  const cookie = await signIn(world, 'agnes');
  const statusOf = async (name: string, uri = '/tickets') =>
    (await checkFor(world, { cookie, 'x-forwarded-uri': uri, [name]: 'forged' })).status;
  const refused = [
    'X_Halo_Tenant',
    'x-halo_object-id',
    'X_HALO_ASSERTION',
    'X_Forwarded_User',
    'X-Remote_User',
    'X-Person',
    'X-HTTP-Method-Override',
    'X_HTTP_Method_Override',
    'X-HTTP-Method',
    'X-Method-Override',
  ];
  for (const name of refused) {
    t.equal(await statusOf(name), 403, name);
    t.equal(await statusOf(name, '/favicon.ico'), 403, `${name}, where nobody is known`);
  }
  for (const name of ['X-Halo-Tenant', 'X-Forwarded-User', 'X-Remote-User', 'X_Person', 'X_Other', 'X-Http-Methods']) {
    t.equal(await statusOf(name), 200, `${name} is overwritten, or says nothing`);
  }
});

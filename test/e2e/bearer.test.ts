import t from 'tap';
import { FETCH, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, SUPPORT } from '../support/world.ts';

const HALO = AGENTS;
const TOKEN = 'opaque-and-43-characters-long-as-Halo-has-it';
const BEARER = { authorization: `Bearer ${TOKEN}` };
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Credentials that are no bearer token. */
const NO_BEARER = ['Basic aTpz', 'Bearer', 'Bearer ', 'Bearerabc', 'Token abc', 'Basic Bearer', '"Bearer x"', 'NTLM x'];

t.test('a program with a bearer token uses the API without a session and without an identity', async t => {
  const front = await startFront(t);
  for (const method of METHODS) {
    for (const url of [`${HALO}/api/echo?id=4%202`, `${HALO}/API/Echo`, `${new URL(SUPPORT).origin}/api/echo`]) {
      const reply = await front.ask(`${method} ${url}`, { headers: BEARER });
      t.match(reply, { status: 200, identified: false }, `${method} ${url}`);
      t.equal(reply.arrived?.header('authorization'), BEARER.authorization, 'the token is Halo’s to judge');
    }
  }
  const headers = { ...BEARER, ...FETCH, origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
  const foreign = await front.ask(`POST ${HALO}/api/echo`, { headers, body: '[{"id":1}]' });
  t.match(foreign, { status: 200, identified: false }, 'an app of another site is a program too');
  t.equal(foreign.arrived?.body.toString(), '[{"id":1}]');
  for (const authorization of ['bearer x', 'BEARER\tx', 'Bearer  x y']) {
    t.match(await front.ask(`GET ${HALO}/api/echo`, { headers: { authorization } }), { status: 200 }, authorization);
  }
});

t.test('nothing else is a bearer token, and it opens nothing else', async t => {
  const front = await startFront(t);
  const required = { status: 401, code: 'SIGN_IN_REQUIRED', arrived: undefined };
  for (const authorization of NO_BEARER) {
    t.match(await front.ask(`GET ${HALO}/api/tickets`, { headers: { authorization } }), required, authorization);
  }
  for (const path of [
    '/ticket',
    '/apix/tickets',
    '/portal/api/tickets',
    '/x/api/tickets',
    '/api/../ticket',
    '/ticket?x=/api/',
    '/auth/userinfo',
    '/hub',
  ]) {
    t.match(await front.ask(`GET ${HALO}${path}`, { headers: BEARER }), required, path);
  }
  for (const path of ['/auth/token', '/auth/account/login']) {
    const shut = { status: 403, code: 'NATIVE_SIGN_IN_REFUSED', arrived: undefined };
    t.match(await front.ask(`POST ${HALO}${path}`, { headers: BEARER, body: 'x' }), shut, path);
  }
  for (const path of ['/api%2ftickets', '/api\\tickets', '/x/..;/api/tickets']) {
    t.match(
      await front.ask(`GET ${HALO}/`, { headers: BEARER, target: path }),
      { status: 400, arrived: undefined },
      path,
    );
  }
  const twice = { headers: { ...BEARER, Authorization: 'Basic aTpz' } };
  t.match(await front.ask(`GET ${HALO}/api/echo`, twice), { status: 400, arrived: undefined }, 'two of them');
});

t.test('whoever is signed in is that person, token or not', async t => {
  const front = await startFront(t);
  const agent = await front.signIn('agnes');
  const ask = { headers: { ...BEARER, ...FETCH, origin: HALO }, cookie: agent };
  const reply = await front.ask(`POST ${HALO}/api/echo`, ask);
  t.match(reply, { status: 200, identified: true });
  t.equal(reply.arrived?.header('x-forwarded-user'), 'agnes@example.com');
  t.equal(reply.arrived?.header('authorization'), BEARER.authorization);
  const foreign = { ...ask, headers: { ...ask.headers, origin: 'https://elsewhere.example' } };
  t.match(await front.ask(`POST ${HALO}/api/echo`, foreign), { status: 403, code: 'CROSS_ORIGIN', arrived: undefined });
});

t.test('whoever may not enter does not get in with a token', async t => {
  const front = await startFront(t, { settings: { portals: [{ name: 'agents', kind: 'agent', url: HALO }] } });
  const person = front.browser();
  front.entra.choose('ulrich');
  t.equal((await person.go(`${HALO}/ticket`)).status, 403);
  const cookie = `__Host-halogate=${person.cookies(HALO)['__Host-halogate']}`;
  const reply = await front.ask(`GET ${HALO}/api/echo`, { headers: BEARER, cookie });
  t.match(reply, { status: 403, code: 'NOT_ADMITTED', arrived: undefined });
});

t.test('bearer: refuse asks programs for a session too', async t => {
  const front = await startFront(t, { settings: { routes: { bearer: 'refuse' } } });
  for (const method of METHODS.filter(method => method !== 'HEAD')) {
    const reply = await front.ask(`${method} ${HALO}/api/echo`, { headers: BEARER });
    t.match(reply, { status: 401, code: 'SIGN_IN_REQUIRED', arrived: undefined }, method);
    t.notMatch(reply.text, /^location:/im);
  }
  const page = await front.ask(`GET ${HALO}/api/echo`, { headers: { ...BEARER, ...NAVIGATION } });
  t.match(page, { status: 302, arrived: undefined }, 'a person is led to the sign-in');
  const open = await front.ask(`GET ${HALO}/api/authinfo`, { headers: BEARER });
  t.match(open, { status: 200, identified: false }, 'public routes stay public');
  const cookie = await front.signIn('agnes');
  t.match(await front.ask(`GET ${HALO}/api/echo`, { headers: BEARER, cookie }), { status: 200, identified: true });
});

t.test('where sign-in is not forced, bearer: refuse has nothing to refuse', async t => {
  const front = await startFront(t, {
    connection: { autoRedirect: false },
    settings: { routes: { bearer: 'refuse' } },
  });
  t.match(await front.ask(`GET ${HALO}/api/echo`, { headers: BEARER }), { status: 200, identified: false });
});

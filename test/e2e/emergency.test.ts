import t from 'tap';
import { FETCH, FORM, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, CUSTOMERS } from '../support/world.ts';

const HALO = AGENTS;
const FAR = '2099-01-01T00:00:00Z';
const PAST = '2020-01-01T00:00:00Z';
const WINDOW = { from: ['192.0.2.0/24', '2001:db8::/32'], until: FAR };

/** Of the addresses of the emergency, behind a proxy that is trusted. */
const INSIDE = { 'x-forwarded-for': '192.0.2.7' };
const LOGIN = { body: 'username=ada&password=of-ada' };
const PASSWORD = { body: 'grant_type=password&username=ada&password=of-ada' };

function withEmergency(emergency: object): { readonly settings: Readonly<Record<string, unknown>> } {
  return { settings: { trustedProxies: ['127.0.0.1'], emergency } };
}

t.test('under Emergency Halo’s own login serves the clients that it names, and each use is told', async t => {
  const front = await startFront(t, withEmergency(WINDOW));
  const login = await front.ask(`POST ${HALO}/auth/account/login`, { ...LOGIN, headers: { ...FORM, ...INSIDE } });
  t.match(login, { status: 302, identified: false });
  t.equal(login.arrived?.body.toString(), LOGIN.body);
  const grant = await front.ask(`POST ${CUSTOMERS}/auth/token`, { ...PASSWORD, headers: { ...FORM, ...INSIDE } });
  t.match(grant, { status: 200, identified: false });
  const six = { ...FORM, 'x-forwarded-for': '2001:db8::7' };
  t.match(await front.ask(`POST ${HALO}/auth/token`, { ...PASSWORD, headers: six }), { status: 200 });
  const unread = await front.ask(`POST ${HALO}/auth/token`, { body: '{}', headers: INSIDE });
  t.match(unread, { status: 400, arrived: { bodySize: 2 } }, 'what cannot be read is Halo’s to judge');
  const cookie = await front.signIn('agnes');
  const person = await front.ask(`POST ${HALO}/auth/token`, { ...PASSWORD, headers: { ...FORM, ...INSIDE }, cookie });
  t.match(person, { status: 200, identified: true });

  const events = await front.audits('emergency-use', 5);
  t.equal(events.length, 5);
  for (const [at, portal, ip] of [
    [0, 'agents', '192.0.2.7'],
    [1, 'customers', '192.0.2.7'],
    [2, 'agents', '2001:db8::7'],
    [3, 'agents', '192.0.2.7'],
    [4, 'agents', '192.0.2.7'],
  ] as const) {
    t.match(events[at], { event: { outcome: 'success' }, source: { ip }, halogate: { portal, detail: String } });
  }
  t.notMatch(front.gateway.logs().join('\n'), /of-ada/);
});

t.test('nothing is forced on them, and what needed no password is no event', async t => {
  const front = await startFront(t, withEmergency(WINDOW));
  for (const request of [
    `GET ${HALO}/ticket?id=42`,
    `GET ${HALO}/auth/account/login`,
    `GET ${HALO}/api/tickets`,
    `GET ${CUSTOMERS}/home`,
    `POST ${HALO}/api/tickets`,
    `POST ${HALO}/auth/logout`,
    `POST ${HALO}/auth/account/samlresponse`,
  ]) {
    const reply = await front.ask(request, { headers: { ...NAVIGATION, ...INSIDE } });
    t.match(reply, { identified: false, arrived: { method: request.split(' ')[0] } }, request);
  }
  const refresh = { body: 'grant_type=refresh_token', headers: { ...FORM, ...FETCH, ...INSIDE } };
  t.match(await front.ask(`POST ${HALO}/auth/token`, refresh), { status: 400, arrived: { target: '/auth/token' } });
  await front.ask(`POST ${HALO}/auth/token`, { ...PASSWORD, headers: { ...FORM, ...INSIDE } });
  t.equal((await front.audits('emergency-use', 1)).length, 1, 'the password alone');
  t.equal((await front.audits('NATIVE_SIGN_IN_REFUSED', 0)).length, 0);
});

t.test('who is not of those clients is refused as ever', async t => {
  const front = await startFront(t, withEmergency(WINDOW));
  const shut = { status: 403, code: 'NATIVE_SIGN_IN_REFUSED', arrived: undefined };
  for (const [name, address] of Object.entries({
    'another address': { 'x-forwarded-for': '198.51.100.7' },
    'one that a client claims before another': { 'x-forwarded-for': '192.0.2.7, 198.51.100.7' },
    'one in another field': { 'x-real-ip': '192.0.2.7', forwarded: 'for=192.0.2.7' },
    'the proxy itself': {},
    'no address': { 'x-forwarded-for': '192.0.2.7.example' },
  })) {
    const headers = { ...FORM, ...address };
    t.match(await front.ask(`POST ${HALO}/auth/account/login`, { ...LOGIN, headers }), shut, name);
    t.match(await front.ask(`POST ${HALO}/auth/token`, { ...PASSWORD, headers }), shut, name);
  }
  t.equal((await front.audits('NATIVE_SIGN_IN_REFUSED', 10)).length, 10);
  t.equal((await front.audits('emergency-use', 0)).length, 0);
});

t.test('without a trusted proxy a client is where it connects from', async t => {
  const front = await startFront(t, { settings: { emergency: WINDOW } });
  const headers = { ...FORM, ...INSIDE };
  t.match(await front.ask(`POST ${HALO}/auth/token`, { ...PASSWORD, headers }), { status: 403, arrived: undefined });
  const here = await startFront(t, { settings: { emergency: { from: ['127.0.0.1'], until: FAR } } });
  t.match(await here.ask(`POST ${HALO}/auth/token`, { ...PASSWORD, headers }), { status: 200 });
});

t.test('it ends at `until`', async t => {
  const front = await startFront(t, withEmergency({ ...WINDOW, until: PAST }));
  const headers = { ...FORM, ...INSIDE };
  t.match(await front.ask(`POST ${HALO}/auth/token`, { ...PASSWORD, headers }), { status: 403, arrived: undefined });
  t.match(await front.ask(`GET ${HALO}/ticket`, { headers: { ...NAVIGATION, ...INSIDE } }), { status: 302 });
  t.equal((await front.audits('NATIVE_SIGN_IN_REFUSED', 1)).length, 1);
});

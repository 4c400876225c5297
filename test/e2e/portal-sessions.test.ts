import t from 'tap';
import { startHalo } from '../../demo/halo/index.ts';
import { FETCH, FORM, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, CUSTOMERS, SUPPORT } from '../support/world.ts';

const HALO = AGENTS;
const agents = { name: 'agents', kind: 'agent', url: AGENTS };
const customers = { name: 'customers', kind: 'user', url: CUSTOMERS };

t.test('one session opens every portal of its host that its person may enter, and none of another host', async t => {
  const front = await startFront(t);
  const person = front.browser();
  const signIns = () => front.entra.requestsTo('authorize').length;
  front.entra.choose('agnes');
  t.equal((await person.go(`${CUSTOMERS}/home`)).status, 200);
  t.equal(signIns(), 1);
  for (const url of [`${HALO}/ticket`, `${HALO}/`, `${CUSTOMERS}/kb`, `${HALO}/api/echo`]) {
    t.equal((await person.ask(url)).status, 200, url);
  }
  t.equal(signIns(), 1, 'nobody was asked again');
  t.match(JSON.parse((await person.ask(`${HALO}/.halogate/session`)).body), { portals: ['agents', 'customers'] });

  const [name, value] = Object.entries(person.cookies(HALO)).find(([cookie]) => cookie === '__Host-halogate') ?? [];
  t.strictSame(person.cookies(SUPPORT), {}, 'a host-only cookie');
  t.match(await front.ask(`GET ${SUPPORT}/home`, { headers: NAVIGATION }), { status: 302 });
  t.equal((await person.go(`${SUPPORT}/home`)).status, 200, 'the provider knows the person still');
  t.equal(signIns(), 2);
  t.ok(value && person.cookies(SUPPORT)[name ?? ''] !== value, 'another session');
  t.match(JSON.parse((await person.ask(`${SUPPORT}/../.halogate/session`)).body), { portals: ['support'] });
});

t.test('who may enter one portal of a host is told so at the other, and led back', async t => {
  const front = await startFront(t);
  const cookie = await front.signIn('ulrich', `${CUSTOMERS}/home`);
  t.match(await front.ask(`GET ${CUSTOMERS}/home`, { headers: NAVIGATION, cookie }), { status: 200, identified: true });
  const page = await front.ask(`GET ${HALO}/ticket`, { headers: NAVIGATION, cookie });
  t.match(page, { status: 403, code: undefined, arrived: undefined });
  t.match(page.text, /NOT_ADMITTED/);
  t.match(page.text, /href="\/portal"/, 'the way to the portal that is open');
  t.match(page.text, /href="\/\.halogate\/sign-in\?[^"]*switch=1/, 'another account');
  const script = await front.ask(`GET ${HALO}/ticket`, { headers: FETCH, cookie });
  t.match(script, { status: 403, code: 'NOT_ADMITTED', arrived: undefined });
});

t.test('signing out at one portal signs out of all of its host', async t => {
  const front = await startFront(t);
  const cookie = await front.signIn('agnes', `${CUSTOMERS}/home`);
  const headers = { ...FORM, ...NAVIGATION, origin: HALO };
  t.equal((await front.ask(`POST ${HALO}/.halogate/sign-out`, { headers, cookie, body: '' })).status, 303);
  for (const url of [`${HALO}/api/echo`, `${CUSTOMERS}/home`, `${HALO}/ticket`]) {
    const reply = await front.ask(`GET ${url}`, { headers: FETCH, cookie });
    t.match(reply, { status: 401, code: 'SIGN_IN_REQUIRED', arrived: undefined }, url);
  }
});

t.test('an anonymous portal on its own host is open to everybody, and knows who is signed in', async t => {
  const own = await startHalo();
  t.teardown(own.close);
  const portals = [agents, { name: 'support', kind: 'user', url: SUPPORT, upstream: own.url, anonymous: true }];
  const front = await startFront(t, { settings: { portals } });
  const { origin } = new URL(SUPPORT);
  for (const request of [
    `GET ${SUPPORT}/home?x=%20+`,
    `GET ${SUPPORT}/newticket`,
    `POST ${SUPPORT}/newticket`,
    `GET ${origin}/api/kb`,
    `POST ${origin}/api/tickets`,
    `GET ${origin}/auth/account/login`,
  ]) {
    own.clear();
    const { status } = await front.ask(request, { headers: NAVIGATION });
    t.not(status, 302, request);
    const [arrived] = own.received;
    t.equal(arrived?.target, request.split(origin)[1]);
    t.match([arrived?.header('x-forwarded-user'), arrived?.header('x-halo-assertion')], [undefined, undefined]);
  }
  const cookie = await front.signIn('ulrich', SUPPORT);
  await front.ask(`GET ${SUPPORT}/home`, { headers: NAVIGATION, cookie });
  t.equal(own.received.at(-1)?.header('x-forwarded-user'), 'ulrich@example.com');
  t.match(await front.ask(`GET ${HALO}/ticket`, { headers: NAVIGATION }), { status: 302 }, 'the others stay forced');
});

t.test('an anonymous portal beside a forced one opens its path and the API, and nothing of the other', async t => {
  const front = await startFront(t, { settings: { portals: [agents, { ...customers, anonymous: true }] } });
  for (const url of [`${CUSTOMERS}/home`, `${HALO}/api/kb`, `${HALO}/api/echo`]) {
    t.match(await front.ask(`GET ${url}`, { headers: FETCH }), { identified: false, arrived: { method: 'GET' } }, url);
  }
  for (const url of [`${HALO}/ticket`, `${HALO}/`, `${HALO}/auth/authorize?client_id=x`]) {
    t.match(await front.ask(`GET ${url}`, { headers: NAVIGATION }), { status: 302, arrived: undefined }, url);
  }
  for (const [who, kind] of [
    ['agnes', 'agent'],
    ['ulrich', 'user'],
  ] as const) {
    const cookie = await front.signIn(who, CUSTOMERS);
    const { arrived } = await front.ask(`GET ${HALO}/api/echo`, { headers: FETCH, cookie });
    t.equal(arrived?.header('x-halo-portal'), kind, who);
    const page = await front.ask(`GET ${CUSTOMERS}/home`, { headers: NAVIGATION, cookie });
    t.equal(page.arrived?.header('x-halo-portal'), 'user');
  }
});

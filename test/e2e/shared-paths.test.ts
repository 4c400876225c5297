import t from 'tap';
import { startHalo } from '../../demo/halo/index.ts';
import { FETCH, FORM, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, CUSTOMERS } from '../support/world.ts';

const HALO = AGENTS;
const agents = { name: 'agents', kind: 'agent', url: AGENTS };
const customers = { name: 'customers', kind: 'user', url: CUSTOMERS };
const SHARED = ['/hub/**', '/uploads/*/raw'];

t.test('what the portals of a host share serves the person of either', async t => {
  const front = await startFront(t, { halo: { shared: SHARED } });
  const sessions = { agent: await front.signIn('agnes'), user: await front.signIn('ulrich', CUSTOMERS) };
  for (const [kind, cookie] of Object.entries(sessions)) {
    for (const path of [
      '/hub',
      '/HUB/negotiate?id=1',
      '/uploads/7/raw',
      '/api/echo',
      '/api',
      '/auth/userinfo',
      '/auth',
    ]) {
      const reply = await front.ask(`GET ${HALO}${path}`, { headers: FETCH, cookie });
      t.match(reply, { identified: true, arrived: { target: path } }, `${kind} ${path}`);
      t.equal(reply.arrived?.header('x-halo-portal'), kind);
    }
  }
  for (const path of ['/hubx', '/uploads/raw', '/uploads/7/8/raw', '/apix', '/authx', '/x/hub']) {
    const user = await front.ask(`GET ${HALO}${path}`, { headers: FETCH, cookie: sessions.user });
    t.match(user, { status: 403, code: 'NOT_ADMITTED', arrived: undefined }, `${path} is the agents’ alone`);
    t.match(await front.ask(`GET ${HALO}${path}`, { headers: FETCH }), { status: 401, arrived: undefined });
  }
  for (const path of ['/portal/hub', '/portal/api/echo', '/portal/auth/userinfo']) {
    const { arrived } = await front.ask(`GET ${HALO}${path}`, { headers: FETCH, cookie: sessions.agent });
    t.equal(arrived?.header('x-halo-portal'), 'user', `${path} is the customers’`);
  }
  const write = { headers: { ...FETCH, origin: HALO }, body: '[]', cookie: sessions.user };
  t.match(await front.ask(`POST ${HALO}/api/echo`, write), { status: 200, identified: true });
});

t.test('without halo.shared the hub is the root portal’s', async t => {
  const front = await startFront(t);
  const cookie = await front.signIn('ulrich', CUSTOMERS);
  t.match(await front.ask(`GET ${HALO}/hub`, { headers: FETCH, cookie }), { status: 403, arrived: undefined });
});

t.test('a WebSocket on a shared path is the portal’s that the person may enter', async t => {
  const front = await startFront(t, { halo: { shared: SHARED } });
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    origin: HALO,
  };
  for (const [who, kind] of [
    ['agnes', 'agent'],
    ['ulrich', 'user'],
  ] as const) {
    const cookie = await front.signIn(who, CUSTOMERS);
    t.match(await front.ask(`GET ${HALO}/hub`, { headers: upgrade, cookie }), { status: 101, identified: true }, who);
    t.equal(front.halo.received.at(-1)?.header('x-halo-portal'), kind);
    const foreign = { ...upgrade, origin: 'https://elsewhere.example' };
    t.match(await front.ask(`GET ${HALO}/hub`, { headers: foreign, cookie }), { status: 403, arrived: undefined });
  }
  t.match(await front.ask(`GET ${HALO}/hub`, { headers: upgrade }), { status: 401, arrived: undefined });
});

t.test('a shared request goes to the site of its portal', async t => {
  const site = await startHalo();
  t.teardown(site.close);
  const portals = [agents, { ...customers, upstream: site.url }];
  const front = await startFront(t, { settings: { portals } });
  const sessions = { agent: await front.signIn('agnes'), user: await front.signIn('ulrich', CUSTOMERS) };
  const token = { headers: FORM, body: 'grant_type=client_credentials' };
  for (const [request, who, atSite] of [
    [`GET ${HALO}/api/echo`, 'agent', false],
    [`GET ${HALO}/api/echo`, 'user', true],
    [`GET ${HALO}/portal/home`, 'agent', true],
    [`GET ${HALO}/auth/account/azureresponse?code=c`, 'agent', false],
    [`GET ${HALO}/auth/account/azureresponse?code=c`, 'user', true],
    [`GET ${HALO}/auth/account/azureresponse?code=c`, undefined, false],
    [`GET ${HALO}/portal/auth/account/azureresponse?code=c`, undefined, true],
    [`GET ${HALO}/azure/auth?code=c`, 'user', false],
    [`GET ${HALO}/api/authinfo`, 'user', false],
    [`POST ${HALO}/auth/token`, undefined, false],
    [`POST ${HALO}/auth/token`, 'user', true],
  ] as const) {
    site.clear();
    const cookie = who && sessions[who];
    const ask = request.startsWith('POST') ? token : { headers: NAVIGATION };
    const { arrived } = await front.ask(request, { ...ask, cookie });
    t.match([site.received.length, arrived === undefined], atSite ? [1, true] : [0, false], `${who} ${request}`);
  }
});

t.test('without a session a shared path belongs to whom it serves', async t => {
  const site = await startHalo();
  t.teardown(site.close);
  const open = { ...customers, upstream: site.url, anonymous: true, nativeSignIn: true };
  const front = await startFront(t, { settings: { portals: [agents, open] } });
  const atSite = async (request: string, body?: string) => {
    site.clear();
    await front.ask(request, { headers: { ...FORM, ...NAVIGATION }, ...(body ? { body } : {}) });
    return site.received.length === 1;
  };
  t.ok(await atSite(`GET ${HALO}/api/kb`), 'the API to the anonymous portal');
  t.ok(await atSite(`GET ${HALO}/auth/account/login`), 'the login to the portal with nativeSignIn');
  t.ok(await atSite(`POST ${HALO}/auth/account/login`, 'username=a&password=b'));
  t.ok(await atSite(`POST ${HALO}/auth/token`, 'grant_type=password&username=a'));
  t.notOk(await atSite(`GET ${HALO}/ticket`));
});

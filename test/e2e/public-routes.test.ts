import t from 'tap';
import { FETCH, type Front, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, CUSTOMERS, SUPPORT } from '../support/world.ts';

const HALO = AGENTS;
const SUPPORT_HOST = new URL(SUPPORT).origin;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
const READ = ['GET', 'HEAD'];
const EXCHANGE = ['GET', 'POST'];

/** What is public of a Halo unless the settings say otherwise, and by which methods. */
const SHIPPED: Readonly<Record<string, readonly string[]>> = {
  [`${HALO}/favicon.ico`]: READ,
  [`${HALO}/robots.txt`]: READ,
  [`${HALO}/api/authinfo`]: READ,
  [`${HALO}/API/AuthInfo/`]: READ,
  [`${HALO}/api/%61uthinfo?x=1`]: READ,
  [`${SUPPORT_HOST}/api/authinfo`]: READ,
  [`${HALO}/chat/index.js`]: READ,
  [`${HALO}/api/ReportData/0f-4a?key=k`]: READ,
  [`${HALO}/api/attachment/image?token=t`]: READ,
  [`${CUSTOMERS}/anonymouskb?key=k&token=t`]: READ,
  [`${HALO}/Portal/AnonymousKB`]: READ,
  [`${SUPPORT}/anonymouskb`]: READ,
  [`${HALO}/auth/.well-known/openid-configuration`]: READ,
  [`${HALO}/AUTH/.Well-Known/jwks`]: READ,
  [`${CUSTOMERS}/auth/.well-known/openid-configuration`]: READ,
  [`${HALO}/api/Notify`]: EXCHANGE,
  [`${HALO}/api/notify/stripe?x=%2F`]: EXCHANGE,
  [`${HALO}/api/Notify/teams/a/b`]: EXCHANGE,
  [`${HALO}/api/Chat`]: EXCHANGE,
  [`${HALO}/api/ChatMessage/1/x`]: EXCHANGE,
  [`${HALO}/api/Feedback/17?key=k`]: EXCHANGE,
  [`${HALO}/api/UnsubServiceEmails`]: EXCHANGE,
  [`${HALO}/api/Appointment/Booking`]: EXCHANGE,
  [`${HALO}/api/ServiceStatus/Subscribe`]: ['POST'],
};

/** What lies beside the public routes and looks like them. */
const NEIGHBOURS = [
  `${HALO}/faviconxico`,
  `${HALO}/favicon.ico/x`,
  `${HALO}/x/favicon.ico`,
  `${HALO}/robots.txt.bak`,
  `${HALO}/api/authinfo/x`,
  `${HALO}/api/authinfox`,
  `${HALO}/api/authinfo;x`,
  `${HALO}/portal/api/authinfo`,
  `${HALO}/portal/favicon.ico`,
  `${HALO}/chat`,
  `${HALO}/chat/index.js/x`,
  `${HALO}/chat/index2.js`,
  `${HALO}/api/ReportData`,
  `${HALO}/api/ReportData/1/2`,
  `${HALO}/api/attachment`,
  `${HALO}/api/attachment/image/1`,
  `${HALO}/api/attachment/images`,
  `${HALO}/anonymouskb`,
  `${CUSTOMERS}/anonymouskb/x`,
  `${CUSTOMERS}/anonymouskbx`,
  `${SUPPORT_HOST}/anonymouskb`,
  `${HALO}/auth/well-known/openid-configuration`,
  `${HALO}/auth/.well-knownx`,
  `${HALO}/auth/x/.well-known/y`,
  `${HALO}/.well-known/openid-configuration`,
  `${HALO}/api/Notifyx`,
  `${HALO}/api/xNotify/y`,
  `${HALO}/api/Feedback`,
  `${HALO}/api/Feedback/1/2`,
  `${HALO}/api/UnsubServiceEmails/1`,
  `${HALO}/api/Appointment`,
  `${HALO}/api/Appointment/Booking/1`,
  `${HALO}/api/ServiceStatus`,
  `${HALO}/api/Notify/../tickets`,
  `${HALO}/api/Notify/%2e%2e/tickets`,
  `${HALO}/api//Notify//..//tickets`,
  `${HALO}/api/tickets?path=/api/Notify/x`,
  `${HALO}/api/tickets?/api/authinfo`,
  `${HALO}/api/tickets;/api/authinfo`,
  `${HALO}/api/tickets%3f/api/authinfo`,
];

type Assertions = Pick<typeof t, 'match' | 'equal'>;

async function isPublic(t: Assertions, front: Front, request: string, cookie?: string): Promise<void> {
  const reply = await front.ask(request, { headers: FETCH, cookie });
  t.match(reply, { identified: false, arrived: { method: request.split(' ')[0] } }, request);
  t.equal(reply.arrived?.header('cookie'), cookie && 'halo=1', 'no cookie of the gateway');
}

async function isGuarded(t: Assertions, front: Front, request: string): Promise<void> {
  const reply = await front.ask(request, { headers: FETCH });
  const refused = /^POST \S+\/auth\/./i.test(request) ? 403 : 401;
  t.match(reply, { status: refused, arrived: undefined }, request);
}

t.test('the shipped public routes are open by their methods alone', async t => {
  const front = await startFront(t);
  const session = `${await front.signIn('agnes')}; halo=1`;
  for (const [url, methods] of Object.entries(SHIPPED)) {
    for (const method of METHODS) {
      if (methods.includes(method)) await isPublic(t, front, `${method} ${url}`);
      else await isGuarded(t, front, `${method} ${url}`);
    }
    await isPublic(t, front, `${methods[0]} ${url}`, session);
  }
  const page = await front.ask(`GET ${CUSTOMERS}/anonymouskb?key=k%20+&token=%2f`, { headers: NAVIGATION });
  t.match(page, { status: 200, arrived: { target: '/portal/anonymouskb?key=k%20+&token=%2f' } });
});

t.test('their neighbours are not', async t => {
  const front = await startFront(t);
  for (const url of NEIGHBOURS) for (const method of EXCHANGE) await isGuarded(t, front, `${method} ${url}`);
  for (const target of [
    '/api/Notify/..%2ftickets',
    '/api/Notify/..;/tickets',
    '/api/Notify/..\\tickets',
    '/api/authinfo%00',
  ]) {
    t.match(await front.ask(`GET ${HALO}/`, { target }), { status: 400, arrived: undefined }, target);
  }
});

t.test('a portal at the root has its shared articles there, and a portal’s path means nothing elsewhere', async t => {
  const portals = [
    { name: 'agents', kind: 'agent', url: AGENTS },
    { name: 'help', kind: 'user', url: 'https://help.example.com' },
    { name: 'desk', kind: 'user', url: 'https://desk.example.com/service/desk' },
  ];
  const front = await startFront(t, { settings: { portals } });
  await isPublic(t, front, 'GET https://help.example.com/anonymouskb?key=k');
  await isPublic(t, front, 'GET https://desk.example.com/service/desk/anonymouskb?key=k');
  await isPublic(t, front, 'GET https://desk.example.com/service/desk/auth/.well-known/x');
  for (const url of [
    `${AGENTS}/anonymouskb`,
    `${AGENTS}/service/desk/anonymouskb`,
    'https://help.example.com/service/desk/anonymouskb',
    'https://desk.example.com/anonymouskb',
    `${AGENTS}/service/desk/auth/.well-known/x`,
  ])
    await isGuarded(t, front, `GET ${url}`);
});

t.test('routes.defaults: false shuts every one of them', async t => {
  const front = await startFront(t, { settings: { routes: { defaults: false } } });
  for (const [url, methods] of Object.entries(SHIPPED))
    for (const method of methods) if (method !== 'HEAD') await isGuarded(t, front, `${method} ${url}`);
});

t.test('routes.public opens what it names, beside the shipped ones or alone', async t => {
  const open = [
    { path: '/hooks/**', methods: ['POST'] },
    { path: '/status' },
    { path: '/files/*/public-*.pdf', methods: ['GET', 'HEAD'] },
    { path: '/auth/account/start', methods: ['POST'] },
  ];
  for (const defaults of [true, false]) {
    const front = await startFront(t, { settings: { routes: { defaults, public: open } } });
    for (const request of [
      `POST ${HALO}/hooks`,
      `POST ${HALO}/Hooks/a/b?x`,
      `POST ${SUPPORT_HOST}/hooks/a`,
      ...METHODS.map(method => `${method} ${HALO}/status/`),
      `GET ${HALO}/files/2026/public-report.pdf`,
      `POST ${HALO}/auth/account/start`,
    ])
      await isPublic(t, front, request);
    for (const request of [
      `GET ${HALO}/hooks/a`,
      `POST ${HALO}/hooksx`,
      `POST ${HALO}/hooks/../tickets`,
      `GET ${HALO}/status/x`,
      `GET ${HALO}/files/2026/12/public-report.pdf`,
      `GET ${HALO}/files/2026/private-report.pdf`,
      `POST ${HALO}/auth/account/start/x`,
      `POST ${HALO}/auth/account/login`,
      `POST ${HALO}/portal/auth/account/start`,
    ])
      await isGuarded(t, front, request);
    const shipped = `GET ${HALO}/api/authinfo`;
    await (defaults ? isPublic : isGuarded)(t, front, shipped);
  }
});

t.test('a CORS preflight passes to Halo on any path, and nothing that only looks like one', async t => {
  const front = await startFront(t);
  const origin = { origin: 'https://elsewhere.example' };
  const preflight = {
    ...origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };
  const cookie = await front.signIn('agnes');
  for (const path of ['/api/echo', '/ticket', '/auth/token', '/auth/account/login', '/portal/home']) {
    const reply = await front.ask(`OPTIONS ${HALO}${path}`, { headers: preflight, cookie });
    t.match(reply, { identified: false, arrived: { method: 'OPTIONS', target: path } }, path);
    for (const [name, value] of Object.entries(preflight)) t.equal(reply.arrived?.header(name), value, name);
    t.equal(reply.arrived?.header('cookie'), undefined);
  }
  for (const [request, headers] of [
    [`OPTIONS ${HALO}/api/echo`, origin],
    [`OPTIONS ${HALO}/api/echo`, { 'access-control-request-method': 'POST' }],
    [`OPTIONS ${HALO}/api/echo`, { ...origin, 'access_control-request-method': 'POST' }],
    [`GET ${HALO}/api/echo`, preflight],
    [`DELETE ${HALO}/api/echo`, { ...preflight, 'x-http-method-override': 'OPTIONS' }],
  ] as const)
    t.match(await front.ask(request, { headers }), { status: 401, arrived: undefined }, request);
});

import t from 'tap';
import { FETCH, FORM, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, CUSTOMERS, SUPPORT } from '../support/world.ts';

const HALO = AGENTS;
const SUPPORT_HOST = new URL(SUPPORT).origin;
const LOGIN = { headers: FORM, body: 'username=ada&password=of-ada&ReturnUrl=%2F' };

/** POSTs on auth paths that are neither a callback nor one of Halo's own flows: each may be a login form. */
const LOGIN_POSTS = [
  '/auth/account/login',
  '/AUTH/Account/LOGIN',
  '/auth/account/login/',
  '/auth/account/login?ReturnUrl=%2Fticket%3Fid%3D42',
  '/auth/account/login?x=/azure/auth',
  '//auth//account//login',
  '/auth/./account/x/../login',
  '/x/../auth/account/login',
  '/portal/../auth/account/login',
  '/azure/auth/../../auth/account/login',
  '/%61uth/acc%6Funt/%6cogin',
  '/auth/account/login;x',
  '/auth/account/login;jsessionid=1/x',
  '/auth/login',
  '/auth',
  '/auth/',
  '/auth/token/x',
  '/auth/token;x',
  '/auth/to%E2%84%AAen',
  '/auth/authorize/x',
  '/auth/account/azureresponse/x',
  '/auth/account/azureresponsex',
  '/auth/account/externallogin',
  '/auth/.well-known/openid-configuration',
  '/portal/auth/account/login',
  '/PORTAL/auth/account/login',
];

/** Targets that no two servers read alike: they have no normal form and never reach Halo. */
const BAD_TARGETS = [
  '/auth/account/login.',
  '/auth/account/login%20',
  '/auth/account/login%00',
  '/auth/account/login::$DATA',
  '/auth%2faccount%2flogin',
  '/auth%5caccount%5clogin',
  '\\auth\\account\\login',
  '/auth\\account\\login',
  '/x/..;/auth/account/login',
  '/(S(x))/auth/account/login',
  '/auth/%2561ccount/%252e/login',
  '/auth/account/login#x',
  '/auth/account/login%c0%ae',
];

t.test('while sign-in is forced, no login form reaches Halo', async t => {
  const front = await startFront(t);
  const sessions = {
    nobody: undefined,
    agent: await front.signIn('agnes'),
    user: await front.signIn('ulrich'),
  };
  let refused = 0;

  for (const [who, cookie] of Object.entries(sessions)) {
    await t.test(`of ${who}: each posted form is refused`, async t => {
      for (const target of LOGIN_POSTS) {
        for (const host of [HALO, SUPPORT_HOST]) {
          const reply = await front.ask(`POST ${host}${target}`, { ...LOGIN, cookie });
          t.match(reply, { status: 403, code: 'NATIVE_SIGN_IN_REFUSED', arrived: undefined }, host + target);
          refused += 1;
        }
      }
    });

    await t.test(`of ${who}: whatever the type of the form`, async t => {
      for (const type of [
        'application/json',
        'multipart/form-data; boundary=x',
        'text/plain',
        'application/x-www-form-urlencoded; charset=utf-16',
        '',
      ]) {
        const headers = { 'content-type': type };
        const reply = await front.ask(`POST ${HALO}/auth/account/login`, { headers, body: LOGIN.body, cookie });
        t.match(reply, { status: 403, code: 'NATIVE_SIGN_IN_REFUSED', arrived: undefined }, type);
        refused += 1;
      }
      const chunks = await front.ask(`POST ${HALO}/auth/account/login`, { ...LOGIN, chunks: 3, cookie });
      t.match(chunks, { status: 403, arrived: undefined }, 'in chunks');
      const absolute = { ...LOGIN, cookie, target: `${HALO}/auth/account/login` };
      const whole = await front.ask(`POST ${HALO}/auth/account/login`, absolute);
      t.match(whole, { status: 403, arrived: undefined }, 'in absolute form');
      refused += 2;
    });

    await t.test(`of ${who}: a target that can be read in two ways is none`, async t => {
      for (const target of BAD_TARGETS) {
        const reply = await front.ask(`POST ${HALO}/`, { ...LOGIN, target, cookie });
        t.match(reply, { status: 400, arrived: undefined }, target);
      }
    });
  }

  await t.test('a person gets a page that leads to the sign-in, a program a problem document', async t => {
    const page = await front.ask(`POST ${CUSTOMERS}/auth/account/login`, {
      ...LOGIN,
      headers: { ...FORM, ...NAVIGATION },
    });
    t.match(page, { status: 403, code: undefined, arrived: undefined });
    t.match(page.text, /content-type: text\/html/i);
    t.match(page.text, /href="\/\.halogate\/sign-in\?portal=customers"/);
    t.match(page.text, /NATIVE_SIGN_IN_REFUSED/);
    const problem = await front.ask(`POST ${HALO}/auth/account/login`, { ...LOGIN, headers: { ...FORM, ...FETCH } });
    t.match(problem.text, /content-type: application\/problem\+json/i);
    refused += 2;
  });

  await t.test('each refusal is an audit event, and none tells the password', async t => {
    const events = await front.audits('NATIVE_SIGN_IN_REFUSED', refused);
    t.equal(events.length, refused);
    t.match(events[0], { event: { outcome: 'failure' }, source: { ip: '127.0.0.1' }, halogate: { portal: 'agents' } });
    t.ok(events.every(({ event }) => event.action === 'refusal'));
    t.ok(events.some(({ halogate }) => halogate?.portal === 'support'));
    t.notMatch(front.gateway.logs().join('\n'), /of-ada/);
  });

  await t.test('the form itself is not shown, and other methods carry no password to it', async t => {
    const shown = await front.ask(`GET ${HALO}/auth/account/login`, { headers: NAVIGATION });
    t.match(shown, { status: 302, arrived: undefined });
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const reply = await front.ask(`${method} ${HALO}/auth/account/login`, LOGIN);
      t.match(reply, { status: 401, code: 'SIGN_IN_REQUIRED', arrived: undefined }, method);
    }
    t.match(await front.ask(`post ${HALO}/auth/account/login`, LOGIN), { status: 400, arrived: undefined });
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X_HTTP_Method_Override']) {
      const headers = { ...FORM, [name]: 'POST' };
      const { arrived } = await front.ask(`PUT ${HALO}/auth/account/login`, {
        ...LOGIN,
        headers,
        cookie: sessions.agent,
      });
      t.equal(arrived?.method, 'PUT');
      t.equal(arrived?.header(name), undefined, `${name} does not make a POST of it`);
    }
  });
});

import t from 'tap';
import { FORM, type Front, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, CUSTOMERS, SUPPORT } from '../support/world.ts';

const SUPPORT_HOST = new URL(SUPPORT).origin;
const LOGIN = { headers: FORM, body: 'username=%61da&password=of+ada' };
const PASSWORD = { headers: FORM, body: 'grant_type=password&username=ada&password=of-ada' };

const agents = { name: 'agents', kind: 'agent', url: AGENTS };
const customers = { name: 'customers', kind: 'user', url: CUSTOMERS };
const support = { name: 'support', kind: 'user', url: SUPPORT };

type Assertions = Pick<typeof t, 'match' | 'equal'>;

/** Halo's own login of a host works: form and grant arrive as they were sent, without an identity. */
async function isOpen(t: Assertions, front: Front, base: string): Promise<void> {
  const target = `${base}/auth/account/login?ReturnUrl=%2f`;
  const form = await front.ask(`POST ${target}`, LOGIN);
  t.match(form, { status: 302, identified: false }, target);
  t.equal(form.arrived?.target, target.slice(new URL(target).origin.length));
  t.equal(form.arrived?.body.toString(), LOGIN.body);
  const grant = await front.ask(`POST ${base}/auth/token`, PASSWORD);
  t.match(grant, { status: 200, identified: false }, `${base}/auth/token`);
  t.equal(grant.arrived?.body.toString(), PASSWORD.body);
}

async function isShut(t: Assertions, front: Front, base: string): Promise<void> {
  const shut = { status: 403, code: 'NATIVE_SIGN_IN_REFUSED', arrived: undefined };
  t.match(await front.ask(`POST ${base}/auth/account/login`, LOGIN), shut, base);
  t.match(await front.ask(`POST ${base}/auth/token`, PASSWORD), shut, base);
}

t.test('nativeSignIn keeps the login of its host open while agents are forced elsewhere', async t => {
  const portals = [agents, { ...support, nativeSignIn: true }];
  const front = await startFront(t, { connection: { allow: 'agents' }, settings: { portals } });
  await isOpen(t, front, SUPPORT_HOST);
  await isOpen(t, front, SUPPORT);
  await isShut(t, front, AGENTS);
  t.match(await front.ask(`GET ${SUPPORT_HOST}/auth/account/login`, { headers: NAVIGATION }), { status: 200 });
});

t.test('without nativeSignIn a forced agent portal shuts the login of every host', async t => {
  const portals = [
    agents,
    { ...support, anonymous: true },
    { name: 'desk', kind: 'user', url: 'https://desk.example.com' },
  ];
  const front = await startFront(t, { connection: { allow: 'agents' }, settings: { portals } });
  for (const base of [AGENTS, SUPPORT_HOST, SUPPORT, 'https://desk.example.com']) await isShut(t, front, base);
  t.match(
    await front.ask('GET https://desk.example.com/', { headers: NAVIGATION }),
    { status: 200 },
    'the rest is open',
  );
});

t.test('nativeSignIn of the forced portal itself leaves its login to whoever knows the way', async t => {
  const portals = [{ ...agents, nativeSignIn: true }, customers, support];
  const front = await startFront(t, { settings: { portals } });
  t.match(await front.ask(`GET ${AGENTS}/ticket`, { headers: NAVIGATION }), { status: 302 }, 'sign-in is still forced');
  const token = await front.ask(`POST ${AGENTS}/auth/token`, PASSWORD);
  t.match(
    token,
    { status: 401, code: 'SIGN_IN_REQUIRED', arrived: undefined },
    'and is asked for before a password is',
  );
  const cookie = await front.signIn('agnes');
  const signedIn = await front.ask(`POST ${AGENTS}/auth/token`, { ...PASSWORD, cookie });
  t.match(signedIn, { status: 200, identified: true });
  t.equal(signedIn.arrived?.body.toString(), PASSWORD.body);
  await isShut(t, front, SUPPORT_HOST);
});

t.test('a forced user portal shuts the login of its own host alone, agents included', async t => {
  const front = await startFront(t, { connection: { allow: 'users', portals: ['customers'] } });
  await isShut(t, front, AGENTS);
  await isShut(t, front, CUSTOMERS);
  await isOpen(t, front, SUPPORT_HOST);
});

t.test('nativeSignIn gives the agents of such a host their login back', async t => {
  const portals = [{ ...agents, nativeSignIn: true }, customers];
  const front = await startFront(t, { connection: { allow: 'users' }, settings: { portals } });
  await isOpen(t, front, AGENTS);
  await isShut(t, front, CUSTOMERS);
});

t.test('where nothing is forced, and where no connection is published, Halo’s own login serves', async t => {
  for (const connection of [{ autoRedirect: false }, { published: false }]) {
    const front = await startFront(t, { connection });
    for (const base of [AGENTS, CUSTOMERS, SUPPORT_HOST, SUPPORT]) await isOpen(t, front, base);
    t.match(await front.ask(`GET ${AGENTS}/auth/account/login`, { headers: NAVIGATION }), { status: 200 });
  }
});

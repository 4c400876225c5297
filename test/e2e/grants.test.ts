import t from 'tap';
import { FETCH, FORM, type Front, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, SUPPORT } from '../support/world.ts';

const HALO = AGENTS;
const LIMIT = 64 * 1024;
const OTHERS = ['refresh_token', 'authorization_code', 'urn:ietf:params:oauth:grant-type:device_code', 'implicit'];

/** Spellings of one harmless request: a proxy that wrote the form anew would change each of them. */
const BODIES: readonly (string | Buffer)[] = [
  'grant_type=client_credentials&client_id=i&client_secret=s&scope=all',
  'scope=all&client_secret=s%2bt%2Fu+v%20w&client_id=i&grant_type=client_credentials',
  'grant%5Ftype=client%5fcredentials&client_secret=%E2%82%AC',
  'GRANT_TYPE=client_credentials&&x&=y&',
  'grant_type=client_credentials&secret=a=b=c&secret=d',
  'grant_type=client_credentials&name=Zo\u00eb',
  '\ufeffgrant_type=client_credentials&x=;,?/:@',
  Buffer.from('grant_type=client_credentials&x='.padEnd(LIMIT, 'y')),
];

type Assertions = Pick<typeof t, 'match' | 'equal' | 'ok'>;

function isWhole(t: Assertions, { arrived }: Awaited<ReturnType<Front['ask']>>, body: string | Buffer): void {
  const bytes = Buffer.from(body);
  t.ok(arrived?.body.equals(bytes), `byte for byte: ${bytes.toString('utf8', 0, 60)}`);
  t.equal(arrived?.bodySize, bytes.length);
}

t.test('client credentials reach Halo byte for byte, without a session and without an identity', async t => {
  const front = await startFront(t);
  for (const body of BODIES) {
    const reply = await front.ask(`POST ${HALO}/auth/token`, { headers: FORM, body });
    t.match(reply, { identified: false, arrived: { method: 'POST', target: '/auth/token' } });
    isWhole(t, reply, body);
    for (const chunks of [1000, 13]) {
      if (body.length < LIMIT || chunks === 1000)
        isWhole(t, await front.ask(`POST ${HALO}/auth/token`, { headers: FORM, body, chunks }), body);
    }
  }
  const [body = ''] = BODIES;
  for (const [target, forwarded] of [
    ['/auth/token?tenant=x%20y+z&a=%2f', '/auth/token?tenant=x%20y+z&a=%2f'],
    ['/AUTH/Token/', '/AUTH/Token/'],
    ['//auth/./to%6ben?', '/auth/token?'],
    ['/portal/auth/token', '/portal/auth/token'],
  ] as const) {
    const reply = await front.ask(`POST ${HALO}${target}`, { headers: FORM, body });
    t.match(reply, { status: 200, identified: false, arrived: { target: forwarded } }, target);
    isWhole(t, reply, body);
  }
  for (const type of ['Application/X-WWW-Form-URLEncoded', `${FORM['content-type']}; charset="UTF-8"`]) {
    const headers = { 'content-type': type, authorization: 'Basic aTpz', origin: 'https://elsewhere.example' };
    const { status, arrived } = await front.ask(`POST ${new URL(SUPPORT).origin}/auth/token`, { headers, body });
    t.match([status, arrived?.header('content-type'), arrived?.header('authorization')], [200, type, 'Basic aTpz']);
  }
  const waiting = { headers: { ...FORM, expect: '100-continue' }, body };
  isWhole(t, await front.ask(`POST ${HALO}/auth/token`, waiting), body);
});

t.test('without a session, other grants are asked to sign in and are never redirected', async t => {
  const front = await startFront(t);
  for (const grant of [...OTHERS, 'Client_Credentials', 'client_credentials2', 'passwords']) {
    const body = `grant_type=${encodeURIComponent(grant)}&refresh_token=r`;
    const reply = await front.ask(`POST ${HALO}/auth/token`, { headers: { ...FORM, ...FETCH }, body });
    t.match(reply, { status: 401, code: 'SIGN_IN_REQUIRED', arrived: undefined }, grant);
    t.match(reply.text, /"signIn":"\/\.halogate\/sign-in\?/);
    const page = await front.ask(`POST ${HALO}/portal/auth/token`, { headers: { ...FORM, ...NAVIGATION }, body });
    t.match(page, { status: 401, arrived: undefined }, `${grant}, as a page`);
    t.notMatch(page.text, /^location:/im);
  }
});

t.test('with a session every grant but password reaches Halo, byte for byte', async t => {
  const front = await startFront(t);
  for (const [who, kind] of [
    ['agnes', 'agent'],
    ['ulrich', 'user'],
  ] as const) {
    const cookie = await front.signIn(who);
    for (const grant of [...OTHERS, 'client_credentials', 'Refresh_Token', 'anything']) {
      const body = `refresh_token=r%2b+s&grant_type=${encodeURIComponent(grant)}`;
      const reply = await front.ask(`POST ${HALO}/auth/token?x`, { headers: { ...FORM, ...FETCH }, body, cookie });
      t.match(reply, { identified: true, arrived: { target: '/auth/token?x' } }, grant);
      t.equal(reply.arrived?.header('x-halo-portal'), kind);
      t.equal(reply.arrived?.header('cookie'), undefined);
      isWhole(t, reply, body);
    }
    const headers = { ...FORM, origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    const foreign = await front.ask(`POST ${HALO}/auth/token`, { headers, body: 'grant_type=refresh_token', cookie });
    t.match(foreign, { status: 403, code: 'CROSS_ORIGIN', arrived: undefined });
  }
});

t.test('routes.grants names the grants that need no session, to the letter', async t => {
  const front = await startFront(t, {
    settings: { routes: { grants: ['refresh_token', 'urn:example:x', 'password'] } },
  });
  for (const [grant, status] of [
    ['refresh_token', 400],
    ['urn%3Aexample%3Ax', 400],
    ['Refresh_Token', 401],
    ['client_credentials', 401],
    ['password', 403],
    ['Password', 403],
  ] as const) {
    const body = `grant_type=${grant}&refresh_token=unknown`;
    const reply = await front.ask(`POST ${HALO}/auth/token`, { headers: FORM, body });
    t.equal(reply.status, status, grant);
    if (status === 400) isWhole(t, reply, body);
    else t.equal(reply.arrived, undefined);
  }
});

import t from 'tap';
import { locationOf } from '../support/browser.ts';
import { FETCH, FORM, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, CUSTOMERS, SUPPORT } from '../support/world.ts';

const HALO = AGENTS;
const { origin: SUPPORT_HOST } = new URL(SUPPORT);

/** A query that a proxy which takes it apart would write in another way. */
const QUERY = '?code=a%20b+c%2f%2F&state=%7B%22halo%22%3a1%7D&&x=&x&session_state=~%7e&iss=https://login.example/?a=b';

/** Halo's own, and what arrives of each. */
const CALLBACKS: Readonly<Record<string, string>> = {
  [`${HALO}/azure/auth`]: '/azure/auth',
  [`${HALO}/Azure/AUTH`]: '/Azure/AUTH',
  [`${HALO}/azure/auth/`]: '/azure/auth/',
  [`${HALO}//azure/./auth`]: '/azure/auth',
  [`${SUPPORT_HOST}/azure/auth`]: '/azure/auth',
  [`${HALO}/auth/account/azureresponse`]: '/auth/account/azureresponse',
  [`${HALO}/auth/Account/AzureResponse/`]: '/auth/Account/AzureResponse/',
  [`${HALO}/auth/Account/SAMLResponse`]: '/auth/Account/SAMLResponse',
  [`${HALO}/auth/account/openidresponse`]: '/auth/account/openidresponse',
  [`${CUSTOMERS}/auth/account/azureresponse`]: '/portal/auth/account/azureresponse',
  [`${CUSTOMERS}/auth/account/samlresponse`]: '/portal/auth/account/samlresponse',
  [`${SUPPORT}/auth/account/openidresponse`]: '/portal/auth/account/openidresponse',
};

/** Cookies as a browser sends them: ours stripped, Halo's untouched and in their order. */
const OTHERS = 'a=1; halo.session=x=y==; empty=';

type Assertions = Pick<typeof t, 'match' | 'equal' | 'same'>;

t.test('Halo’s callbacks and its import reach it as they came, without an identity', async t => {
  const front = await startFront(t);
  const session = await front.signIn('agnes');
  const ours = `${session}; __Host-halogate-last=l; __Host-halogate-out=o; __Host-halogate-tx-abcdefgh=t`;
  const body = 'code=a%20b+c&state=halo%2Fs&SAMLResponse=PHg%2bPg%3D%3D';
  for (const [url, path] of Object.entries(CALLBACKS)) {
    for (const cookie of [undefined, OTHERS, `${ours}; ${OTHERS}`]) {
      const isWhole = (
        t: Assertions,
        { arrived, identified }: Awaited<ReturnType<typeof front.ask>>,
        method: string,
      ) => {
        t.equal(arrived?.target, path + QUERY, `${method} ${url}`);
        t.match([arrived?.method, identified, arrived?.header('cookie')], [method, false, cookie && OTHERS]);
      };
      isWhole(t, await front.ask(`GET ${url}${QUERY}`, { headers: NAVIGATION, cookie }), 'GET');
      const crossSite = { ...FORM, ...NAVIGATION, origin: 'https://login.example', 'sec-fetch-site': 'cross-site' };
      const posted = await front.ask(`POST ${url}${QUERY}`, { headers: crossSite, body, cookie });
      isWhole(t, posted, 'POST');
      t.equal(posted.arrived?.body.toString(), body);
    }
  }
});

t.test('what stands beside them is not Halo’s', async t => {
  const front = await startFront(t);
  for (const path of [
    '/azure',
    '/azure/authx',
    '/azure/auth/x',
    '/azure/auth;x',
    '/portal/azure/auth',
    '/auth/azure/auth',
    '/x/../ticket?/azure/auth',
    '/auth/account/azureresponsex',
    '/auth/account/azureresponse/x',
    '/auth/account/',
    '/auth/azureresponse',
    '/account/azureresponse',
    '/x/auth/account/azureresponse',
  ]) {
    const reply = await front.ask(`GET ${HALO}${path}`, { headers: FETCH });
    t.match(reply, { status: 401, code: 'SIGN_IN_REQUIRED', arrived: undefined }, path);
  }
  for (const path of ['/azure%2fauth', '/azure\\auth', '/azure/auth.', '/azure/auth%20', '/x/..;/azure/auth']) {
    t.match(await front.ask(`GET ${HALO}/`, { target: path }), { status: 400, arrived: undefined }, path);
  }
});

t.test('an answer to a sign-in of the gateway’s is never Halo’s, on no auth path and in no method', async t => {
  const front = await startFront(t);
  const person = front.browser();
  front.entra.choose('agnes');
  const start = await person.ask(`${HALO}/.halogate/sign-in?return=/ticket`);
  const callback = new URL(locationOf(await person.ask(locationOf(start))));
  const { search } = callback;
  for (const path of [
    '/auth/account/azureresponse',
    '/portal/auth/account/azureresponse',
    '/AUTH//account/azureResponse/',
  ]) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS']) {
      const reply = await front.ask(`${method} ${HALO}${path}${search}`, { headers: NAVIGATION });
      t.equal(reply.arrived, undefined, `${method} ${path}`);
      t.not(reply.status, 200);
    }
    const form = await front.ask(`POST ${HALO}${path}`, { headers: FORM, body: search.slice(1) });
    t.equal(form.arrived, undefined, `${path}, as a form`);
    const both = await front.ask(`GET ${HALO}${path}${search}&state=halo`, { headers: NAVIGATION });
    t.equal(both.arrived, undefined, `${path}, with another state beside it`);
  }
  t.equal((await person.go(callback)).status, 200, 'it is still good where it belongs');

  const altered = search.replace(/&state=(.)/, (_, first: string) => `&state=${first === 'A' ? 'B' : 'A'}`);
  const foreign = await front.ask(`GET ${HALO}/auth/account/azureresponse${altered}`, { headers: NAVIGATION });
  t.equal(foreign.arrived?.target, `/auth/account/azureresponse${altered}`, 'a state that is not ours is Halo’s');
  const imported = await front.ask(`GET ${HALO}/azure/auth${QUERY}`, { headers: NAVIGATION });
  t.match(imported, { status: 200, identified: false });
});

t.test('Halo’s callbacks need no connection', async t => {
  const front = await startFront(t, { connection: { published: false } });
  for (const path of ['/azure/auth', '/auth/account/azureresponse', '/portal/auth/account/samlresponse']) {
    const reply = await front.ask(`GET ${HALO}${path}${QUERY}`, { headers: NAVIGATION });
    t.match(reply, { status: 200, identified: false, arrived: { target: path + QUERY } }, path);
    t.notMatch(reply.text, /^set-cookie:/im);
  }
});

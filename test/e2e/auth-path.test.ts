import t from 'tap';
import { FETCH, FORM, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, CUSTOMERS, SUPPORT } from '../support/world.ts';

const HALO = AGENTS;
const LOGIN = { headers: FORM, body: 'username=ada&password=of-ada' };
const CLIENT = { headers: FORM, body: 'grant_type=client_credentials&client_id=i' };

for (const authPath of ['/haloauth', '/Identity/Auth/']) {
  t.test(`an on-premise Halo with its authorization at ${authPath}`, async t => {
    const front = await startFront(t, { halo: { authPath } });
    const base = authPath.replace(/\/$/, '');
    const lower = base.toLowerCase();

    for (const [link, callback] of [
      [`${HALO}/ticket`, `${HALO}${base}/account/azureresponse`],
      [`${CUSTOMERS}/home`, `${CUSTOMERS}${base}/account/azureresponse`],
      [`${SUPPORT}/home`, `${SUPPORT}${base}/account/azureresponse`],
    ] as const) {
      front.entra.choose('agnes');
      t.match(await front.browser().go(link), { status: 200, url: new URL(link) }, link);
      t.equal(front.entra.requestsTo('authorize').at(-1)?.params.redirect_uri, callback);
    }

    const shut = { status: 403, code: 'NATIVE_SIGN_IN_REFUSED', arrived: undefined };
    for (const path of [`${base}/account/login`, `${lower}/Account/Login`, `/portal${base}/account/login`, base]) {
      t.match(await front.ask(`POST ${HALO}${path}`, LOGIN), shut, path);
    }
    const password = { headers: FORM, body: 'grant_type=password' };
    t.match(await front.ask(`POST ${HALO}${base}/token`, password), shut);
    t.match(await front.ask(`POST ${HALO}${lower}/token`, CLIENT), {
      status: 200,
      arrived: { target: `${lower}/token` },
    });
    for (const path of [`${base}/account/azureresponse?code=c`, `/portal${lower}/account/openidresponse?x=%20`]) {
      const reply = await front.ask(`GET ${HALO}${path}`, { headers: NAVIGATION });
      t.match(reply, { status: 200, identified: false, arrived: { target: path } }, path);
    }
    const discovery = await front.ask(`GET ${HALO}${base}/.well-known/openid-configuration`, { headers: FETCH });
    t.match(discovery, { status: 200, identified: false });
    const logout = await front.ask(`GET ${HALO}${base}/logout`, { headers: NAVIGATION });
    t.match(logout, { status: 401, arrived: undefined }, 'its sign-out is known');
    const user = await front.signIn('ulrich', CUSTOMERS);
    const shared = await front.ask(`GET ${HALO}${base}/userinfo`, { headers: FETCH, cookie: user });
    t.match(shared, { identified: true });
    t.equal(shared.arrived?.header('x-halo-portal'), 'user');

    const required = { status: 401, code: 'SIGN_IN_REQUIRED', arrived: undefined };
    for (const request of [
      `POST ${HALO}/auth/account/login`,
      `POST ${HALO}/auth/token`,
      `GET ${HALO}/auth/account/azureresponse?code=c`,
      `GET ${HALO}/auth/.well-known/openid-configuration`,
    ]) {
      t.match(await front.ask(request, { ...CLIENT, headers: { ...FORM, ...FETCH } }), required, request);
    }
  });
}

import { decodeProtectedHeader } from 'jose';
import t from 'tap';
import { CLIENT, CONSUMER_TENANT, ELSEWHERE, type Entra, FAULTS, type FaultName } from '../../../demo/entra/index.ts';
import { Browser } from '../../support/browser.ts';
import { attempt, callbackOf, claimsOf, discover, follow, REDIRECT_URI, refusalOf, signIn, start } from './support.ts';

/** Tokens that a careful client refuses by itself. */
const REFUSED: readonly FaultName[] = [
  ...(['alg-none', 'hs256-public-key', 'hs256-client-secret', 'no-id-token'] as const),
  ...(['wrong-key', 'unknown-kid', 'key-of-consumers'] as const),
  ...(['aud-wrong', 'aud-missing', 'iss-wrong', 'iss-missing', 'iss-of-another-tenant'] as const),
  ...(['expired', 'exp-missing', 'exp-string', 'nbf-future', 'iat-missing'] as const),
  ...(['nonce-missing', 'nonce-wrong', 'sub-missing', 'aud-array'] as const),
];

/** Tokens that are sound to a general client, with the claims that only the gateway can know to be wrong. */
const LEFT_TO_THE_GATEWAY: Partial<Record<FaultName, Record<string, unknown>>> = {
  'exp-1e300': { exp: 1e300 },
  'tid-missing': { tid: undefined },
  'tid-not-a-guid': { tid: 'example.com' },
  'tid-of-another-tenant': { tid: ELSEWHERE.id },
  'tid-of-consumers': { tid: CONSUMER_TENANT },
  'oid-missing': { oid: undefined },
  'oid-number': { oid: 1 },
  'ver-wrong': { ver: '1.0' },
  'ver-missing': { ver: undefined },
  'name-object': { name: {} },
  'name-control-characters': { name: 'Agnes\r\nX-Forwarded-User: admin@example.com' },
  'username-control-characters': { preferred_username: 'agnes@example.com\nadmin' },
  'email-array': { email: ['agnes@example.com', 'admin@example.com'] },
  'groups-string': { groups: '11111111-0000-4000-8000-000000000001' },
  'groups-nested': { groups: [['11111111-0000-4000-8000-000000000001']] },
  'groups-overage': { groups: undefined, _claim_names: { groups: 'src1' } },
};

const TOKEN_ERRORS: Partial<Record<FaultName, string>> = {
  'token-429': '429 temporarily_unavailable AADSTS90055',
  'token-invalid-client': '401 invalid_client AADSTS7000222',
  'token-invalid-grant': '400 invalid_grant AADSTS70008',
  'token-interaction-required': '400 interaction_required AADSTS50076',
};

const TESTED_ONE_BY_ONE: readonly FaultName[] = [
  ...(['down', 'discovery-500', 'discovery-slow', 'discovery-rubbish', 'keys-500', 'keys-rubbish'] as const),
  ...(['authorize-500', 'token-500', 'token-down', 'token-slow', 'token-rubbish', 'no-refresh-token'] as const),
  ...(['iat-future', 'iat-past'] as const),
];

t.test('every fault is tested', async t => {
  const tested = [REFUSED, Object.keys(LEFT_TO_THE_GATEWAY), Object.keys(TOKEN_ERRORS), TESTED_ONE_BY_ONE].flat();
  t.strictSame(tested.sort(), Object.keys(FAULTS).sort());
});

for (const fault of REFUSED) {
  t.test(`${fault}: openid-client refuses the token, and takes one again when the fault is off`, async t => {
    const entra = await start(t);
    const config = await discover(entra);
    entra.faults.on(fault);
    await t.rejects(signIn(entra, config));
    entra.faults.off(fault);
    await t.resolves(signIn(entra, config));
  });
}

for (const [fault, claims] of Object.entries(LEFT_TO_THE_GATEWAY)) {
  t.test(`${fault}: the token is soundly signed and says something wrong`, async t => {
    const entra = await start(t);
    entra.faults.on(fault as FaultName);
    const told = (await signIn(entra, await discover(entra))).claims() ?? {};
    for (const [name, value] of Object.entries(claims))
      t.strictSame((told as Record<string, unknown>)[name], value, name);
  });
}

for (const [fault, expected] of Object.entries(TOKEN_ERRORS)) {
  t.test(`${fault}: the token endpoint answers with the error`, async t => {
    const entra = await start(t);
    const config = await discover(entra);
    entra.faults.on(fault as FaultName);
    t.equal(await refusalOf(signIn(entra, config)), expected);
  });
}

t.test('the signatures are wrong in the way that their names say', async t => {
  const entra = await start(t);
  const headers = async (fault?: FaultName) => {
    entra.faults.clear();
    if (fault) entra.faults.on(fault);
    return decodeProtectedHeader(await rawIdToken(entra));
  };
  const sound = await headers();
  t.equal(sound.alg, 'RS256');
  t.equal((await headers('alg-none')).alg, 'none');
  t.equal((await headers('hs256-public-key')).alg, 'HS256');
  t.equal((await headers('hs256-client-secret')).alg, 'HS256');
  t.strictSame(await headers('wrong-key'), sound, 'another key under the same name');
  t.not((await headers('unknown-kid')).kid, sound.kid);
});

t.test('iat-future and iat-past: the token is dated out of all reason', async t => {
  const entra = await start(t);
  const day = 86_400;
  const now = Date.now() / 1000;
  entra.faults.on('iat-future');
  t.ok(Number(claimsOf(await rawIdToken(entra)).iat) > now + day / 2);
  entra.faults.clear();
  entra.faults.on('iat-past');
  t.ok(Number(claimsOf(await rawIdToken(entra)).iat) < now - 20 * day);
});

t.test('down: no endpoint answers', async t => {
  const entra = await start(t);
  entra.faults.on('down');
  await t.rejects(fetch(`${entra.url}/example.com/v2.0/.well-known/openid-configuration`), TypeError);
  await t.rejects(fetch(`${entra.url}/example.com/oauth2/v2.0/token`, { method: 'POST' }), TypeError);
});

t.test('discovery and keys answer with an error or with rubbish', async t => {
  const entra = await start(t);
  const config = await discover(entra);
  for (const fault of ['discovery-500', 'discovery-rubbish'] as const) {
    entra.faults.clear();
    entra.faults.on(fault);
    await t.rejects(discover(entra), fault);
  }
  for (const fault of ['keys-500', 'keys-rubbish'] as const) {
    entra.faults.clear();
    entra.faults.on(fault);
    await t.rejects(signIn(entra, config), fault);
  }
});

t.test('slow endpoints answer properly, but later than the client waits', async t => {
  const entra = await start(t);
  const config = await discover(entra);
  entra.faults.delay = 60_000;
  entra.faults.on('discovery-slow', 'token-slow');
  const signal = () => AbortSignal.timeout(200);
  const discovery = `${entra.url}/example.com/v2.0/.well-known/openid-configuration`;
  await t.rejects(fetch(discovery, { signal: signal() }), { name: 'TimeoutError' });
  config.timeout = 0.2;
  await t.rejects(signIn(entra, config));
  entra.faults.delay = 0;
  await t.resolves(discover(entra));
});

t.test('token-500, token-down and token-rubbish: no token comes', async t => {
  const entra = await start(t);
  const config = await discover(entra);
  entra.faults.on('token-down');
  await t.rejects(signIn(entra, config), TypeError);
  entra.faults.clear();
  entra.faults.on('token-500');
  await t.rejects(signIn(entra, config), { code: 'OAUTH_RESPONSE_IS_NOT_CONFORM' });
  entra.faults.clear();
  entra.faults.on('token-rubbish');
  await t.rejects(signIn(entra, config));
});

t.test('authorize-500: the browser sees a page of the provider', async t => {
  const entra = await start(t);
  const { url } = await attempt(await discover(entra));
  entra.faults.on('authorize-500');
  const { status, headers } = await new Browser({}).ask(url);
  t.match([status, headers['content-type']], [500, 'text/html']);
});

t.test('no-refresh-token: a sign-in without a way to refresh it', async t => {
  const entra = await start(t);
  entra.faults.on('no-refresh-token');
  t.notOk((await signIn(entra, await discover(entra))).refresh_token);
});

t.test('claims can be replaced and deleted one by one', async t => {
  const entra = await start(t);
  entra.faults.claims = { name: 'Somebody Else', email: undefined, roles: ['Halo.Agent'] };
  const claims = (await signIn(entra, await discover(entra))).claims();
  t.match(claims, { name: 'Somebody Else', roles: ['Halo.Agent'], preferred_username: 'agnes@example.com' });
  t.notOk(claims && 'email' in claims);
});

t.test('the authorization endpoint can be made to answer with any error', async t => {
  const entra = await start(t);
  const { url, checks } = await attempt(await discover(entra));
  entra.faults.authorizeError = { error: 'server_error', error_description: 'AADSTS90033: later' };
  const { searchParams } = await follow(new Browser({}), url);
  t.strictSame(Object.fromEntries(searchParams), {
    error: 'server_error',
    error_description: 'AADSTS90033: later',
    state: checks.expectedState,
  });
});

/** The ID token of a sign-in of Agnes, whatever it is worth. */
async function rawIdToken(entra: Entra): Promise<string> {
  const config = await discover(entra);
  const { url, checks } = await attempt(config);
  const code = (await callbackOf(entra, url, 'agnes')).searchParams.get('code') ?? '';
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
    code_verifier: checks.pkceCodeVerifier,
  });
  const answer = await fetch(config.serverMetadata().token_endpoint ?? '', { method: 'POST', body });
  return ((await answer.json()) as { id_token: string }).id_token;
}

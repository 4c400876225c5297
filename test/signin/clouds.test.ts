import * as oidc from 'openid-client';
import t, { type Test } from 'tap';
import { CLIENT, ELSEWHERE, type Entra, type FaultName, startEntra } from '../../demo/entra/index.ts';
import { createProvider } from '../../src/signin/index.ts';
import { Browser, locationOf } from '../support/browser.ts';
import { connectionSettings, testConfig } from '../support/policy.ts';

const REDIRECT_URI = 'https://halo.example.com/auth/account/azureresponse';
/** The verifier and its challenge are those of RFC 7636 appendix B. */
const CHECKS = { state: 'state', nonce: 'nonce', codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' };
const CODE_CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** The public cloud, and those that are apart from it. */
const CLOUDS = [
  'https://login.microsoftonline.com',
  'https://login.microsoftonline.us',
  'https://login.partner.microsoftonline.cn',
];

/** The stand-in under the name of a cloud. Any request to another name fails. @returns what was asked for */
function playCloud(t: Test, entra: Entra, cloud: string): string[] {
  const { fetch } = globalThis;
  const asked: string[] = [];
  globalThis.fetch = async (address, options) => {
    const url = String(address);
    asked.push(url);
    if (!url.startsWith(`${cloud}/`)) throw new TypeError(`Nobody is at ${url}`);
    const answer = await fetch(url.replace(cloud, entra.url), options);
    const text = (await answer.text()).replaceAll(entra.url, cloud);
    return new Response(text, { status: answer.status, headers: { 'content-type': 'application/json' } });
  };
  t.teardown(() => {
    globalThis.fetch = fetch;
  });
  return asked;
}

async function providerAt(authority: string) {
  const differences = {
    tenantType: 'multi',
    tenant: undefined,
    authority,
    tenants: [{ id: ELSEWHERE.id }],
    clientId: CLIENT.id,
    credential: { secret: CLIENT.secret },
    agents: undefined,
  };
  const { connections } = await testConfig({ connections: [connectionSettings(differences)] });
  if (!connections[0]) throw new Error('There is no connection.');
  return createProvider(connections[0]);
}

/** Otto signs in at a cloud, and his code is redeemed. */
async function signIn(entra: Entra, authority: string) {
  const provider = await providerAt(authority);
  const url = await provider.authorizationUrl({
    response_type: 'code',
    scope: 'openid',
    redirect_uri: REDIRECT_URI,
    state: CHECKS.state,
    nonce: CHECKS.nonce,
    code_challenge: CODE_CHALLENGE,
    code_challenge_method: 'S256',
  });
  entra.choose('otto');
  const callback = new URL(locationOf(await new Browser({ [authority]: entra.url }).ask(url)));
  callback.searchParams.delete('session_state');
  return provider.redeem(callback, CHECKS);
}

for (const cloud of CLOUDS) {
  t.test(`${cloud}: people of any tenant sign in, and nobody else is asked about them`, async t => {
    const entra = await startEntra();
    t.teardown(() => entra.close());
    const asked = playCloud(t, entra, cloud);
    entra.faults.claims = { iss: `${cloud}/${ELSEWHERE.id}/v2.0` };
    const { claims } = await signIn(entra, cloud);
    t.match(claims, { tid: ELSEWHERE.id, iss: `${cloud}/${ELSEWHERE.id}/v2.0`, aud: CLIENT.id });
    t.strictSame(
      asked,
      [
        '/organizations/v2.0/.well-known/openid-configuration',
        '/organizations/oauth2/v2.0/token',
        '/organizations/discovery/v2.0/keys',
      ].map(path => cloud + path),
      'the code is redeemed where it was given, and the signature is checked with the keys of that authority',
    );
  });

  t.test(`${cloud}: tokens that are not its own, or not soundly signed, are refused`, async t => {
    const entra = await startEntra();
    t.teardown(() => entra.close());
    playCloud(t, entra, cloud);
    const own = { iss: `${cloud}/${ELSEWHERE.id}/v2.0` };
    const signatures: FaultName[] = ['alg-none', 'hs256-public-key', 'hs256-client-secret', 'wrong-key', 'unknown-kid'];
    for (const fault of [...signatures, 'key-of-consumers', 'aud-wrong', 'expired', 'nonce-wrong'] as const) {
      entra.faults.clear();
      entra.faults.claims = own;
      entra.faults.on(fault);
      if (fault === 'aud-wrong') entra.faults.claims = { ...own, aud: 'somebody' };
      await t.rejects(signIn(entra, cloud), { code: 'TOKEN_INVALID' }, fault);
    }
    entra.faults.clear();
    for (const iss of [`${entra.url}/${ELSEWHERE.id}/v2.0`, `${cloud}/{tenantid}/v2.0`, undefined]) {
      entra.faults.claims = { iss };
      await t.rejects(signIn(entra, cloud), { code: 'TOKEN_INVALID' }, String(iss));
    }
  });

  t.test(`${cloud}: an authority that describes another is not used`, async t => {
    const entra = await startEntra();
    t.teardown(() => entra.close());
    // Its document names the stand-in's own address.
    const { fetch } = globalThis;
    globalThis.fetch = (address, options) => fetch(String(address).replace(cloud, entra.url), options);
    t.teardown(() => {
      globalThis.fetch = fetch;
    });
    await t.rejects(signIn(entra, cloud), { code: 'PROVIDER_UNREACHABLE' });
    t.equal(entra.requestsTo('token').length, 0);
  });
}

t.test(
  'the library by itself takes templated issuers at the public cloud alone: else the way round it could go',
  async t => {
    const entra = await startEntra();
    t.teardown(() => entra.close());
    const server = new URL(`${entra.url}/organizations/v2.0`);
    const options = { execute: [oidc.allowInsecureRequests] };
    await t.rejects(oidc.discovery(server, CLIENT.id, undefined, oidc.None(), options), {
      code: 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
    });
  },
);

import * as oidc from 'openid-client';
import t from 'tap';
import { CLIENT, ELSEWHERE, G1, HOME } from '../../../demo/entra/index.ts';
import { Browser } from '../../support/browser.ts';
import { attempt, callbackOf, claimsOf, discover, formOf, REDIRECT_URI, refusalOf, signIn, start } from './support.ts';

t.test('a code is exchanged for tokens that openid-client accepts, with the claims of Entra ID', async t => {
  const entra = await start(t);
  const tokens = await signIn(entra, await discover(entra));
  const claims = tokens.claims();
  t.match(claims, {
    iss: `${entra.url}/${HOME.id}/v2.0`,
    aud: CLIENT.id,
    tid: HOME.id,
    oid: entra.people.agnes.oids[HOME.id],
    ver: '2.0',
    acct: 0,
    name: 'Agnes Agent',
    preferred_username: 'agnes@example.com',
    email: 'agnes@example.com',
    groups: [G1],
    sid: String,
    login_hint: String,
  });
  t.not(claims?.sub, claims?.oid, 'the subject is pairwise');
  const sent = entra.requestsTo('token')[0]?.params;
  t.match(sent, { grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, client_secret: CLIENT.secret });
  t.ok(sent?.code_verifier, 'what the client sent is on record');
});

t.test('a guest is marked as one, and has an object id of the inviting tenant', async t => {
  const entra = await start(t);
  const claims = (await signIn(entra, await discover(entra), 'gina')).claims();
  t.match(claims, { tid: HOME.id, acct: 1, upn: /#EXT#/, idp: `${entra.url}/${ELSEWHERE.id}/v2.0` });
  t.equal(claims?.oid, entra.people.gina.oids[HOME.id]);
});

t.test('the authority of all organisations issues tokens of the home tenant, under a templated issuer', async t => {
  const entra = await start(t);
  const answer = await fetch(`${entra.url}/organizations/v2.0/.well-known/openid-configuration`);
  const document = (await answer.json()) as Record<string, string>;
  t.equal(document.issuer, `${entra.url}/{tenantid}/v2.0`);
  const query = { client_id: CLIENT.id, redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'openid' };
  const begin = new URL(`${document.authorization_endpoint}?${new URLSearchParams(query)}`);
  const back = await callbackOf(entra, begin, 'otto');
  const form = {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: REDIRECT_URI,
  };
  const body = new URLSearchParams({ ...form, client_id: CLIENT.id, client_secret: CLIENT.secret });
  const tokens = await (await fetch(document.token_endpoint ?? '', { method: 'POST', body })).json();
  const claims = claimsOf((tokens as { id_token: string }).id_token);
  t.match(claims, { tid: ELSEWHERE.id, iss: `${entra.url}/${ELSEWHERE.id}/v2.0`, acct: 0 });
});

t.test(
  'form_post answers with a page whose form carries the code, with a button for browsers without scripts',
  async t => {
    const entra = await start(t);
    const config = await discover(entra);
    const { url, checks } = await attempt(config, { response_mode: 'form_post' });
    entra.choose('agnes');
    const page = await new Browser({}).ask(url);
    const { action, fields } = formOf(page);
    t.equal(action, REDIRECT_URI);
    t.match(page.body, '<button>Continue</button>');
    const posted = new Request(action, { method: 'POST', body: new URLSearchParams(fields) });
    const tokens = await oidc.authorizationCodeGrant(config, posted, checks);
    t.equal(tokens.claims()?.name, 'Agnes Agent');
  },
);

t.test('a code is good', async t => {
  const clock = { now: Date.now() };
  const entra = await start(t, { now: () => clock.now });
  const config = await discover(entra);
  const code = async () => {
    const { url, checks } = await attempt(config);
    return { callback: await callbackOf(entra, url, 'agnes'), checks };
  };

  t.test('once', async t => {
    const { callback, checks } = await code();
    await oidc.authorizationCodeGrant(config, callback, checks);
    t.equal(await refusalOf(oidc.authorizationCodeGrant(config, callback, checks)), '400 invalid_grant AADSTS54005');
  });
  t.test('with its verifier', async t => {
    const { callback, checks } = await code();
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const redeemed = oidc.authorizationCodeGrant(config, callback, { ...checks, pkceCodeVerifier });
    t.equal(await refusalOf(redeemed), '400 invalid_grant AADSTS501481');
  });
  t.test('for its redirect URI', async t => {
    const { callback, checks } = await code();
    callback.pathname = '/portal/auth/account/azureresponse';
    t.equal(await refusalOf(oidc.authorizationCodeGrant(config, callback, checks)), '400 invalid_grant AADSTS500112');
  });
  t.test('for the tenant that issued it', async t => {
    const { callback, checks } = await code();
    const elsewhere = await discover(entra, ELSEWHERE.id);
    t.equal(await refusalOf(oidc.authorizationCodeGrant(elsewhere, callback, checks)), '400 invalid_grant AADSTS70000');
  });
  t.test('for ten minutes', async t => {
    const { callback, checks } = await code();
    clock.now += 600_000;
    t.equal(await refusalOf(oidc.authorizationCodeGrant(config, callback, checks)), '400 invalid_grant AADSTS70008');
  });
  t.test('with the secret of the client', async t => {
    const { callback, checks } = await code();
    const stranger = new oidc.Configuration(
      config.serverMetadata(),
      CLIENT.id,
      undefined,
      oidc.ClientSecretPost('guess'),
    );
    oidc.allowInsecureRequests(stranger);
    t.equal(
      await refusalOf(oidc.authorizationCodeGrant(stranger, callback, checks)),
      '401 invalid_client AADSTS7000215',
    );
  });
});

t.test('refreshing', async t => {
  const entra = await start(t);
  const config = await discover(entra);
  const tokens = async () => (await signIn(entra, config)).refresh_token ?? '';

  t.test('gives new tokens of the same person, and uses the old refresh token up', async t => {
    const first = await tokens();
    entra.people.agnes.groups = [];
    const second = await oidc.refreshTokenGrant(config, first);
    t.equal(second.claims()?.oid, entra.people.agnes.oids[HOME.id]);
    t.notOk(second.claims()?.groups, 'a group that was taken away is gone');
    t.not(second.refresh_token, first);
    t.equal(await refusalOf(oidc.refreshTokenGrant(config, first)), '400 invalid_grant AADSTS70000');
    await t.resolves(oidc.refreshTokenGrant(config, second.refresh_token ?? ''));
  });
  t.test('ends when an administrator revokes', async t => {
    const first = await tokens();
    entra.revoke('agnes');
    t.equal(await refusalOf(oidc.refreshTokenGrant(config, first)), '400 invalid_grant AADSTS50173');
  });
  t.test('ends when the account is disabled', async t => {
    const first = await tokens();
    entra.people.agnes.disabled = true;
    t.equal(await refusalOf(oidc.refreshTokenGrant(config, first)), '400 invalid_grant AADSTS50057');
  });
});

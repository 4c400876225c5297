import t from 'tap';
import { CLIENT, CONSUMER_TENANT, ELSEWHERE, type Entra, HOME, type PersonKey } from '../../../demo/entra/index.ts';
import { Browser } from '../../support/browser.ts';
import { callbackOf, claimsOf, follow, formOf, REDIRECT_URI, start } from './support.ts';

/** Where a person is sent to sign in, through an authority that takes the people of many tenants. */
function authorizeUrl(entra: Entra, authority: string): URL {
  const query = { client_id: CLIENT.id, redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'openid' };
  return new URL(`${entra.url}/${authority}/oauth2/v2.0/authorize?${new URLSearchParams(query)}`);
}

async function redeem(entra: Entra, authority: string, code: string): Promise<Response> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
  const body = new URLSearchParams({ ...form, client_id: CLIENT.id, client_secret: CLIENT.secret });
  return fetch(`${entra.url}/${authority}/oauth2/v2.0/token`, { method: 'POST', body });
}

async function claimsThrough(entra: Entra, authority: string, person: PersonKey): Promise<Record<string, unknown>> {
  const { searchParams } = await callbackOf(entra, authorizeUrl(entra, authority), person);
  const answer = await redeem(entra, authority, searchParams.get('code') ?? '');
  return claimsOf(((await answer.json()) as { id_token: string }).id_token);
}

t.test('private accounts sign in where everybody may, and not where organisations alone may', async t => {
  const entra = await start(t);
  const { searchParams } = await callbackOf(entra, authorizeUrl(entra, 'organizations'), 'connie');
  t.match(searchParams.get('error_description'), /^AADSTS500200: /);
  t.match(await claimsThrough(entra, 'common', 'connie'), { tid: CONSUMER_TENANT });
});

t.test('a code is good only at the authority through which it was asked for', async t => {
  const entra = await start(t);
  for (const [asked, redeemed, status] of [
    ['organizations', 'organizations', 200],
    ['organizations', ELSEWHERE.id, 400],
    ['organizations', 'common', 400],
    [ELSEWHERE.id, 'organizations', 400],
  ] as const) {
    const { searchParams } = await callbackOf(entra, authorizeUrl(entra, asked), 'otto');
    const answer = await redeem(entra, redeemed, searchParams.get('code') ?? '');
    t.equal(answer.status, status, `${asked}, ${redeemed}`);
  }
});

t.test('a token lists up to 200 groups, and of more says only that there are some', async t => {
  const entra = await start(t);
  entra.people.agnes.groups = Array.from({ length: 200 }, (_, index) => `group ${index}`);
  t.match(await claimsThrough(entra, HOME.id, 'agnes'), { groups: { length: 200 }, _claim_names: undefined });
  entra.people.agnes.groups.push('one more');
  t.match(await claimsThrough(entra, HOME.id, 'agnes'), { groups: undefined, _claim_names: { groups: 'src1' } });
});

t.test('a token says whether the domain of the address is proven', async t => {
  const entra = await start(t);
  t.match(await claimsThrough(entra, 'organizations', 'otto'), { xms_edov: true });
  entra.people.otto.emailDomainVerified = false;
  t.match(await claimsThrough(entra, 'organizations', 'otto'), { xms_edov: false });
});

t.test(
  'each key says for whom it may sign, and where anybody may sign in there is one for private accounts',
  async t => {
    const entra = await start(t);
    const issuers = async (authority: string) => {
      const answer = await fetch(`${entra.url}/${authority}/discovery/v2.0/keys`);
      return ((await answer.json()) as { keys: { issuer: string }[] }).keys.map(({ issuer }) => issuer);
    };
    const tenants = `${entra.url}/{tenantid}/v2.0`;
    t.strictSame(await issuers(HOME.id), [tenants]);
    t.strictSame(await issuers('organizations'), [tenants, `${entra.url}/${CONSUMER_TENANT}/v2.0`]);
  },
);

t.test('people of a tenant that did not approve the app sign in once its administrator has', async t => {
  const entra = await start(t, { clients: [{ ...CLIENT, consentedBy: [HOME.id] }] });
  const refused = await callbackOf(entra, authorizeUrl(entra, 'organizations'), 'otto');
  t.match(refused.searchParams.get('error'), 'consent_required');
  t.match(refused.searchParams.get('error_description'), /^AADSTS65001: /);

  const browser = new Browser({});
  const query = { client_id: CLIENT.id, redirect_uri: REDIRECT_URI, scope: 'openid', state: 'of-the-client' };
  const page = await browser.ask(`${entra.url}/organizations/v2.0/adminconsent?${new URLSearchParams(query)}`);
  const { action, fields } = formOf(page);
  const cancelled = await follow(browser, action, { method: 'POST', form: { ...fields, tenant: '' } });
  t.match(Object.fromEntries(cancelled.searchParams), { error: 'access_denied', state: 'of-the-client' });
  const approved = await follow(browser, action, { method: 'POST', form: { ...fields, tenant: ELSEWHERE.id } });
  t.match(Object.fromEntries(approved.searchParams), {
    admin_consent: 'True',
    tenant: ELSEWHERE.id,
    state: 'of-the-client',
  });
  t.match(await claimsThrough(entra, 'organizations', 'otto'), { tid: ELSEWHERE.id });
});

t.test('an administrator is asked only for what can be granted', async t => {
  const entra = await start(t);
  const query = { client_id: CLIENT.id, redirect_uri: REDIRECT_URI };
  const page = await new Browser({}).ask(`${entra.url}/organizations/v2.0/adminconsent?${new URLSearchParams(query)}`);
  t.match([page.status, page.body], [400, /AADSTS90014/]);
});

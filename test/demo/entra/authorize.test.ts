import t from 'tap';
import { CLIENT, HOME } from '../../../demo/entra/index.ts';
import { Browser } from '../../support/browser.ts';
import { attempt, callbackOf, discover, follow, formOf, REDIRECT_URI, start } from './support.ts';

t.test('a person is chosen on a page', async t => {
  const entra = await start(t);
  const { url, checks } = await attempt(await discover(entra));
  const browser = new Browser({});
  const page = await browser.ask(url);
  for (const { name } of Object.values(entra.people)) t.match(page.body, `${name}<small>`);
  t.match(page.body, 'stands in for Microsoft Entra ID');
  const { action, fields } = formOf(page);
  const back = await follow(browser, action, { method: 'POST', form: { ...fields, person: 'agnes' } });
  t.equal(`${back.origin}${back.pathname}`, REDIRECT_URI);
  t.equal(back.searchParams.get('state'), checks.expectedState);
  t.ok(back.searchParams.get('code'));
});

t.test('who cannot sign in comes back with an error and no code', async t => {
  const entra = await start(t);
  const config = await discover(entra);
  for (const [choice, number] of [
    ['otto', 50020],
    ['dora', 50057],
    ['cancel', 65004],
  ] as const) {
    const { url, checks } = await attempt(config);
    const { searchParams } = await callbackOf(entra, url, choice);
    t.equal(searchParams.get('error'), 'access_denied');
    t.match(searchParams.get('error_description'), new RegExp(`^AADSTS${number}: `));
    t.equal(searchParams.get('state'), checks.expectedState);
    t.notOk(searchParams.has('code'));
  }
});

t.test('a browser that signed in before is not asked again', async t => {
  const entra = await start(t);
  const config = await discover(entra);
  const browser = new Browser({});
  const open = async (params: Record<string, string> = {}) => browser.ask((await attempt(config, params)).url);
  entra.choose('agnes');
  await open();

  t.equal((await open()).status, 302, 'silently signed in');
  t.equal((await open({ prompt: 'none' })).status, 302);
  t.equal((await open({ login_hint: 'agnes@example.com' })).status, 302);
  t.equal((await open({ login_hint: 'ulrich@example.com' })).status, 200, 'unless somebody else is hinted at');
  t.equal((await open({ prompt: 'select_account' })).status, 200, 'or a choice is asked for');
  t.equal((await open({ prompt: 'login' })).status, 200, 'or a fresh sign-in');
});

t.test('prompt=none in a browser where nobody is signed in is an error', async t => {
  const entra = await start(t);
  const { url } = await attempt(await discover(entra), { prompt: 'none' });
  const { searchParams } = await follow(new Browser({}), url);
  t.equal(searchParams.get('error'), 'login_required');
});

t.test('hints', async t => {
  const entra = await start(t, { autoSelect: true });
  const config = await discover(entra);

  t.test('a login hint signs its person in where the stand-in selects by itself', async t => {
    const { url } = await attempt(config, { login_hint: 'ulrich@example.com' });
    t.ok((await follow(new Browser({}), url)).searchParams.get('code'));
  });
  t.test('a domain hint puts the people of that domain first', async t => {
    const { url } = await attempt(config, { domain_hint: 'elsewhere.example' });
    const { body } = await new Browser({}).ask(url);
    t.ok(body.indexOf('Otto Other') < body.indexOf('Agnes Agent'));
  });
});

t.test('a request that cannot be trusted gets a page, and nothing goes to its redirect URI', async t => {
  const entra = await start(t, { clients: [{ ...CLIENT, redirectUris: [REDIRECT_URI] }] });
  const config = await discover(entra);
  const refused = async (params: Record<string, string>, number: number) => {
    const { status, headers, body } = await new Browser({}).ask((await attempt(config, params)).url);
    t.match([status, headers.location, body], [400, undefined, `AADSTS${number}: `]);
  };
  await refused({ redirect_uri: 'https://attacker.example/' }, 50011);
  await refused({ redirect_uri: `${REDIRECT_URI}/` }, 50011);
  await refused({ redirect_uri: REDIRECT_URI.replace('azure', 'Azure') }, 50011);
  await refused({ client_id: 'somebody' }, 700016);
  await refused({ response_mode: 'fragment' }, 90014);
});

t.test('a request that asks for too much or too little comes back with an error', async t => {
  const entra = await start(t);
  const config = await discover(entra);
  const errorFor = async (params: Record<string, string>) =>
    (await follow(new Browser({}), (await attempt(config, params)).url)).searchParams.get('error');
  t.equal(await errorFor({ response_type: 'token' }), 'unsupported_response_type');
  t.equal(await errorFor({ scope: 'profile' }), 'invalid_scope');
  t.equal(await errorFor({ code_challenge_method: 'plain' }), 'invalid_request');
});

t.test('a tenant that does not exist is not found', async t => {
  const entra = await start(t);
  const answer = await fetch(`${entra.url}/unknown.example/v2.0/.well-known/openid-configuration`);
  t.equal(answer.status, 400);
  t.match(await answer.json(), { error: 'invalid_tenant', error_codes: [90002] });
  const byDomain = await fetch(`${entra.url}/example.com/v2.0/.well-known/openid-configuration`);
  t.match(await byDomain.json(), { issuer: `${entra.url}/${HOME.id}/v2.0` });
});

import t from 'tap';
import { json, post, start } from './support.ts';

const AGNES = { 'x-forwarded-user': 'agnes@example.com' };

t.test("Halo's own sign-in takes every password, sets its cookies and goes to the return address", async t => {
  const halo = await start(t);
  const form = await (await fetch(`${halo.url}/auth/account/login?ReturnUrl=/tickets`)).text();
  t.match(form, '<input type="hidden" name="ReturnUrl" value="/tickets">');

  const answer = await post(`${halo.url}/auth/account/login`, {
    username: 'agnes',
    password: 'x',
    ReturnUrl: '/tickets',
  });
  t.match([answer.status, answer.headers.get('location')], [302, '/tickets']);
  const cookies = answer.headers.getSetCookie();
  t.match(cookies, [/^\.AspNetCore\.Identity\.Application=/, /^refresh_token=/]);
  const cookie = cookies.map(line => line.split(';')[0]).join('; ');
  const app = await (await fetch(`${halo.url}/`, { headers: { cookie } })).text();
  t.match(app, '<dt>Username</dt><dd>agnes</dd>');
  t.match(app, 'Halo&#39;s own sign-in');

  const signedOut = await fetch(`${halo.url}/auth/logout`, { redirect: 'manual' });
  t.match([signedOut.status, signedOut.headers.get('location')], [302, '/']);
  for (const line of signedOut.headers.getSetCookie()) t.match(line, 'Max-Age=0');
});

t.test("Halo's own sign-in leads to no other host", async t => {
  const halo = await start(t);
  for (const ReturnUrl of ['https://attacker.example/', '//attacker.example/', '/\\attacker.example']) {
    const answer = await post(`${halo.url}/auth/account/login`, { username: 'agnes', ReturnUrl });
    t.equal(answer.headers.get('location'), '/');
  }
});

t.test('tokens', async t => {
  const halo = await start(t);
  const token = (form: Record<string, string>) => post(`${halo.url}/auth/token`, form);

  t.test('client_credentials: an opaque access token, and nothing to refresh', async t => {
    const body = await json(await token({ grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' }));
    t.match(body.access_token, /^[\w-]{43}$/);
    t.notOk('refresh_token' in body);
  });
  t.test('password, then refresh_token, once, by form or by cookie', async t => {
    const answer = await token({ grant_type: 'password', username: 'agnes', password: 'x' });
    const first = String((await json(answer)).refresh_token);
    t.match(answer.headers.getSetCookie(), [`refresh_token=${first}; `]);
    const second = await json(await token({ grant_type: 'refresh_token', refresh_token: first }));
    t.equal((await token({ grant_type: 'refresh_token', refresh_token: first })).status, 400);
    const cookie = { cookie: `refresh_token=${second.refresh_token}` };
    t.equal((await post(`${halo.url}/auth/token`, { grant_type: 'refresh_token' }, cookie)).status, 200);
  });
  t.test('authorization_code, for whoever is signed in, once', async t => {
    const target = `${halo.url}/auth/authorize?response_type=code&redirect_uri=/app&state=s%261`;
    const answer = await fetch(target, { headers: AGNES, redirect: 'manual' });
    const back = new URL(answer.headers.get('location') ?? '');
    t.match([back.pathname, back.searchParams.get('state')], ['/app', 's&1']);
    const form = { grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '' };
    t.equal((await token(form)).status, 200);
    t.equal((await token(form)).status, 400);
  });
  t.test('the implicit grant gives the token in the fragment', async t => {
    const target = `${halo.url}/auth/authorize?response_type=token&redirect_uri=/app`;
    const answer = await fetch(target, { headers: AGNES, redirect: 'manual' });
    t.match(answer.headers.get('location'), /\/app#access_token=[\w-]{43}&token_type=Bearer$/);
  });
  t.test('any other grant is refused', async t => {
    t.match(await json(await token({ grant_type: 'PASSWORD' })), { error: 'unsupported_grant_type' });
  });
});

t.test('authorize asks a stranger to sign in, and answers at no other host', async t => {
  const halo = await start(t);
  const answer = await fetch(`${halo.url}/auth/authorize?redirect_uri=/app`, { redirect: 'manual' });
  t.equal(
    answer.headers.get('location'),
    `/auth/account/login?ReturnUrl=${encodeURIComponent('/auth/authorize?redirect_uri=/app')}`,
  );
  const elsewhere = await fetch(`${halo.url}/auth/authorize?redirect_uri=https://attacker.example/`, {
    headers: AGNES,
  });
  t.equal(elsewhere.status, 400);
});

t.test("Halo's callbacks take GET and POST, in any letter case, below the portal too", async t => {
  const halo = await start(t);
  for (const path of [
    '/auth/account/azureresponse',
    '/auth/Account/SAMLResponse',
    '/auth/account/openidresponse',
    '/portal/auth/account/azureresponse',
    '/azure/auth',
  ]) {
    t.match(await (await fetch(`${halo.url}${path}?code=1`)).text(), `Halo received GET ${path}?code=1`);
    t.match(await (await post(`${halo.url}${path}`, { code: '1' })).text(), `Halo received POST ${path}`);
  }
});

t.test('the discovery document names the address that the browser uses', async t => {
  const halo = await start(t, { authPath: '/idp' });
  const headers = { 'x-forwarded-proto': 'https' };
  const document = await json(await fetch(`${halo.url}/idp/.well-known/openid-configuration`, { headers }));
  t.equal(document.token_endpoint, `https://127.0.0.1:${halo.port}/idp/token`);
});

import { randomBytes } from 'node:crypto';
import { readBody, redirect, sendHtml, sendJson } from '../web/index.ts';
import type { Context, HaloState, Route } from './context.ts';
import { HALO_COOKIE, haloCookie } from './identity.ts';
import { loginPage, plainPage } from './pages.ts';

const CALLBACKS = ['azureresponse', 'samlresponse', 'openidresponse'];

/** The routes under the authorization path; each portal has them too, under its own path. */
export function authRoutes(authPath: string): Route[] {
  const callback = ({ response, received }: Context) =>
    sendHtml(response, 200, plainPage('Halo: sign-in callback', `Halo received ${received.method} ${received.target}`));
  return [
    { methods: ['GET'], path: `${authPath}/account/login`, act: showLogin },
    { methods: ['POST'], path: `${authPath}/account/login`, act: takeLogin },
    { methods: ['POST'], path: `${authPath}/token`, act: token },
    { methods: ['GET', 'POST'], path: `${authPath}/authorize`, act: authorize },
    { methods: ['GET', 'POST'], path: `${authPath}/logout`, act: logout },
    { methods: ['GET'], path: `${authPath}/.well-known/openid-configuration`, act: discovery },
    ...CALLBACKS.map(name => ({ methods: ['GET', 'POST'], path: `${authPath}/account/${name}`, act: callback })),
    { methods: ['GET', 'POST'], path: '/azure/auth', act: callback },
  ];
}

function showLogin({ response, received, query }: Context): void {
  const action = received.target.replace(/\?.*$/s, '');
  sendHtml(response, 200, loginPage(action, query.get('returnurl') ?? query.get('ReturnUrl') ?? '/'));
}

async function takeLogin({ request, response, halo }: Context): Promise<void> {
  const form = new URLSearchParams((await readBody(request)).toString('utf8'));
  const username = form.get('username') || 'somebody';
  response.setHeader('set-cookie', [
    `${HALO_COOKIE}=${haloCookie(username)}; Path=/; HttpOnly; SameSite=Lax`,
    `refresh_token=${issueRefreshToken(halo, username)}; Path=/; HttpOnly; SameSite=Lax`,
  ]);
  const target = form.get('ReturnUrl') ?? '/';
  redirect(response, /^\/(?![/\\])/.test(target) ? target : '/');
}

/** Four grants; the implicit one, the fifth, never comes to this endpoint. */
async function token({ request, response, halo, cookies }: Context): Promise<void> {
  const form = new URLSearchParams((await readBody(request)).toString('utf8'));
  const answer = (username: string | undefined) => {
    const body = { token_type: 'Bearer', access_token: opaque(), expires_in: 3600, scope: form.get('scope') ?? 'all' };
    if (username === undefined) return sendJson(response, 200, body);
    const refreshToken = issueRefreshToken(halo, username);
    response.setHeader('set-cookie', `refresh_token=${refreshToken}; Path=/; HttpOnly; SameSite=Lax`);
    return sendJson(response, 200, { ...body, refresh_token: refreshToken });
  };
  switch (form.get('grant_type')) {
    case 'client_credentials':
      return answer(undefined);
    case 'password':
      return answer(form.get('username') ?? 'somebody');
    case 'refresh_token':
      return answerOnce(halo.refreshTokens, form.get('refresh_token') ?? cookies.get('refresh_token') ?? '');
    case 'authorization_code':
      return answerOnce(halo.codes, form.get('code') ?? '');
    default:
      return sendJson(response, 400, { error: 'unsupported_grant_type' });
  }

  function answerOnce(good: Map<string, string>, presented: string): void {
    const username = good.get(presented);
    if (username === undefined) return sendJson(response, 400, { error: 'invalid_grant' });
    good.delete(presented);
    return answer(username);
  }
}

/** The code flow and the implicit flow of Halo's own app, for whoever is signed in. */
function authorize({ response, received, query, visitor, origin, halo }: Context): void {
  const target = new URL(query.get('redirect_uri') ?? '/', origin);
  if (target.origin !== origin) return sendJson(response, 400, { error: 'invalid_request' });
  if (!visitor) {
    const back = encodeURIComponent(received.target);
    return redirect(response, `${halo.authPath}/account/login?ReturnUrl=${back}`);
  }
  const values = new URLSearchParams();
  if (query.get('response_type') === 'token') {
    values.set('access_token', opaque());
    values.set('token_type', 'Bearer');
  } else {
    const code = opaque();
    halo.codes.set(code, visitor.username);
    values.set('code', code);
  }
  const state = query.get('state');
  if (state !== null) values.set('state', state);
  if (values.has('code')) {
    for (const [name, value] of values) target.searchParams.set(name, value);
  } else {
    target.hash = values.toString();
  }
  return redirect(response, target.href);
}

function logout({ response }: Context): void {
  response.setHeader(
    'set-cookie',
    [HALO_COOKIE, 'refresh_token'].map(name => `${name}=; Path=/; Max-Age=0`),
  );
  redirect(response, '/');
}

function discovery({ response, origin, halo }: Context): void {
  const base = `${origin}${halo.authPath}`;
  sendJson(response, 200, {
    issuer: `${base}/`,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    end_session_endpoint: `${base}/logout`,
    grant_types_supported: ['authorization_code', 'client_credentials', 'implicit', 'password', 'refresh_token'],
  });
}

function issueRefreshToken(halo: HaloState, username: string): string {
  const refreshToken = opaque();
  halo.refreshTokens.set(refreshToken, username);
  return refreshToken;
}

/** 43 characters that mean nothing to anybody else. */
function opaque(): string {
  return randomBytes(32).toString('base64url');
}

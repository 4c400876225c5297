import { readBody, redirect, sendHtml, sendJson } from '../web/index.ts';
import type { Context, Route } from './context.ts';
import { HALO_COOKIE, haloCookie } from './identity.ts';
import { loginPage, plainPage } from './pages.ts';
import { issueRefreshToken, opaque, token } from './tokens.ts';

const CALLBACKS = ['azureresponse', 'samlresponse', 'openidresponse'];

/** The routes under the authorization path, which the portal has under its own path too, and Halo's import callback. */
export function authRoutes(authPath: string): Route[] {
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
  sendHtml(response, 200, loginPage(action, query.get('ReturnUrl') ?? '/'));
}

/** Takes every password. */
async function takeLogin({ request, response, halo }: Context): Promise<void> {
  const form = new URLSearchParams((await readBody(request)).toString('utf8'));
  const username = form.get('username') || 'somebody';
  response.setHeader('set-cookie', [
    `${HALO_COOKIE}=${haloCookie(username)}; Path=/; HttpOnly; SameSite=Lax`,
    issueRefreshToken(halo, username).setCookie,
  ]);
  const target = form.get('ReturnUrl') ?? '/';
  redirect(response, /^\/(?![/\\])/.test(target) ? target : '/');
}

/** The code flow and the implicit flow of Halo's own app, for whoever is signed in. */
function authorize({ response, received, query, visitor, origin, halo }: Context): void {
  const target = new URL(query.get('redirect_uri') ?? '/', origin);
  if (target.origin !== origin) {
    sendJson(response, 400, { error: 'invalid_request' });
    return;
  }
  if (!visitor) {
    redirect(response, `${halo.authPath}/account/login?ReturnUrl=${encodeURIComponent(received.target)}`);
    return;
  }
  const state = query.get('state');
  const echoed: Record<string, string> = state === null ? {} : { state };
  if (query.get('response_type') === 'token') {
    target.hash = new URLSearchParams({ access_token: opaque(), token_type: 'Bearer', ...echoed }).toString();
  } else {
    const code = opaque();
    halo.codes.set(code, visitor.username);
    for (const [name, value] of Object.entries({ code, ...echoed })) target.searchParams.set(name, value);
  }
  redirect(response, target.href);
}

function logout({ response }: Context): void {
  const expired = [HALO_COOKIE, 'refresh_token'].map(name => `${name}=; Path=/; Max-Age=0`);
  response.setHeader('set-cookie', expired);
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

function callback({ response, received }: Context): void {
  const { method, target } = received;
  sendHtml(response, 200, plainPage('Halo: sign-in callback', `Halo received ${method} ${target}`));
}

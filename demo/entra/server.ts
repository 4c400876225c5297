import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { cookiesOf, type Handler, queryOf, readBody, sendHtml, sendJson } from '../web/index.ts';
import { adminConsent } from './admin-consent.ts';
import { authorityOf, discoveryDocument } from './authority.ts';
import { authorize } from './authorize.ts';
import { EntraError } from './errors.ts';
import type { Endpoint } from './faults.ts';
import { keySet } from './keys.ts';
import { logout } from './logout.ts';
import { errorPage } from './pages.ts';
import type { Call, State } from './state.ts';
import { token } from './token.ts';

const PATHS: Readonly<Record<string, { readonly endpoint: Endpoint; readonly methods: readonly string[] }>> = {
  'v2.0/.well-known/openid-configuration': { endpoint: 'discovery', methods: ['GET'] },
  'discovery/v2.0/keys': { endpoint: 'keys', methods: ['GET'] },
  'oauth2/v2.0/authorize': { endpoint: 'authorize', methods: ['GET', 'POST'] },
  'v2.0/adminconsent': { endpoint: 'adminconsent', methods: ['GET', 'POST'] },
  'oauth2/v2.0/token': { endpoint: 'token', methods: ['POST'] },
  'oauth2/v2.0/logout': { endpoint: 'logout', methods: ['GET', 'POST'] },
};

/** What a person's browser opens: errors are pages there. */
const PAGES: ReadonlySet<Endpoint> = new Set(['authorize', 'adminconsent', 'logout']);

/** Answers requests out of a state, or as its faults have it. */
export function serve(state: State): Handler {
  return async (request, response) => {
    const [, tenant = '', rest = ''] = /^\/([^/?]+)\/([^?]*)/.exec(request.url ?? '') ?? [];
    const route = Object.hasOwn(PATHS, rest) ? PATHS[rest] : undefined;
    if (!route) return sendJson(response, 404, { error: 'not_found' });
    const method = request.method ?? '';
    if (!route.methods.includes(method)) return sendJson(response, 405, { error: 'method_not_allowed' });
    const { endpoint } = route;
    const call = await read(request, tenant, endpoint);
    const { headers } = request;
    state.requests.push({ endpoint, method, tenant, params: Object.fromEntries(call.params), headers });
    try {
      if (!(await misbehave(state, endpoint, response))) await act(state, endpoint, call, response);
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      if (PAGES.has(endpoint)) sendHtml(response, error.status, errorPage(error));
      else sendJson(response, error.status, error);
    }
  };
}

/** The token endpoint reads its form alone; the pages take query and form together. */
async function read(request: IncomingMessage, tenant: string, endpoint: Endpoint): Promise<Call> {
  const params = endpoint === 'token' ? new URLSearchParams() : queryOf(request);
  for (const [name, value] of new URLSearchParams((await readBody(request)).toString('utf8'))) params.set(name, value);
  return { tenant, params, cookies: cookiesOf(request) };
}

/** Does what a fault says, and tells whether that was the answer. */
async function misbehave(state: State, endpoint: Endpoint, response: ServerResponse): Promise<boolean> {
  const answer = state.switches.answerAt(endpoint);
  switch (answer?.kind) {
    case 'hang-up':
      response.destroy();
      return true;
    case 'slow':
      // A stand-in that is closed meanwhile must not keep the process alive.
      await sleep(state.switches.delay, undefined, { ref: false });
      return false;
    case 'rubbish':
      sendHtml(response, 200, '<h1>Not what you asked for</h1>');
      return true;
    case 'error':
      throw new EntraError(answer.error, answer.code, answer.status);
    default:
      return false;
  }
}

async function act(state: State, endpoint: Endpoint, call: Call, response: ServerResponse): Promise<void> {
  switch (endpoint) {
    case 'discovery':
      return sendJson(response, 200, discoveryDocument(state.url, call.tenant));
    case 'keys':
      return sendJson(response, 200, await keySet(state.url, authorityOf(call.tenant)));
    case 'authorize':
      return authorize(state, call, response);
    case 'adminconsent':
      return adminConsent(state, call, response);
    case 'token':
      return token(state, call, response);
    case 'logout':
      return logout(state, call, response);
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Handler, queryOf, readBody, sendJson } from '../web/index.ts';
import { contracts } from './contracts.ts';
import { memberObjects } from './member-objects.ts';
import { type Call, type Reply, refusal, type State, type WrongAnswer } from './state.ts';

type Endpoint = (state: State, call: Call) => Reply;

/** By method and path. */
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ['GET /v1.0/contracts', contracts],
  ['POST /v1.0/me/getMemberObjects', memberObjects],
]);

/** Answers requests out of a state, or as it is told to. */
export function serve(state: State): Handler {
  return async (request, response) => {
    const { method = '', url: target = '', headers } = request;
    state.requests.push({ method, target, authorization: headers.authorization });
    const wrong = state.next.shift() ?? state.always;
    if (wrong !== undefined) return misbehave(wrong, response);
    const { status, body } = await act(state, request, target);
    sendJson(response, status, body);
  };
}

function misbehave(wrong: WrongAnswer, response: ServerResponse): void {
  if (wrong === 'silence') return;
  if (wrong === 'hang-up') {
    response.destroy();
    return;
  }
  const { status, headers, body } = wrong;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body ?? { error: { code: 'Wrong', message: '' } }));
}

async function act(state: State, request: IncomingMessage, target: string): Promise<Reply> {
  const [path = ''] = target.split('?', 1);
  const endpoint = ENDPOINTS.get(`${request.method} ${path}`);
  if (!endpoint) return refusal(404, 'Request_ResourceNotFound', 'Resource not found.');
  const token = state.tokens(/^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
  if (!token || !isForGraph(token.scope, state.url)) {
    return refusal(401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.');
  }
  return endpoint(state, { token, query: queryOf(request), body: (await readBody(request)).toString('utf8') });
}

/** A scope that names no resource is one of Graph's. */
function isForGraph(scope: string, url: string): boolean {
  return scope.split(' ').every(part => !part.includes('://') || part.startsWith(`${url}/`));
}

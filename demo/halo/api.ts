import { readBody, sendHtml, sendJson } from '../web/index.ts';
import type { Context, Route } from './context.ts';
import { plainPage } from './pages.ts';
import { headerPairs } from './received.ts';

const TICKETS = [
  { id: 1042, summary: 'The printer on the second floor is silent' },
  { id: 1043, summary: 'A new colleague needs an account' },
];

/** What programs ask for: JSON, webhooks, and the tokenised pages for people without an account. */
export const API_ROUTES: readonly Route[] = [
  { methods: ['GET'], path: '/api/authinfo', act: authInfo },
  { methods: ['GET'], path: '/api/tickets', act: listTickets },
  { methods: ['POST'], path: '/api/tickets', act: writeTickets },
  { methods: ['GET', 'POST'], path: '/api/notify/*', act: notify },
  { methods: ['*'], path: '/api/echo', act: echo },
  { methods: ['GET'], path: '/api/cookies', act: setCookies },
  { methods: ['GET'], path: '/chat/index.js', act: chat },
  { methods: ['GET'], path: '/portal/anonymouskb', act: anonymousArticle },
];

function authInfo({ response, origin, halo }: Context): void {
  sendJson(response, 200, { auth_url: `${origin}${halo.authPath}`, tenant_id: '' });
}

function listTickets({ response, visitor }: Context): void {
  sendJson(response, 200, { record_count: TICKETS.length, tickets: TICKETS, seen_by: visitor?.username ?? null });
}

/** Halo takes writes as an array and answers with what it stored. */
async function writeTickets({ request, response }: Context): Promise<void> {
  const tickets = parse(await readBody(request));
  if (!Array.isArray(tickets)) return sendJson(response, 400, { error: 'an array is expected' });
  sendJson(response, 201, tickets);
}

async function notify({ request, response, path, visitor }: Context): Promise<void> {
  const bytes = (await readBody(request)).length;
  sendJson(response, 200, { hook: path.slice('/api/notify/'.length), bytes, identity: visitor?.username ?? null });
}

async function echo({ request, response, received }: Context): Promise<void> {
  const body = (await readBody(request)).toString('utf8');
  const { method, target, rawHeaders } = received;
  sendJson(response, 200, { method, target, headers: headerPairs(rawHeaders), body });
}

function setCookies({ response }: Context): void {
  response.setHeader('set-cookie', [
    'first=1; Path=/; HttpOnly',
    'second=two; Path=/; Expires=Fri, 31 Dec 2099 23:59:59 GMT',
    'third=a%2Cb; Path=/portal; SameSite=Lax',
  ]);
  sendJson(response, 200, { cookies: 3 });
}

function chat({ response }: Context): void {
  response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' });
  response.end('globalThis.haloChat = { ready: true };\n');
}

function anonymousArticle({ response, query }: Context): void {
  sendHtml(response, 200, plainPage('Halo: a shared article', `Opened with key ${query.get('key') ?? 'none'}.`));
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

import type { IncomingMessage } from 'node:http';
import { cookiesOf, type Handler, type Listening, listen, queryOf, sendHtml, sendJson } from '../web/index.ts';
import { API_ROUTES } from './api.ts';
import { authRoutes } from './auth.ts';
import { CHAT_ROUTES } from './chat.ts';
import type { Context, HaloState, Route } from './context.ts';
import { createHub } from './hub.ts';
import { visitorOf } from './identity.ts';
import { appPage } from './pages.ts';
import { type Received, record } from './received.ts';
import { TRANSFER_ROUTES } from './transfer.ts';

export interface HaloOptions {
  /** Default: the system chooses. */
  readonly port?: number;
  /** Default `/auth`. */
  readonly authPath?: string;
  /** A portal with a site of its own, which it serves at the root. Default false. */
  readonly portalAtRoot?: boolean;
}

/** A running stand-in for Halo. */
export interface Halo extends Listening {
  /** What was received, oldest first. */
  readonly received: Received[];
  /** Forgets what was received. */
  clear(): void;
}

/** Starts a stand-in on 127.0.0.1. @throws when the port is taken. */
export async function startHalo(options: HaloOptions = {}): Promise<Halo> {
  const received: Received[] = [];
  const state: HaloState = {
    authPath: (options.authPath ?? '/auth').toLowerCase(),
    refreshTokens: new Map(),
    codes: new Map(),
  };
  const hub = createHub();
  const handler = serve(state, received, options.portalAtRoot ?? false);
  const listening = await listen(handler, options.port ?? 0, (request, socket, head) => {
    received.push(record(request));
    hub.upgrade(request, socket, head);
  });
  return {
    ...listening,
    received,
    clear: () => received.splice(0),
    close() {
      hub.close();
      return listening.close();
    },
  };
}

function serve(halo: HaloState, log: Received[], portalAtRoot: boolean): Handler {
  const routes = [...authRoutes(halo.authPath), ...API_ROUTES, ...CHAT_ROUTES, ...TRANSFER_ROUTES];
  return async (request, response) => {
    const received = record(request);
    log.push(received);
    const path = routePath(request.url ?? '/', halo.authPath);
    const cookies = cookiesOf(request);
    const visitor = visitorOf(received, cookies);
    const origin = originOf(request);
    const context: Context = {
      request,
      response,
      received,
      path,
      query: queryOf(request),
      cookies,
      visitor,
      origin,
      halo,
    };
    const here = routes.filter(route => matches(route, path));
    const method = received.method === 'HEAD' ? 'GET' : received.method;
    const route = here.find(({ methods }) => methods.includes('*') || methods.includes(method));
    if (route) return route.act(context);
    if (here.length > 0) return sendJson(response, 405, { error: 'method not allowed' });
    if (path.startsWith('/api/')) return sendJson(response, 404, { error: 'not found' });
    const portal = portalAtRoot || path === '/portal' || path.startsWith('/portal/');
    sendHtml(response, 200, appPage(context, portal ? 'portal' : 'agent app'));
  };
}

/** Paths count without regard to case; everything encoded is decoded but the slash, as Windows does it. */
function routePath(target: string, authPath: string): string {
  const raw = target.replace(/\?.*$/s, '');
  let path = raw;
  try {
    path = decodeURIComponent(raw.replaceAll(/%2f/gi, '%252f'));
  } catch {
    // What cannot be decoded is taken as it is.
  }
  path = path.toLowerCase();
  if (path.startsWith(`/portal${authPath}/`)) path = path.slice('/portal'.length);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function matches(route: Route, path: string): boolean {
  return route.path.endsWith('/*') ? path.startsWith(route.path.slice(0, -1)) : path === route.path;
}

function originOf({ headers }: IncomingMessage): string {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${headers.host ?? 'localhost'}`;
}

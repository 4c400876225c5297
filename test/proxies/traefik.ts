import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Test } from 'tap';
import { parse } from 'yaml';
import { readRule } from './traefik-rule.ts';

/** What the file provider reads, as far as the page uses it. */
interface Settings {
  readonly http: {
    readonly routers: Readonly<
      Record<
        string,
        {
          readonly rule: string;
          readonly service: string;
          readonly entryPoints: readonly string[];
          readonly middlewares?: readonly string[];
        }
      >
    >;
    readonly middlewares: Readonly<Record<string, Middleware>>;
    readonly services: Readonly<
      Record<string, { readonly loadBalancer: { readonly servers: readonly { readonly url: string }[] } }>
    >;
  };
}

/** What Traefik starts with, as far as the page uses it. */
interface StaticSettings {
  readonly entryPoints: Readonly<Record<string, EntryPoint>>;
}

interface EntryPoint {
  readonly http?: { readonly aliasHeadersStrategy?: 'keep' | 'delete' };
}

interface Middleware {
  readonly forwardAuth?: {
    readonly address: string;
    readonly trustForwardHeader: boolean;
    readonly authResponseHeaders: readonly string[];
  };
  readonly headers?: { readonly customRequestHeaders: Readonly<Record<string, string>> };
}

type Headers = Record<string, string | string[] | undefined>;

/** An answer that the check has given for the client. */
interface Refused {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

const HOP_BY_HOP = ['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * A stand-in for Traefik 3 that does what its documentation says of routers by rule (the longer first), the headers middleware and
 * forwardAuth, at an entry point that trusts nobody, sanitises paths and refuses encoded separators. What a client says of itself it
 * passes on unless its settings say otherwise, and so it does with any protocol that a client would switch to.
 * @param text of the file provider
 * @param staticText of what Traefik starts with
 * @returns its address
 */
export async function startTraefikStandIn(t: Test, text: string, staticText: string): Promise<string> {
  const { http }: Settings = parse(text);
  const { entryPoints: known }: StaticSettings = parse(staticText);
  const [first, ...further] = Object.entries(known);
  if (!first || further.length > 0) throw new Error('One entry point is expected.');
  const [name, entryPoint] = first;
  const routers = Object.values(http.routers)
    .filter(({ entryPoints }) => entryPoints.includes(name))
    .map(router => ({ ...router, matches: readRule(router.rule) }))
    .toSorted((a, b) => b.rule.length - a.rule.length);

  async function route(incoming: IncomingMessage) {
    const target = sanitised(incoming.url ?? '');
    const host = incoming.headers.host ?? '';
    const path = target?.split('?')[0] ?? '';
    const valuesOf = (field: string) => incoming.headersDistinct[field] ?? [];
    const router = routers.find(({ matches }) => matches({ host, path: decodeURIComponent(path), valuesOf }));
    if (target === undefined || !router) return { refused: { status: target ? 404 : 400, headers: {}, body: NOTHING } };
    const headers = fromClient(incoming, entryPoint);
    for (const name of router.middlewares ?? []) {
      const { forwardAuth, headers: custom } = http.middlewares[name] ?? {};
      for (const [field, value] of Object.entries(custom?.customRequestHeaders ?? {})) {
        if (value === '') delete headers[field.toLowerCase()];
        else headers[field.toLowerCase()] = value;
      }
      if (!forwardAuth) continue;
      const told = await ask(forwardAuth.address, incoming, target, headers);
      if (told.status < 200 || told.status > 299) return { refused: told };
      for (const field of forwardAuth.authResponseHeaders) {
        const value = told.headers[field.toLowerCase()];
        delete headers[field.toLowerCase()];
        if (value !== undefined) headers[field.toLowerCase()] = value;
      }
    }
    const [server] = http.services[router.service]?.loadBalancer.servers ?? [];
    if (!server) throw new Error(`No server of ${router.service}`);
    return { url: server.url, target, headers };
  }

  const server = createServer(async (incoming, outgoing) => {
    const routed = await route(incoming);
    if (routed.refused) refuse(outgoing, routed.refused);
    else forward(incoming, outgoing, routed);
  });
  server.on('upgrade', async (incoming: IncomingMessage, socket: Duplex) => {
    const routed = await route(incoming);
    if (routed.refused) socket.end(`HTTP/1.1 ${routed.refused.status} Refused\r\nContent-Length: 0\r\n\r\n`);
    else carry(incoming, socket, routed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const NOTHING = Buffer.alloc(0);

/** The path without dot segments and double slashes; undefined where it holds an encoded separator. */
function sanitised(target: string): string | undefined {
  const [path = '', ...query] = target.split('?');
  if (/%(2f|5c|00|3b|25|3f|23)/i.test(path)) return undefined;
  const { pathname } = new URL(path.replace(/\/{2,}/g, '/'), 'http://traefik.internal');
  return [pathname, ...query].join('?');
}

/** What a client sent, without what `Connection` names, and what the entry point says of it. */
function fromClient({ headers, socket }: IncomingMessage, { http = {} }: EntryPoint): Headers {
  const options = (headers.connection ?? '').split(',').map(option => option.trim().toLowerCase());
  const upgrades = options.includes('upgrade') && headers.upgrade !== undefined;
  const kept = Object.entries(headers).filter(
    ([name]) =>
      (name === 'upgrade' ? upgrades : !['connection', ...options].includes(name)) &&
      !(http.aliasHeadersStrategy === 'delete' && isAlias(name)),
  );
  return {
    ...Object.fromEntries(kept),
    ...(upgrades ? { connection: 'Upgrade' } : {}),
    'x-forwarded-for': socket.remoteAddress,
    'x-forwarded-proto': 'https',
    'x-forwarded-host': headers.host,
  };
}

/** A name that servers which make variables of header fields cannot tell from one with dashes. */
function isAlias(name: string): boolean {
  return /[^a-z0-9-]/.test(name);
}

/** The check: GET, every header field but those of the connection, and what was asked for. */
async function ask(address: string, incoming: IncomingMessage, target: string, headers: Headers): Promise<Refused> {
  const fields: Headers = { ...headers, host: new URL(address).host };
  for (const name of [...HOP_BY_HOP, 'content-length']) delete fields[name];
  fields['x-forwarded-method'] = incoming.method;
  fields['x-forwarded-host'] = incoming.headers.host;
  fields['x-forwarded-uri'] = target;
  const asking = request(address, { headers: fields }).end();
  try {
    const [answer]: IncomingMessage[] = await once(asking, 'response');
    if (!answer) throw new Error('No answer.');
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    return { status: answer.statusCode ?? 0, headers: { ...answer.headers }, body: Buffer.concat(chunks) };
  } catch {
    return { status: 500, headers: {}, body: NOTHING };
  }
}

function refuse(outgoing: ServerResponse, { status, headers, body }: Refused): void {
  for (const name of HOP_BY_HOP) delete headers[name];
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}

interface Routed {
  readonly url: string;
  readonly target: string;
  readonly headers: Headers;
}

function open({ method }: IncomingMessage, { url, target, headers }: Routed) {
  return request(url, { method, path: target, headers: { ...headers } });
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, routed: Routed): void {
  const forwarded = open(incoming, routed);
  forwarded.on('response', answer => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  forwarded.on('error', () => refuse(outgoing, { status: 502, headers: {}, body: NOTHING }));
  incoming.pipe(forwarded);
}

/** A request that would switch to another protocol: whether it may is up to who answers. */
function carry(incoming: IncomingMessage, socket: Duplex, routed: Routed): void {
  const forwarded = open(incoming, routed).end();
  socket.on('error', () => forwarded.destroy());
  forwarded.on('upgrade', (_, upstream) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket
      .on('close', () => upstream.destroy())
      .pipe(upstream)
      .pipe(socket);
    upstream.on('error', () => socket.destroy());
  });
  forwarded.on('response', answer => {
    socket.write(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\nConnection: close\r\n\r\n`);
    answer.pipe(socket);
  });
  forwarded.on('error', () => socket.destroy());
}

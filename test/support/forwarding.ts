import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { Test } from 'tap';
import type { IdentityConfig, Portal, Upstream } from '../../src/config/index.ts';
import {
  createForwarder,
  type ForwarderConfig,
  type Forwarding,
  type ForwardResult,
  type RawHeaders,
} from '../../src/proxy/index.ts';
import type { Session } from '../../src/sessions/index.ts';

export const DEFAULT_IDENTITY: IdentityConfig = {
  headers: [
    { name: 'X-Forwarded-User', template: '{username}' },
    { name: 'X-Forwarded-Email', template: '{email}' },
    { name: 'X-Forwarded-Name', template: '{name}' },
    { name: 'X-Forwarded-Groups', template: '{groups}' },
    { name: 'X-Halo-Portal', template: '{portal.kind}' },
    { name: 'X-Halo-Tenant', template: '{tid}' },
    { name: 'X-Halo-Object-Id', template: '{oid}' },
    { name: 'X-Halo-Connection', template: '{connection}' },
  ],
  groups: 'named',
};

/** A portal at `https://halo.example.com`, unless told otherwise. */
export function aPortal(overrides: Partial<Portal> = {}): Portal {
  return {
    name: 'agents',
    kind: 'agent',
    url: 'https://halo.example.com',
    origin: 'https://halo.example.com',
    host: 'halo.example.com',
    path: '',
    secure: true,
    upstream: { origin: 'http://halo.internal' },
    anonymous: false,
    nativeSignIn: false,
    origins: [],
    ...overrides,
  };
}

/** Somebody's session. */
export function aSession(person: Partial<Session['person']> = {}): Session {
  const tid = '11111111-1111-1111-1111-111111111111';
  const oid = '22222222-2222-2222-2222-222222222222';
  return {
    id: 'session-1',
    created: 0,
    expires: 1,
    refreshed: 0,
    refreshable: false,
    connection: 'default',
    person: {
      id: `${tid}.${oid}`,
      tid,
      oid,
      username: 'ada@example.com',
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      groups: [],
      roles: [],
      guest: false,
      ...person,
    },
  };
}

/** What a test's gateway is made of. */
export interface GatewayOptions {
  readonly upstream: Upstream | string;
  readonly timeout?: number;
  readonly portal?: Partial<Portal>;
  /** Another portal of the same upstream; requests with its Host are its. */
  readonly otherPortal?: Partial<Portal>;
  readonly identityConfig?: IdentityConfig;
  readonly identity?: RawHeaders;
  readonly answerHeaders?: RawHeaders;
  /** Reads the body's start, as the gateway does with token requests. */
  readonly bodyStart?: (request: http.IncomingMessage) => Promise<Buffer>;
}

export interface TestGateway {
  readonly port: number;
  readonly origin: string;
  /** Waits for the next exchange's end. */
  result(): Promise<ForwardResult>;
  close(): Promise<void>;
}

/** A server that forwards every request as its own, and answers 502 with the failure's code where nothing was answered. */
export async function startGateway(t: Test, options: GatewayOptions): Promise<TestGateway> {
  const upstream = typeof options.upstream === 'string' ? { origin: options.upstream } : options.upstream;
  const timeout = options.timeout ?? 10_000;
  const portal = aPortal({ ...options.portal, upstream });
  const other = options.otherPortal && aPortal({ ...options.otherPortal, upstream });
  const config: ForwarderConfig = {
    halo: { upstream, authPath: '/auth', shared: [], timeout },
    portals: other ? [portal, other] : [portal],
    identity: options.identityConfig ?? DEFAULT_IDENTITY,
  };
  const forwarder = createForwarder(config);
  const results: ForwardResult[] = [];
  const waiting: ((result: ForwardResult) => void)[] = [];

  const listener = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const [path = '', ...query] = (request.url ?? '').split('?');
    const forwarding: Forwarding = {
      request,
      response,
      portal: other && request.headers.host === other.host ? other : portal,
      target: { path, query: query.length > 0 ? `?${query.join('?')}` : '', key: path },
      client: '192.0.2.1',
      identity: options.identity ?? [],
      ...(options.answerHeaders && { answerHeaders: options.answerHeaders }),
      ...(options.bodyStart && { bodyStart: await options.bodyStart(request) }),
    };
    const result = await forwarder.forward(forwarding);
    if (!result.answered && !response.destroyed) response.writeHead(502).end(result.failure.code);
    const waiter = waiting.shift();
    if (waiter) waiter(result);
    else results.push(result);
  };
  const server = http.createServer(listener).on('checkContinue', listener);
  const port = await listen(server);
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
    await forwarder.close();
  });
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    result: () => {
      const result = results.shift();
      return result ? Promise.resolve(result) : new Promise(resolve => waiting.push(resolve));
    },
    close: () => forwarder.close(),
  };
}

/** Halo, as far as a test needs it. */
export async function startUpstream(
  t: Test,
  listener: http.RequestListener,
): Promise<{ origin: string; server: http.Server }> {
  const server = http.createServer(listener);
  const port = await listen(server);
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${port}`, server };
}

/** An upstream that speaks whatever bytes a test likes. */
export async function startRawUpstream(t: Test, listener: (socket: net.Socket) => void): Promise<{ origin: string }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    listener(socket);
  });
  const port = await listen(server);
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `http://127.0.0.1:${port}` };
}

/** A raw connection to a port, destroyed with the test. */
export async function connect(t: Test, port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Reads from a raw connection until `enough` says so; latin1. Rejects where the connection ends before. */
export async function readUntil(socket: net.Socket, enough: (text: string) => boolean): Promise<string> {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += (chunk as Buffer).toString('latin1');
    if (enough(text)) return text;
  }
  throw new Error(`The connection ended after ${JSON.stringify(text)}`);
}

/** Everything that a raw connection says until it ends, however it ends; latin1. */
export async function readAll(socket: net.Socket): Promise<string> {
  let text = '';
  socket.on('data', chunk => {
    text += chunk.toString('latin1');
  });
  if (!socket.closed) await once(socket, 'close');
  return text;
}

/** A whole request's body. */
export async function bodyOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The values of a field in raw headers, in their order. */
export function valuesOf(raw: RawHeaders, name: string): string[] {
  return raw.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name.toLowerCase());
}

/** Listens on a port of the system's choice, on loopback. */
export async function listen(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

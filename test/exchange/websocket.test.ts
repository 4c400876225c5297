import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import t from 'tap';
import { WebSocket, WebSocketServer } from 'ws';
import { AGENTS, startWorld } from '../support/world.ts';

type Test = Parameters<typeof startWorld>[0];

/** Halo with a WebSocket hub that echoes, and what it saw of each upgrade. */
async function hubWorld(t: Test, settings: Record<string, unknown> = {}) {
  const server = createServer((_, response) => response.writeHead(404).end());
  const hub = new WebSocketServer({
    server,
    path: '/hub',
    handleProtocols: protocols => [...protocols].at(-1) ?? false,
  });
  const seen: string[][] = [];
  hub.on('connection', (socket, request) => {
    seen.push(request.rawHeaders);
    socket.on('message', (data, binary) => socket.send(data, { binary }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  t.teardown(() => {
    for (const client of hub.clients) client.terminate();
    server.closeAllConnections();
    server.close();
  });
  const world = await startWorld(t, { settings: { halo: { upstream: `http://127.0.0.1:${port}` }, ...settings } });
  const person = world.browser();
  world.entra.choose('agnes');
  await person.go(`${AGENTS}/.halogate/sign-in?return=/ticket`);
  return { ...world, hub, seen, person };
}

type Hub = Awaited<ReturnType<typeof hubWorld>>;

function open(
  { address, person }: Pick<Hub, 'address' | 'person'>,
  headers: Record<string, string> = {},
  protocols: string[] = [],
) {
  const cookie = `__Host-halogate=${person.cookies(AGENTS)['__Host-halogate']}`;
  const url = `${address.replace('http', 'ws')}/hub`;
  return new WebSocket(url, protocols, { headers: { host: 'halo.example.com', origin: AGENTS, cookie, ...headers } });
}

async function statusOf(socket: WebSocket): Promise<number> {
  socket.on('error', () => {});
  const [, answer] = await once(socket, 'unexpected-response');
  socket.terminate();
  return answer.statusCode;
}

/** Waits until a value has stopped changing. */
async function settled(value: () => number): Promise<void> {
  for (let same = 0, last = value(); same < 25; ) {
    await new Promise(resolve => setTimeout(resolve, 20));
    const next = value();
    same = next === last ? same + 1 : 0;
    last = next;
  }
}

t.test('a WebSocket passes with identity, every subprotocol offered and what is sent untouched', async t => {
  const world = await hubWorld(t);
  const socket = open(world, { 'x-forwarded-user': 'admin' }, ['first', 'second']);
  await once(socket, 'open');
  t.equal(socket.protocol, 'second');
  const fields = world.seen[0]?.join('\n') ?? '';
  t.match(fields, /X-Forwarded-User\nagnes@example\.com/);
  t.match(fields, /Sec-WebSocket-Protocol\nfirst,second/i);
  t.notMatch(fields, /admin|halogate=/);
  for (const [data, binary] of [
    [Buffer.from('text ä'), false],
    [Buffer.alloc(200_000, 7), true],
    [Buffer.alloc(0), true],
  ] as const) {
    socket.send(data, { binary });
    const [echo, isBinary] = await once(socket, 'message');
    t.ok(data.equals(echo));
    t.equal(isBinary, binary);
  }
  socket.close(4001, 'done');
  const [code] = await once(socket, 'close');
  t.equal(code, 4001);
});

t.test('an upgrade from another origin, or without a session, is refused before Halo hears of it', async t => {
  const world = await hubWorld(t);
  t.equal(await statusOf(open(world, { origin: 'https://evil.example' })), 403);
  t.equal(await statusOf(open(world, { origin: 'null' })), 403);
  t.equal(await statusOf(open(world, { cookie: 'a=b' })), 401);
  t.equal(await statusOf(open(world, { host: 'other.example.com' })), 421);
  t.equal(world.seen.length, 0);
});

t.test('the client sees 502, not 101, where Halo does not answer or does not upgrade', async t => {
  const world = await hubWorld(t);
  const elsewhere = new WebSocket(`${world.address.replace('http', 'ws')}/nowhere`, {
    headers: {
      host: 'halo.example.com',
      origin: AGENTS,
      cookie: `__Host-halogate=${world.person.cookies(AGENTS)['__Host-halogate']}`,
    },
  });
  t.equal(await statusOf(elsewhere), 502);
  const gone = await hubWorld(t, { halo: { upstream: 'http://127.0.0.1:9' } });
  t.equal(await statusOf(open(gone)), 502);
});

t.test('signing out closes the WebSockets of the session with 1008', async t => {
  const world = await hubWorld(t);
  const socket = open(world);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await world.person.ask(`${AGENTS}/.halogate/sign-out`, {
    method: 'POST',
    headers: { origin: AGENTS, 'sec-fetch-site': 'same-origin' },
  });
  const [code] = await closed;
  t.equal(code, 1008);
});

t.test('a slow reader holds the sender back', async t => {
  const world = await hubWorld(t);
  const socket = open(world);
  await once(socket, 'open');
  socket.pause();
  const [server] = world.hub.clients;
  if (!server) throw new Error('no connection at the hub');
  const chunk = Buffer.alloc(1024 * 1024);
  for (let sent = 0; sent < 64; sent += 1) server.send(chunk);
  await settled(() => server.bufferedAmount);
  t.ok(server.bufferedAmount > 32 * chunk.length, 'most of it still waits at the sender');
  const received = new Promise<number>(resolve => {
    let length = 0;
    socket.on('message', (data: Buffer) => {
      length += data.length;
      if (length >= 64 * chunk.length) resolve(length);
    });
  });
  socket.resume();
  t.equal(await received, 64 * chunk.length);
});

t.test('a reset at any moment ends both sides and nothing else', async t => {
  const world = await hubWorld(t);
  const cookie = `__Host-halogate=${world.person.cookies(AGENTS)['__Host-halogate']}`;
  const { hostname, port } = new URL(world.address);
  const head =
    `GET /hub HTTP/1.1\r\nHost: halo.example.com\r\nOrigin: ${AGENTS}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\n` +
    'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
  for (let delay = 0; delay < 12; delay += 1) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(head);
    await new Promise(resolve => setTimeout(resolve, delay));
    socket.resetAndDestroy();
  }
  const survivor = open(world);
  await once(survivor, 'open');
  while (world.hub.clients.size > 1) await new Promise(resolve => setTimeout(resolve, 20));
  t.equal(world.hub.clients.size, 1, 'Halo is left with the one that lives');
  survivor.terminate();
});

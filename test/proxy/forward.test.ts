import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import t from 'tap';
import {
  bodyOf,
  connect,
  readAll,
  readUntil,
  startGateway,
  startRawUpstream,
  startUpstream,
  valuesOf,
} from '../support/forwarding.ts';

const MiB = 1024 * 1024;

t.test('every method reaches Halo, with path and query byte for byte', async t => {
  const seen: string[] = [];
  const { origin } = await startUpstream(t, (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end('ok');
  });
  const gateway = await startGateway(t, { upstream: origin });
  const methods = [
    'GET',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'OPTIONS',
    'PROPFIND',
    'MKCOL',
    'REPORT',
    'SEARCH',
    'QUERY',
  ];
  for (const method of methods) {
    const request = http.request(`${gateway.origin}/a%20b/c?x=%2F&y=?`, { method }).end();
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    t.equal((await bodyOf(answer)).toString(), 'ok', method);
  }
  t.same(
    seen,
    methods.map(method => `${method} /a%20b/c?x=%2F&y=?`),
  );
  t.same(await gateway.result(), { answered: true, status: 200 });
});

t.test('HEAD, 204 and 304 have no body, and the connection serves on', async t => {
  const { origin } = await startRawUpstream(t, socket => {
    socket.on('data', chunk => {
      const [method, path] = chunk.toString().split(' ');
      if (path === '/204') socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      else if (path === '/304') socket.write('HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 1234\r\n\r\n');
      else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${method === 'HEAD' ? '' : 'hello'}`);
    });
  });
  const gateway = await startGateway(t, { upstream: origin });
  const socket = await connect(t, gateway.port);
  const ask = async (line: string, end: RegExp): Promise<string> => {
    socket.write(`${line} HTTP/1.1\r\nHost: h\r\n\r\n`);
    return readUntil(socket, text => end.test(text));
  };
  const head = await ask('HEAD /', /\r\n\r\n$/);
  t.match(head, /^HTTP\/1\.1 200 OK\r\nContent-Length: 5\r\n/);
  t.match(await ask('GET /204', /\r\n\r\n$/), /^HTTP\/1\.1 204 No Content\r\n/);
  t.match(await ask('GET /304', /\r\n\r\n$/), /^HTTP\/1\.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 1234\r\n/);
  t.match(await ask('GET /', /hello$/), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nhello$/s);
});

t.test('the client’s framing of a body is kept', async t => {
  const seen: (string | undefined)[][] = [];
  const { origin } = await startUpstream(t, async (request, response) => {
    const body = (await bodyOf(request)).toString();
    seen.push([request.headers['content-length'], request.headers['transfer-encoding'], body]);
    response.end('ok');
  });
  const gateway = await startGateway(t, { upstream: origin });
  const socket = await connect(t, gateway.port);
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello');
  await readUntil(socket, text => text.endsWith('ok\r\n0\r\n\r\n') || text.endsWith('ok'));
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n');
  await readUntil(socket, text => text.endsWith('ok'));
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n');
  await readUntil(socket, text => text.endsWith('ok'));
  socket.write('GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi');
  await readUntil(socket, text => text.endsWith('ok'));
  t.same(seen, [
    ['5', undefined, 'hello'],
    [undefined, 'chunked', 'hello'],
    ['0', undefined, ''],
    ['2', undefined, 'hi'],
  ]);
});

t.test('what the gateway has read of a body comes first, the rest follows', async t => {
  const bodies: string[] = [];
  const { origin } = await startUpstream(t, async (request, response) => {
    bodies.push((await bodyOf(request)).toString());
    response.end('ok');
  });
  const whole = await startGateway(t, { upstream: origin, bodyStart: request => bodyOf(request) });
  await (await fetch(whole.origin, { method: 'POST', body: 'grant_type=password' })).text();

  const part = await startGateway(t, {
    upstream: origin,
    bodyStart: async request => {
      const [chunk] = (await once(request, 'data')) as [Buffer];
      request.pause();
      return chunk;
    },
  });
  const socket = await connect(t, part.port);
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nfirst,');
  setImmediate(() => socket.write('later'));
  await readUntil(socket, text => text.endsWith('ok'));
  t.same(bodies, ['grant_type=password', 'first,later']);
});

t.test('large bodies arrive whole in both directions', async t => {
  const upload = randomBytes(8 * MiB);
  const { origin } = await startUpstream(t, (request, response) => {
    request.pipe(response);
  });
  const gateway = await startGateway(t, { upstream: origin });
  const request = http.request(gateway.origin, { method: 'POST' });
  request.end(upload);
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  t.equal(digest(await bodyOf(answer)), digest(upload));
  t.same(await gateway.result(), { answered: true, status: 200 });
});

t.test(
  'an event of a stream reaches the client before the stream ends, and its head before the first event',
  async t => {
    let stream: http.ServerResponse | undefined;
    const { origin } = await startUpstream(t, (_, response) => {
      stream = response;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    });
    const gateway = await startGateway(t, { upstream: origin });
    const answer = await fetch(gateway.origin);
    t.equal(answer.headers.get('content-type'), 'text/event-stream');
    const reader = answer.body?.getReader();
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      stream?.write(event);
      const part = await reader?.read();
      t.equal(Buffer.from(part?.value ?? []).toString(), event);
    }
    stream?.end();
    t.same(await reader?.read(), { done: true, value: undefined });
  },
);

t.test('many streams that stay open starve nobody', async t => {
  const { origin } = await startUpstream(t, (request, response) => {
    if (request.url === '/stream') response.writeHead(200).flushHeaders();
    else response.end('ok');
  });
  const gateway = await startGateway(t, { upstream: origin });
  const agent = new http.Agent({ keepAlive: true });
  t.teardown(() => agent.destroy());
  for (let i = 0; i < 150; i += 1) {
    const request = http.get(`${gateway.origin}/stream`, { agent }).on('error', () => undefined);
    await once(request, 'response');
  }
  t.equal(await (await fetch(`${gateway.origin}/other`)).text(), 'ok');
});

t.test('informational answers of Halo are not taken for the answer', async t => {
  const { origin } = await startUpstream(t, (_, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.writeProcessing();
    response.end('ok');
  });
  const gateway = await startGateway(t, { upstream: origin });
  const socket = await connect(t, gateway.port);
  socket.write('GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
  t.match(await readAll(socket), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nok$/s);
});

t.test('a client that waits for 100 Continue gets it once, and Halo is not asked for it', async t => {
  let expect: string[] = [];
  const { origin } = await startUpstream(t, async (request, response) => {
    expect = valuesOf(request.rawHeaders, 'expect');
    response.end(await bodyOf(request));
  });
  const gateway = await startGateway(t, { upstream: origin });
  const socket = await connect(t, gateway.port);
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n');
  t.equal(await readUntil(socket, text => text.endsWith('\r\n\r\n')), 'HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('hello');
  t.match(await readUntil(socket, text => text.endsWith('hello')), /^HTTP\/1\.1 200 OK\r\n/);
  t.same(expect, []);
});

t.test('a client that waits for 100 Continue does not get it where Halo cannot be reached', async t => {
  const gateway = await startGateway(t, { upstream: 'http://127.0.0.1:9' });
  const socket = await connect(t, gateway.port);
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n');
  t.match(await readAll(socket), /^HTTP\/1\.1 502 /);
});

t.test('a request to upgrade is forwarded without its upgrade', async t => {
  let raw: string[] = [];
  const { origin } = await startUpstream(t, (request, response) => {
    raw = request.rawHeaders;
    response.end('plain');
  });
  const gateway = await startGateway(t, { upstream: origin });
  const socket = await connect(t, gateway.port);
  socket.write('GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await readUntil(socket, text => text.endsWith('plain'));
  t.same(valuesOf(raw, 'upgrade'), []);
  t.same(valuesOf(raw, 'connection'), ['keep-alive']);
});

t.test('requests of one connection that come all at once are answered in order', async t => {
  const { origin } = await startUpstream(t, (request, response) => {
    if (request.url === '/1') setImmediate(() => response.end('one'));
    else response.end('two');
  });
  const gateway = await startGateway(t, { upstream: origin });
  const socket = await connect(t, gateway.port);
  socket.write('GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
  t.match(await readAll(socket), /\r\n\r\n(?:3\r\n)?one.*\r\n\r\n(?:3\r\n)?two/s);
});

t.test('an answer that comes before the upload’s end reaches the client, and the connection serves on', async t => {
  const { origin } = await startUpstream(t, (request, response) => {
    if (request.method === 'POST') response.writeHead(413, { 'Content-Length': 3 }).end('big');
    else response.end('ok');
  });
  const gateway = await startGateway(t, { upstream: origin });
  const socket = await connect(t, gateway.port);
  socket.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${4 * MiB}\r\n\r\n`);
  socket.write(Buffer.alloc(2 * MiB));
  t.match(await readUntil(socket, text => text.endsWith('big')), /^HTTP\/1\.1 413 /);
  socket.write(Buffer.alloc(2 * MiB));
  socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
  t.match(await readUntil(socket, text => text.endsWith('ok')), /^HTTP\/1\.1 200 /);
});

t.test('after closing, exchanges under way end well and new ones are refused', async t => {
  let finish: (() => void) | undefined;
  const { origin } = await startUpstream(t, (_, response) => {
    response.write('begun,');
    finish = () => response.end('ended');
  });
  const gateway = await startGateway(t, { upstream: origin });
  const answer = await fetch(gateway.origin);
  const closed = gateway.close();
  t.equal(await (await fetch(gateway.origin)).text(), 'UPSTREAM_UNREACHABLE');
  finish?.();
  t.equal(await answer.text(), 'begun,ended');
  await closed;
});

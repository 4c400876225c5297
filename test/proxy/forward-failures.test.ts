import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import t from 'tap';
import {
  bodyOf,
  connect,
  readAll,
  readUntil,
  startGateway,
  startRawUpstream,
  startUpstream,
} from '../support/forwarding.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';

t.test('an upstream that refuses connections is UPSTREAM_UNREACHABLE', async t => {
  const { origin, server } = await startUpstream(t, () => undefined);
  server.close();
  const gateway = await startGateway(t, { upstream: origin });
  for (const method of ['GET', 'POST']) {
    const answer = await fetch(gateway.origin, { method, ...(method === 'POST' && { body: 'x' }) });
    t.equal(answer.status, 502, method);
    t.same(await gateway.result(), {
      answered: false,
      failure: { code: 'UPSTREAM_UNREACHABLE', reason: 'ECONNREFUSED' },
    });
  }
});

t.test('an upstream whose name does not exist is UPSTREAM_UNREACHABLE', async t => {
  const gateway = await startGateway(t, { upstream: 'http://halo.invalid' });
  await fetch(gateway.origin);
  t.match(await gateway.result(), { answered: false, failure: { code: 'UPSTREAM_UNREACHABLE', reason: /^E/ } });
});

t.test('an upstream that is slow to answer is UPSTREAM_TIMEOUT, and its connection is given up', async t => {
  const gone = Promise.withResolvers<void>();
  const { origin } = await startUpstream(t, request => request.socket.on('close', gone.resolve));
  const gateway = await startGateway(t, { upstream: origin, timeout: 100 });
  const answer = await fetch(gateway.origin);
  t.equal(await answer.text(), 'UPSTREAM_TIMEOUT');
  t.same(await gateway.result(), {
    answered: false,
    failure: { code: 'UPSTREAM_TIMEOUT', reason: 'headers-timeout' },
  });
  await gone.promise;
});

t.test('the time that a client takes to upload is not the upstream’s', async t => {
  const { origin } = await startUpstream(t, async (request, response) => {
    response.end(String((await bodyOf(request)).length));
  });
  const gateway = await startGateway(t, { upstream: origin, timeout: 400 });
  const request = http.request(gateway.origin, { method: 'POST' });
  const started = Date.now();
  while (Date.now() - started < 1_000) {
    request.write('x'.repeat(10));
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  request.end();
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  t.equal(answer.statusCode, 200);
  t.ok(Number((await bodyOf(answer)).toString()) > 0);
});

t.test(
  'a client that falls silent in the middle of its upload is CLIENT_TIMEOUT, and the upstream is told',
  async t => {
    const aborted = Promise.withResolvers<void>();
    const { origin } = await startUpstream(t, request => {
      request.on('error', () => aborted.resolve()).resume();
    });
    const gateway = await startGateway(t, { upstream: origin, timeout: 150 });
    const socket = await connect(t, gateway.port);
    socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf');
    t.same(await gateway.result(), {
      answered: false,
      failure: { code: 'CLIENT_TIMEOUT', reason: 'upload-timeout' },
    });
    await aborted.promise;
    t.match(await readAll(socket), /^HTTP\/1\.1 502 /, 'the caller’s answer arrives, and then the connection ends');
  },
);

t.test('an upstream that takes nothing of an upload is UPSTREAM_TIMEOUT', async t => {
  const { origin } = await startRawUpstream(t, socket => socket.pause());
  const gateway = await startGateway(t, { upstream: origin, timeout: 200 });
  const request = http.request(gateway.origin, { method: 'POST' }).on('error', () => undefined);
  request.write(Buffer.alloc(32 * 1024 * 1024));
  t.match(await gateway.result(), { answered: false, failure: { code: 'UPSTREAM_TIMEOUT' } });
  request.destroy();
});

t.test('an upstream that falls silent in the middle of an answer cuts the answer short', async t => {
  const { origin } = await startUpstream(t, (_, response) => {
    response.write('half');
  });
  const gateway = await startGateway(t, { upstream: origin, timeout: 100 });
  const answer = await fetch(gateway.origin);
  await t.rejects(answer.text());
  t.same(await gateway.result(), {
    answered: true,
    status: 200,
    failure: { code: 'UPSTREAM_TIMEOUT', reason: 'body-timeout' },
  });
});

t.test('an answer that breaks off never looks whole to the client', async t => {
  const breakOff: Readonly<Record<string, (socket: Socket) => void>> = {
    'short of its Content-Length, connection closed': socket => socket.end(`${HEAD}Content-Length: 10\r\n\r\nhalf`),
    'short of its Content-Length, connection reset': socket => {
      socket.write(`${HEAD}Content-Length: 10\r\n\r\nhalf`, () => setImmediate(() => socket.resetAndDestroy()));
    },
    'without its last chunk, connection closed': socket =>
      socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`),
    'with a chunk that is none': socket => socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n`),
  };
  for (const [how, answer] of Object.entries(breakOff)) {
    const { origin } = await startRawUpstream(t, socket => socket.once('data', () => answer(socket)));
    const gateway = await startGateway(t, { upstream: origin });
    await t.rejects(
      fetch(gateway.origin).then(response => (response.status === 200 ? response.text() : 'told')),
      how,
    );
    t.match(await gateway.result(), { answered: true, failure: { code: 'UPSTREAM_UNREACHABLE' } }, how);
  }
});

t.test('a reset is not the end of an answer that ends with its connection', async t => {
  for (const [end, whole] of [
    [(socket: Socket) => socket.end(), true],
    [(socket: Socket) => socket.resetAndDestroy(), false],
  ] as const) {
    const half = Promise.withResolvers<Socket>();
    const { origin } = await startRawUpstream(t, socket => {
      socket.once('data', () => socket.write(`${HEAD}Connection: close\r\n\r\nhalf`, () => half.resolve(socket)));
    });
    const gateway = await startGateway(t, { upstream: origin });
    const socket = await connect(t, gateway.port);
    socket.write('GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
    const begun = await readUntil(socket, text => text.includes('half'));
    end(await half.promise);
    const text = begun + (await readAll(socket));
    t.equal(text.endsWith('\r\n0\r\n\r\n'), whole);
  }
});

t.test('an HTTP/1.0 client sees a reset where an answer breaks off', async t => {
  const half = Promise.withResolvers<Socket>();
  const { origin } = await startRawUpstream(t, socket => {
    socket.once('data', () =>
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`, () => half.resolve(socket)),
    );
  });
  const gateway = await startGateway(t, { upstream: origin });
  const socket = await connect(t, gateway.port);
  const error = once(socket, 'error');
  socket.write('GET / HTTP/1.0\r\nHost: h\r\n\r\n');
  await readUntil(socket, text => text.includes('half'));
  (await half.promise).destroy();
  socket.resume();
  t.match(await error, [{ code: 'ECONNRESET' }]);
});

t.test('a request is never sent twice, not even where a kept-alive connection dies under it', async t => {
  let connections = 0;
  const received: string[] = [];
  const { origin } = await startRawUpstream(t, socket => {
    connections += 1;
    socket.once('data', () => {
      socket.write(`${HEAD}Content-Length: 2\r\n\r\nok`);
      socket.on('data', chunk => {
        received.push(chunk.toString('latin1').split('\r\n')[0] ?? '');
        socket.destroy();
      });
    });
  });
  const gateway = await startGateway(t, { upstream: origin });
  for (const method of ['POST', 'GET', 'PUT']) {
    received.length = 0;
    connections = 0;
    await (await fetch(`${gateway.origin}/first`)).text();
    const answer = await fetch(`${gateway.origin}/second`, { method, ...(method === 'GET' ? {} : { body: 'x' }) });
    t.equal(answer.status, 502, method);
    t.equal(connections, 1, 'no connection beside the one that died');
    t.same(received, [`${method} /second HTTP/1.1`].slice(0, received.length));
    t.equal(received.length > 0, true);
  }
});

t.test('a client that goes away takes its request with it', async t => {
  await t.test('before the answer', async t => {
    const arrived = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const { origin } = await startUpstream(t, request => {
      request.socket.on('close', gone.resolve);
      arrived.resolve();
    });
    const gateway = await startGateway(t, { upstream: origin });
    const socket = await connect(t, gateway.port);
    socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await arrived.promise;
    socket.destroy();
    await gone.promise;
    t.same(await gateway.result(), { answered: false, failure: { code: 'CLIENT_GONE', reason: 'closed' } });
  });

  await t.test('in the middle of the answer', async t => {
    const gone = Promise.withResolvers<void>();
    const { origin } = await startUpstream(t, (request, response) => {
      request.socket.on('close', gone.resolve);
      response.write('half');
    });
    const gateway = await startGateway(t, { upstream: origin });
    const socket = await connect(t, gateway.port);
    socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await readUntil(socket, text => text.includes('half'));
    socket.destroy();
    await gone.promise;
    t.match(await gateway.result(), { answered: true, status: 200, failure: { code: 'CLIENT_GONE' } });
  });

  await t.test('in the middle of its upload', async t => {
    const arrived = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<boolean>();
    const { origin } = await startUpstream(t, request => {
      request.once('data', () => arrived.resolve());
      request.on('error', () => gone.resolve(request.complete));
    });
    const gateway = await startGateway(t, { upstream: origin });
    const socket = await connect(t, gateway.port);
    socket.write('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
    await arrived.promise;
    socket.destroy();
    t.equal(await gone.promise, false, 'Halo does not take the upload for whole');
    t.match(await gateway.result(), { answered: false, failure: { code: 'CLIENT_GONE' } });
  });

  await t.test('while its request waits behind another on the same connection', async t => {
    let arrived = 0;
    const both = Promise.withResolvers<void>();
    let left = 2;
    const gone = Promise.withResolvers<void>();
    const { origin } = await startUpstream(t, request => {
      arrived += 1;
      if (arrived === 2) both.resolve();
      request.socket.on('close', () => {
        left -= 1;
        if (left === 0) gone.resolve();
      });
    });
    const gateway = await startGateway(t, { upstream: origin });
    const socket = await connect(t, gateway.port);
    socket.write('GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n');
    await both.promise;
    socket.destroy();
    await gone.promise;
    t.match(await gateway.result(), { failure: { code: 'CLIENT_GONE' } });
    t.match(await gateway.result(), { failure: { code: 'CLIENT_GONE' } });
  });
});

t.test('a client that has gone before its request is forwarded is never forwarded', async t => {
  let requests = 0;
  const { origin } = await startUpstream(t, (_, response) => {
    requests += 1;
    response.end();
  });
  const read = Promise.withResolvers<void>();
  const gateway = await startGateway(t, {
    upstream: origin,
    bodyStart: async request => {
      read.resolve();
      await once(request.socket, 'close');
      return Buffer.alloc(0);
    },
  });
  const socket = await connect(t, gateway.port);
  socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
  await read.promise;
  socket.destroy();
  t.match(await gateway.result(), { answered: false, failure: { code: 'CLIENT_GONE' } });
  t.equal(requests, 0);
});

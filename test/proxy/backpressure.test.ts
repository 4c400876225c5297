import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import t from 'tap';
import { connect, readUntil, startGateway, startRawUpstream, startUpstream } from '../support/forwarding.ts';

const MiB = 1024 * 1024;
const SIZE = 100 * MiB;

/** More than the buffers of two connections and the gateway's own together, and far less than what is sent. */
const BOUND = 40 * MiB;

/** Resolves when `count` has not grown for a while. */
async function standstill(count: () => number): Promise<number> {
  for (let last = -1; ; await new Promise(resolve => setTimeout(resolve, 200))) {
    if (count() === last && last > 0) return last;
    last = count();
  }
}

/** Writes `SIZE` bytes as fast as they are taken. */
function produce(
  socket: NodeJS.WritableStream,
  onWritten: (bytes: number) => void,
  onEnd: () => void = () => socket.end(),
): void {
  const chunk = Buffer.alloc(64 * 1024);
  let left = SIZE;
  const go = (): void => {
    while (left > 0) {
      left -= chunk.length;
      onWritten(chunk.length);
      if (!socket.write(chunk)) {
        socket.once('drain', go);
        return;
      }
    }
    onEnd();
  };
  go();
}

t.test('a client that reads nothing stops Halo from sending, and gets everything once it reads', async t => {
  let sent = 0;
  const { origin } = await startUpstream(t, (_, response) => {
    response.writeHead(200, { 'Content-Length': SIZE });
    produce(response, bytes => {
      sent += bytes;
    });
  });
  const gateway = await startGateway(t, { upstream: origin });
  const request = http.get(gateway.origin);
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  t.ok((await standstill(() => sent)) < BOUND, `${sent} bytes left Halo`);
  let received = 0;
  for await (const chunk of answer) received += (chunk as Buffer).length;
  t.equal(received, SIZE);
  t.same(await gateway.result(), { answered: true, status: 200 });
});

t.test('a Halo that reads nothing stops the client from sending, and gets everything once it reads', async t => {
  let sent = 0;
  const arrived = Promise.withResolvers<http.IncomingMessage>();
  const { origin } = await startUpstream(t, async (request, response) => {
    arrived.resolve(request);
    await once(request, 'end');
    response.end('ok');
  });
  const gateway = await startGateway(t, { upstream: origin });
  const request = http.request(gateway.origin, { method: 'POST', headers: { 'Content-Length': SIZE } });
  produce(request, bytes => {
    sent += bytes;
  });
  const upload = await arrived.promise;
  t.ok((await standstill(() => sent)) < BOUND, `${sent} bytes left the client`);
  let received = 0;
  upload.on('data', chunk => {
    received += chunk.length;
  });
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  t.equal(answer.statusCode, 200);
  t.equal(received, SIZE);
  answer.resume();
});

t.test('a client that reads nothing for the timeout is cut off, and Halo is told', async t => {
  const gone = Promise.withResolvers<void>();
  const { origin } = await startRawUpstream(t, (upstream: Socket) => {
    upstream.on('close', () => gone.resolve());
    upstream.once('data', () => {
      upstream.write(`HTTP/1.1 200 OK\r\nContent-Length: ${SIZE}\r\n\r\n`);
      produce(upstream, () => undefined);
    });
  });
  const gateway = await startGateway(t, { upstream: origin, timeout: 300 });
  const socket = await connect(t, gateway.port);
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
  t.same(await gateway.result(), {
    answered: true,
    status: 200,
    failure: { code: 'CLIENT_TIMEOUT', reason: 'read-timeout' },
  });
  await gone.promise;
});

t.test('a client that reads slowly, but reads, is not cut off', async t => {
  const size = 16 * MiB;
  const { origin } = await startUpstream(t, (_, response) => {
    response.writeHead(200, { 'Content-Length': size }).end(Buffer.alloc(size));
  });
  const gateway = await startGateway(t, { upstream: origin, timeout: 500 });
  const socket = await connect(t, gateway.port);
  socket.write('GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
  let received = 0;
  for await (const chunk of socket) {
    received += (chunk as Buffer).length;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  t.ok(received > size);
  t.same(await gateway.result(), { answered: true, status: 200 });
});

t.test(
  'an answer that comes while the upload stands still reaches the client, and the connection serves on',
  async t => {
    const stuck = Promise.withResolvers<Socket>();
    const { origin } = await startRawUpstream(t, upstream => {
      upstream.once('readable', () => {
        const head = String(upstream.read(64));
        if (head.startsWith('POST')) stuck.resolve(upstream);
        else upstream.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    const gateway = await startGateway(t, { upstream: origin });
    const socket = await connect(t, gateway.port);
    const uploaded = Promise.withResolvers<void>();
    let sent = 0;
    socket.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${SIZE}\r\n\r\n`);
    produce(
      socket,
      bytes => {
        sent += bytes;
      },
      uploaded.resolve,
    );
    await standstill(() => sent);
    (await stuck.promise).write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig');
    t.match(await readUntil(socket, text => text.endsWith('big')), /^HTTP\/1\.1 413 /);
    await uploaded.promise;
    socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    t.match(await readUntil(socket, text => text.endsWith('ok')), /^HTTP\/1\.1 200 /);
  },
);

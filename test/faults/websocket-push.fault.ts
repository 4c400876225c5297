import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { WebSocket, WebSocketServer } from 'ws';
import { Browser } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { growth } from '../support/memory.ts';

const MIB = 1024 ** 2;
const PUSH = 300;

t.test('a push of 300 MiB to a slow reader does not pile up in the gateway', async t => {
  const server = createServer();
  const hub = new WebSocketServer({ server });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const client of hub.clients) client.terminate();
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const { url, entra, gateway } = await startBuiltWorld(t, { halo: { upstream: `http://127.0.0.1:${port}` } });
  const person = new Browser({});
  entra.choose('agnes');
  const start = await person.ask(`${url}/.halogate/sign-in?return=/ticket`);
  await person.ask(String((await person.ask(String(start.headers.location))).headers.location));
  const connected = once(hub, 'connection');
  const socket = new WebSocket(`${url.replace('http', 'ws')}/hub`, {
    headers: { cookie: `halogate=${person.cookies(url).halogate}` },
    origin: url,
  });
  const [sender] = (await connected) as [WebSocket];
  await once(socket, 'open');

  // What the first bytes bring into memory for good is not what is measured.
  await push(sender, socket, 100, 0);
  const grown = await growth(gateway.process.pid, () => push(sender, socket, PUSH, 3000));
  t.comment(`grew by ${Math.round(grown / MIB)} MiB`);
  t.ok(grown < 64 * MIB);
  socket.terminate();
});

/** Sends messages of a MiB to a reader who takes none of them for a while. @param pause milliseconds */
async function push(sender: WebSocket, reader: WebSocket, count: number, pause: number): Promise<void> {
  let received = 0;
  const all = new Promise<void>(resolve => {
    reader.on('message', function take(data: Buffer) {
      received += data.length;
      if (received < count * MIB) return;
      reader.off('message', take);
      resolve();
    });
  });
  reader.pause();
  for (let sent = 0; sent < count; sent += 1) sender.send(Buffer.alloc(MIB, sent));
  await sleep(pause);
  reader.resume();
  await all;
}

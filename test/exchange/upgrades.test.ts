import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { carryUpgrades } from '../../src/exchange/index.ts';
import { sendRaw, wholeAnswer } from '../support/raw.ts';

const UPGRADE = 'Host: halo.example.com\r\nConnection: Upgrade\r\nUpgrade:';

/** A listener that is asked for no opinion: every upgrade is an event, as on Node.js before 22.21. */
async function listen(
  t: { teardown(end: () => unknown): void },
  onRequest: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end(),
) {
  const carried: IncomingMessage[] = [];
  const server = createServer(onRequest);
  carryUpgrades(server, async (request, response) => {
    carried.push(request);
    response.writeHead(403, { 'Content-Length': '0' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, carried };
}

t.test('an upgrade to anything but WebSocket is never taken for one', async t => {
  const { address, carried } = await listen(t);
  for (const [name, bytes] of Object.entries({
    'another protocol': `GET / HTTP/1.1\r\n${UPGRADE} h2c\r\n\r\n`,
    'several protocols': `GET / HTTP/1.1\r\n${UPGRADE} websocket, h2c\r\n\r\n`,
    'another method': `POST / HTTP/1.1\r\n${UPGRADE} websocket\r\nContent-Length: 5\r\n\r\nhello`,
  })) {
    const { statuses, closed } = await sendRaw(address, bytes, () => false);
    t.same(statuses, [400], name);
    t.ok(closed, `${name}: the connection is ended`);
  }
  t.equal(carried.length, 0);
  t.same((await sendRaw(address, `GET / HTTP/1.1\r\n${UPGRADE} WebSocket\r\n\r\n`, wholeAnswer)).statuses, [403]);
  t.equal(carried.length, 1);
});

t.test('an upgrade sent before the answer to the request ahead of it ends the connection alone', async t => {
  const { address, carried } = await listen(t, () => {});
  const bytes = `GET /slow HTTP/1.1\r\nHost: halo.example.com\r\n\r\nGET / HTTP/1.1\r\n${UPGRADE} websocket\r\n\r\n`;
  t.match(await sendRaw(address, bytes, () => false), { text: '', closed: true });
  t.equal(carried.length, 0);
  t.same((await sendRaw(address, `GET / HTTP/1.1\r\n${UPGRADE} websocket\r\n\r\n`, wholeAnswer)).statuses, [403]);
});

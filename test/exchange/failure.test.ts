import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import t from 'tap';
import { createAnswers } from '../../src/answers/index.ts';
import { createExchange } from '../../src/exchange/index.ts';
import { createPages } from '../../src/pages/index.ts';
import { sendRaw, wholeAnswer } from '../support/raw.ts';

type Context = Parameters<typeof createExchange>[0];

const BYTES = 'GET /ticket HTTP/1.1\r\nHost: halo.example.com\r\n\r\n';
const PLACE = {
  target: { path: '/ticket', query: '', key: '/ticket' },
  route: { kind: 'other' },
  hostPortals: [{ host: 'halo.example.com', origin: 'https://halo.example.com', secure: true }],
};

/** An exchange whose surroundings fail, behind a listener. */
async function startFailing(t: { teardown(end: () => unknown): void }, failing: Record<string, unknown>) {
  const logs: Record<string, unknown>[] = [];
  const ended: unknown[][] = [];
  const unexpected = (): never => {
    throw new Error('unexpected');
  };
  const context: unknown = {
    log: pino({ level: 'debug' }, { write: line => logs.push(JSON.parse(line)) }),
    answers: createAnswers(createPages({ title: 'Halo' })),
    locate: () => PLACE,
    clientAddress: unexpected,
    isDraining: () => false,
    recorder: { requestStarted() {}, requestEnded: (...end: unknown[]) => ended.push(end) },
    config: { halo: { timeout: 1000 } },
    ...failing,
  };
  const exchange = createExchange(context as Context);
  const ends: Promise<void>[] = [];
  const server = createServer((request, response: ServerResponse) => {
    ends.push(exchange(request, response, request.url ?? ''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, logs, ends, ended };
}

t.test('a failure that nobody foresaw is 500, over https still, and is logged with its place', async t => {
  const { address, logs, ends, ended } = await startFailing(t, {});
  const { statuses, text } = await sendRaw(address, BYTES, wholeAnswer);
  t.same(statuses, [500]);
  t.match(text, /^strict-transport-security: max-age=31536000\r$/im);
  t.match(logs.at(-1), { status: 500, host: 'halo.example.com', path: '/ticket' });
  await Promise.all(ends);
  t.match(ended, [[undefined, 500, Number]], 'and counted');
});

t.test('an answer that cannot be written ends the connection, and the failure is logged', async t => {
  for (const [name, failing] of Object.entries({
    'a header field that is none': {
      answers: { refuse: () => ({ status: 400, headers: [['X', 'a\nb']], body: '' }) },
    },
    'no answer at all': {
      answers: {
        refuse() {
          throw new Error('no words');
        },
      },
    },
    'no place': {
      locate() {
        throw new Error('no map');
      },
    },
  })) {
    const { address, logs, ends, ended } = await startFailing(t, failing);
    t.match(await sendRaw(address, BYTES, () => false), { text: '', closed: true }, name);
    await t.resolves(Promise.all(ends), `${name}: the exchange does not reject`);
    t.match(logs.at(-1), { level: 50, err: { message: String } }, name);
    t.match(ended, [[undefined, 500, Number]], `${name}: counted`);
  }
});

t.test('an answer that has begun and then fails is not left open', async t => {
  const { address } = await startFailing(t, {
    clientAddress: ({ socket }: { socket: { _httpMessage: ServerResponse } }) => {
      socket._httpMessage.writeHead(200, { 'Content-Length': '10' }).write('half');
      throw new Error('gone wrong');
    },
  });
  t.match(await sendRaw(address, BYTES, () => false), { statuses: [200], closed: true });
});

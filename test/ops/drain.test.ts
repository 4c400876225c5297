import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { pino } from 'pino';
import t from 'tap';
import { drain, trackConnections } from '../../src/ops/index.ts';

/** Far longer than any test: what ends sooner was not ended by it. */
const NEVER = 1_000_000;

const log = pino({ level: 'silent' });

interface Teardown {
  teardown(end: () => unknown): void;
}

/** A server that keeps `/slow` waiting until `finish` and answers everything else at once. */
async function start(t: Teardown) {
  const waiting: ServerResponse[] = [];
  const server = createServer({ keepAliveTimeout: NEVER }, (request, response) => {
    if (request.url === '/slow') waiting.push(response);
    else response.end('done');
    server.emit('taken');
  });
  const connections = trackConnections(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  const agent = new Agent({ keepAlive: true });
  const hurry = new AbortController();
  const socketsClosedWithin: number[] = [];
  t.teardown(() => {
    agent.destroy();
    server.close();
    server.closeAllConnections();
  });
  return {
    server,
    port: address.port,
    hurry,
    ask: (path: string) => ask(agent, `http://127.0.0.1:${address.port}${path}`),
    /** Asks for `/slow` and resolves when the server has the request. */
    async askSlowly() {
      const taken = once(server, 'taken');
      const answer = ask(agent, `http://127.0.0.1:${address.port}/slow`);
      answer.catch(() => {});
      await taken;
      return { answer };
    },
    finish() {
      for (const response of waiting) response.end('finished');
    },
    socketsClosedWithin,
    drain: (wait: number, deadline: number) =>
      drain({
        server,
        connections,
        wait,
        deadline,
        closeSockets: within => socketsClosedWithin.push(within),
        hurry: hurry.signal,
        log,
      }),
  };
}

async function ask(agent: Agent, url: string) {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += chunk;
  return { body, connection: response.headers.connection };
}

t.test('while it waits everybody is served, and every answer ends its connection', async t => {
  const { ask, drain, hurry } = await start(t);
  t.equal((await ask('/')).connection, 'keep-alive');
  const drained = drain(NEVER, NEVER);
  for (let time = 0; time < 3; time++) t.same(await ask('/'), { body: 'done', connection: 'close' });
  hurry.abort();
  await drained;
});

t.test('after that nobody is let in, and an exchange under way finishes', async t => {
  const { server, ask, askSlowly, finish, drain } = await start(t);
  const { answer } = await askSlowly();
  const drained = drain(0, NEVER);
  while (server.listening) await new Promise(setImmediate);
  await t.rejects(ask('/'), { code: 'ECONNREFUSED' });
  finish();
  t.equal((await answer).body, 'finished');
  await drained;
});

t.test('WebSockets are closed after the wait, all of them before the deadline', async t => {
  const { drain, socketsClosedWithin } = await start(t);
  await drain(0, NEVER);
  const [within = NEVER] = socketsClosedWithin;
  t.ok(within > 0 && within < NEVER, 'spread over the time that is left');
});

t.test('connections that are kept open for later do not hold it up', async t => {
  const { ask, drain, port } = await start(t);
  await ask('/');
  const silent = connect(port, '127.0.0.1');
  await once(silent, 'connect');
  await drain(0, NEVER);
  silent.resume();
  if (!silent.closed) await once(silent, 'close');
  t.pass('both were closed');
});

t.test('what is not finished at the deadline is cut off', async t => {
  const { askSlowly, drain } = await start(t);
  const { answer } = await askSlowly();
  await drain(0, 20);
  await t.rejects(answer, { code: 'ECONNRESET' });
});

t.test('the deadline counts from the signal, not from the end of the wait', async t => {
  const { askSlowly, drain } = await start(t);
  const { answer } = await askSlowly();
  await drain(NEVER, 20);
  await t.rejects(answer, { code: 'ECONNRESET' });
});

t.test('told to hurry, it ends at once', async t => {
  for (const wait of [0, NEVER]) {
    const { askSlowly, drain, hurry } = await start(t);
    const { answer } = await askSlowly();
    const drained = drain(wait, NEVER);
    hurry.abort();
    await drained;
    await t.rejects(answer, { code: 'ECONNRESET' });
  }
});

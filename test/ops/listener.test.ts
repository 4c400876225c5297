import { pino } from 'pino';
import t from 'tap';
import { createOpsListener, type Readiness } from '../../src/ops/index.ts';
import { sendRaw } from '../support/raw.ts';

const silent = pino({ level: 'silent' });

function listener(readiness: Readiness) {
  return createOpsListener({
    health: { readiness: () => readiness },
    status: () => ({
      version: '1.2.3',
      configHash: 'abc',
      loadedAt: '2026-01-01T00:00:00.000Z',
      lastError: null,
      needsRestart: [],
      connections: [],
      portals: [],
      tenants: [],
      store: { kind: 'memory', reachable: true },
    }),
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'halogate_up 1\n' }),
    log: silent,
  });
}

t.test('is live whatever else is wrong', async t => {
  const answer = await listener({ ready: false, reason: 'store-unreachable' }).inject('/livez');
  t.equal(answer.statusCode, 200);
});

t.test('tells whether it is ready', async t => {
  t.equal((await listener({ ready: true }).inject('/readyz')).statusCode, 200);
});

for (const reason of ['starting', 'draining', 'store-unreachable'] as const) {
  t.test(`tells that it is not ready: ${reason}`, async t => {
    const answer = await listener({ ready: false, reason }).inject('/readyz');
    t.equal(answer.statusCode, 503);
    t.equal(answer.json().reason, reason);
  });
}

t.test('knows nothing of forward-auth, whose path an ingress leads here', async t => {
  const app = listener({ ready: true });
  t.teardown(() => app.close());
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const fields = 'Host: halo.example.com\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Uri: /\r\n';
  const path = '/.halogate/verify';
  for (const url of [
    path,
    `${path}?redirect=302`,
    `${path}/tickets`,
    `${path}/../../metrics`,
    `${path}/..%2f../status`,
  ]) {
    const answer = await sendRaw(address, `GET ${url} HTTP/1.1\r\n${fields}\r\n`, text => text.endsWith('}'));
    t.same(answer.statuses, [404], url);
  }
});

t.test('tells its status as JSON', async t => {
  const answer = await listener({ ready: true }).inject('/status');
  t.match(answer.headers['content-type'], /^application\/json/);
  t.match(answer.json(), {
    version: '1.2.3',
    configHash: 'abc',
    lastError: null,
    needsRestart: [],
    store: { kind: 'memory' },
  });
});

t.test('tells its metrics as text', async t => {
  const answer = await listener({ ready: false, reason: 'starting' }).inject('/metrics');
  t.equal(answer.statusCode, 200);
  t.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  t.equal(answer.body, 'halogate_up 1\n');
});

t.test('what it does not know is a 404 in JSON', async t => {
  for (const request of [{ url: '/' }, { url: '/.halogate/session' }, { method: 'POST', url: '/livez' }] as const) {
    const answer = await listener({ ready: true }).inject(request);
    t.equal(answer.statusCode, 404);
    t.equal(answer.json().status, 404);
  }
});

t.test('nothing it says is kept by a cache', async t => {
  for (const url of ['/livez', '/readyz', '/metrics', '/status', '/nowhere']) {
    t.equal((await listener({ ready: true }).inject(url)).headers['cache-control'], 'no-store', url);
  }
});

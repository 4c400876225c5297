import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { recordedFetch } from '../../src/signin/recorded-fetch.ts';

/** A provider that answers with the status in the path, and never on `/silence`. */
async function started(t: { teardown(end: () => unknown): void }) {
  const server = createServer((request, response) => {
    const status = Number(request.url?.slice(1));
    if (status) response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const told: unknown[][] = [];
  const recorder = { providerAnswered: (...what: unknown[]) => void told.push(what) };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, told, recorder };
}

t.test('what is asked is told by the request, and how it was answered', async t => {
  const { url, told, recorder } = await started(t);
  const ask = recordedFetch(recorder, 'default');
  await ask(`${url}/200`, {});
  await ask(`${url}/500`, { method: 'POST' });
  await ask(`${url}/429`, { method: 'POST' });
  await ask(`${url}/400`, { method: 'POST' });
  await ask(`${url}/404`, {});
  await ask(`${url}/404/.well-known/openid-configuration`, { signal: AbortSignal.timeout(1) }).catch(() => undefined);
  await recordedFetch(recorder, 'default', 'graph')(`${url}/403`, { method: 'POST' });
  t.match(told, [
    ['default', 'keys', Number, undefined],
    ['default', 'token', Number, '5xx'],
    ['default', 'token', Number, 'throttled'],
    ['default', 'token', Number, undefined],
    ['default', 'keys', Number, '4xx'],
    ['default', 'discovery', Number, 'timeout'],
    ['default', 'graph', Number, '4xx'],
  ]);
});

t.test('who is not there is told, and who is no longer asked is not', async t => {
  const { url, told, recorder } = await started(t);
  const ask = recordedFetch(recorder, 'default');
  await t.rejects(ask('http://127.0.0.1:1/', {}));
  await t.rejects(ask(`${url}/silence`, { signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' });
  const given = new AbortController();
  const asking = ask(`${url}/silence`, { signal: given.signal });
  given.abort();
  await t.rejects(asking, { name: 'AbortError' });
  t.match(told, [
    ['default', 'keys', Number, 'network'],
    ['default', 'keys', Number, 'timeout'],
  ]);
  t.equal(told.length, 2);
});

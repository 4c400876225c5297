import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import t, { type Test } from 'tap';
import { reasonOf, requestRedisToken } from '../../src/sessions/redis-entra.ts';

const ASSERTION = 'eyJhbGciOiJSUzI1NiJ9.the-token-of-the-cluster';

const failures: [what: string, reason: string, answer: RequestListener][] = [
  ['that is silent', 'TIMEOUT', () => {}],
  ['that never ends its answer', 'TIMEOUT', (_, response) => void response.writeHead(200).write('{"access_token":')],
  [
    'that breaks off',
    'UND_ERR_SOCKET',
    (request, response) => void response.writeHead(200).write('{', () => request.destroy()),
  ],
  [
    'that leads elsewhere',
    'UNREACHABLE',
    (_, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
  ],
  [
    'that repeats what it was sent',
    'HTTP 400',
    (request, response) => {
      request.setEncoding('utf8').on('data', text => {
        response.writeHead(400).end(JSON.stringify({ error: text, error_codes: [text], error_description: text }));
      });
    },
  ],
  ['that answers with a page', 'HTTP 200', (_, response) => void response.end('<html>')],
];

for (const [what, reason, answer] of failures) {
  t.test(`an endpoint ${what} gives no token, says why in time, and its error holds no secret`, async t => {
    const { tokenEndpoint, requests } = await serve(t, answer);
    const error: unknown = await requestRedisToken({ tokenEndpoint, clientId: 'x' }, 500).then(
      () => t.fail('there is no token'),
      (thrown: unknown) => thrown,
    );
    t.equal(reasonOf(error), reason);
    t.notMatch(inspect(error, { depth: null, showHidden: true }), ASSERTION);
    t.equal(requests(), 1, 'nobody else was asked');
  });
}

async function serve(t: Test, answer: RequestListener) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const file = join(t.testdir(), 'federated-token');
  await writeFile(file, ASSERTION);
  process.env.AZURE_FEDERATED_TOKEN_FILE = file;
  const { port } = server.address() as AddressInfo;
  return { tokenEndpoint: `http://127.0.0.1:${port}/token`, requests: () => requests };
}

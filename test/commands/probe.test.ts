import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { probe } from '../../src/commands/probe.ts';
import { freePort } from '../support/free-port.ts';

type Test = Pick<typeof t, 'testdir' | 'teardown'>;

/** An ops listener that gives these answers by path; what else it is asked for is a 404. */
async function startOps(
  t: Test,
  answers: Readonly<Record<string, [status: number, body: string]>>,
  host = '127.0.0.1',
) {
  const server = createServer((request, response) => {
    const [status, body] = answers[request.url ?? ''] ?? [404, '{}'];
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>(resolve => server.listen(0, host, resolve));
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function run(t: Test, settings: string, live = false) {
  const config = `${t.testdir({ 'halogate.yaml': settings })}/halogate.yaml`;
  let output = '';
  const status = await probe({ config, live }, text => {
    output += text;
  });
  return { status, output };
}

t.test('a gateway that is ready: 0 and one line', async t => {
  const port = await startOps(t, { '/readyz': [200, '{"status":"ready"}'] });
  t.same(await run(t, `opsListen: 127.0.0.1:${port}`), { status: 0, output: 'ready\n' });
});

t.test('one that listens on every address is asked on loopback', async t => {
  const port = await startOps(t, { '/readyz': [200, '{"status":"ready"}'] });
  t.equal((await run(t, `opsListen: 0.0.0.0:${port}`)).status, 0);
});

t.test('one that is not ready: 1, and why', async t => {
  const port = await startOps(t, { '/readyz': [503, '{"status":"not ready","reason":"draining"}'] });
  t.same(await run(t, `opsListen: 127.0.0.1:${port}`), { status: 1, output: 'not ready: draining\n' });
});

t.test('--live asks whether it is alive, ready or not', async t => {
  const port = await startOps(t, { '/readyz': [503, '{}'], '/livez': [200, '{"status":"live"}'] });
  t.same(await run(t, `opsListen: 127.0.0.1:${port}`, true), { status: 0, output: 'live\n' });
});

t.test('what answers something else is no gateway', async t => {
  const port = await startOps(t, { '/readyz': [200, '<html>'] });
  t.match(await run(t, `opsListen: 127.0.0.1:${port}`), {
    status: 1,
    output: /^http:\S+\/readyz cannot be asked: .*\n$/,
  });
});

t.test('nobody listens: 1, and where it was looked for', async t => {
  const port = await freePort();
  t.same(await run(t, `opsListen: 127.0.0.1:${port}`), {
    status: 1,
    output: `http://127.0.0.1:${port}/readyz cannot be asked: ECONNREFUSED\n`,
  });
});

t.test(
  'settings that are wrong elsewhere, or whose secrets it may not read, do not fail a gateway that serves',
  async t => {
    const port = await startOps(t, { '/readyz': [200, '{"status":"ready"}'] });
    const settings = `opsListen: 127.0.0.1:${port}\nsession: {secret: {env: NOWHERE}}\nlisen: 0.0.0.0:8080\n`;
    t.equal((await run(t, settings)).status, 0);
  },
);

for (const [settings, output] of [
  ['opsListen: 127.0.0.1:0', /port 0/],
  ['opsListen: 9090', /expected an address and port/],
  ['a: [', /cannot be read as YAML/],
] as const) {
  t.test(`78 and one line for settings that do not say where: ${settings}`, async t => {
    const answer = await run(t, settings);
    t.equal(answer.status, 78);
    t.match(answer.output, output);
    t.match(answer.output, /^[^\n]*halogate\.yaml: [^\n]+\n$/);
  });
}

t.test('78 and one line for a file that is not there', async t => {
  let output = '';
  t.equal(await probe({ config: '/nowhere/halogate.yaml', live: false }, text => (output += text)), 78);
  t.equal(output, 'the file "/nowhere/halogate.yaml" does not exist\n');
});

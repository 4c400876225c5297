import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import t from 'tap';
import { CLIENT } from '../../demo/entra/index.ts';
import { listen } from '../../demo/web/index.ts';
import { startBuiltWorld } from '../support/built.ts';
import { runProgram, startGateway, writeSettings } from '../support/gateway.ts';
import { sound } from '../support/settings.ts';
import { SESSION_SECRET } from '../support/world.ts';

/** Longer than any test takes; what is killed at the end of a test does not wait for it. */
const LONG = '600s';

/** The sound settings with ports of the system's choice. */
const free = `${sound.replace('127.0.0.1:8080', '127.0.0.1:0')}opsListen: 127.0.0.1:0\n`;

t.test('tells its version, that of the package', async t => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const { exited, logs } = runProgram(t, ['--version']);
  t.equal(await exited, 0);
  t.same(logs(), [version]);
});

t.test('an older Node is told what is needed, and how a checkout gets it', async t => {
  const older = "Object.defineProperty(process, 'versions', {value: {...process.versions, node: '20.20.2'}})";
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(older)}`;
  const { exited, logs } = runProgram(t, ['--version'], { NODE_OPTIONS });
  t.equal(await exited, 1);
  t.match(logs(), [/^halogate needs Node 22\.19\.0 or later; this is 20\.20\.2\.$/, /npm run -s halogate -- /]);
});

t.test('a command line that is not understood: why, where to read more, and exit status 64', async t => {
  const { exited, logs } = runProgram(t, ['sevre']);
  t.equal(await exited, 64);
  t.match(logs().join('\n'), /^halogate: unknown command "sevre"; did you mean "serve"\?\nhalogate --help [^\n]+$/);
});

t.test('bad settings: where they are bad, and exit status 78', async t => {
  const file = await writeSettings(t, sound.replace('halo: {upstream', 'halo: {upstraem'));
  for (const command of ['serve', 'check']) {
    const { exited, logs } = runProgram(t, [command], { HALOGATE_CONFIG: file });
    t.equal(await exited, 78);
    t.ok(
      logs().some(line => line.startsWith(`${file}:4:8 `) && line.includes('upstream')),
      `${command} names line and column`,
    );
  }
});

t.test('a settings file that is not there: exit status 78', async t => {
  const { exited, logs } = runProgram(t, ['serve', '--config', '/nowhere/halogate.yaml']);
  t.equal(await exited, 78);
  t.match(logs().join('\n'), /\/nowhere\/halogate\.yaml/);
});

for (const key of ['listen', 'opsListen']) {
  t.test(`${key} on a port in use: one line that says so, and exit status 1`, async t => {
    const other = await listen(() => {}, 0);
    t.teardown(other.close);
    const taken = `127.0.0.1:${other.port}`;
    const settings = free.replace(new RegExp(`^${key}: .*$`, 'm'), `${key}: ${taken}`);
    const { exited, logs } = runProgram(t, ['serve', '--config', await writeSettings(t, settings)]);
    t.equal(await exited, 1);
    t.same(
      logs().filter(line => line.includes('Cannot listen')),
      [`halogate: Cannot listen on ${taken} (the setting ${key}): the port is in use.`],
    );
  });
}

t.test('serves health and status on the ops listener alone', async t => {
  const { url, opsUrl, logs } = await startGateway(t, free);
  t.equal((await fetch(`${opsUrl}/livez`)).status, 200);
  t.equal((await fetch(`${opsUrl}/readyz`)).status, 200);
  t.match(await (await fetch(`${opsUrl}/status`)).json(), {
    connections: [{ name: 'default', provider: 'entra', published: true }],
    store: { kind: 'memory', reachable: true },
  });
  for (const path of ['/livez', '/readyz', '/status']) {
    t.equal((await fetch(url + path)).status, 421, `${path} is nothing to the public listener`);
  }
  t.ok(
    logs().some(line => line.includes('one process only')),
    'says that sessions are in memory',
  );
});

/** A Halo that keeps `/robots.txt` waiting until `finish`, and answers everything else at once. */
async function startSlowHalo(t: { teardown(end: () => unknown): void }) {
  let waiting: ServerResponse | undefined;
  let taken = () => {};
  const asked = new Promise<void>(resolve => (taken = resolve));
  const halo = await listen((request, response) => {
    if (request.url === '/robots.txt') {
      waiting = response;
      taken();
    } else {
      response.end('at once');
    }
  }, 0);
  t.teardown(halo.close);
  return { url: halo.url, asked, finish: () => waiting?.end('finished') };
}

/** Asks for a public path of the agent app. */
async function ask(url: string, path: string) {
  const request = get(url + path, { agent: false, headers: { Host: 'halo.example.com', Connection: 'keep-alive' } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += chunk;
  return { body, connection: response.headers.connection };
}

t.test('on SIGTERM it is unready but serves, finishes what is under way, and exits 0', async t => {
  const halo = await startSlowHalo(t);
  const settings = free.replace('http://halo.internal', halo.url);
  const { url, opsUrl, process, exited, logs } = await startGateway(
    t,
    `${settings}drain: {wait: 5s, deadline: ${LONG}}\n`,
  );
  const slow = ask(url, '/robots.txt');
  await halo.asked;
  process.kill('SIGTERM');
  while ((await fetch(`${opsUrl}/readyz`)).status !== 503) await new Promise(setImmediate);
  t.match(await (await fetch(`${opsUrl}/readyz`)).json(), { reason: 'draining' });
  t.same(await ask(url, '/favicon.ico'), { body: 'at once', connection: 'close' }, 'a newcomer is served');

  while (await isListening(url)) await new Promise(resolve => setTimeout(resolve, 20));
  t.equal((await fetch(`${opsUrl}/livez`)).status, 200, 'probes are answered to the end');
  halo.finish();
  t.equal((await slow).body, 'finished');
  t.equal(await exited, 0);
  t.notOk(
    logs().some(line => line.includes('by force')),
    'nothing had to be cut off',
  );
});

async function isListening(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

t.test('at the deadline, or at a second signal, it ends what is under way, and exits 0', async t => {
  for (const [drain, signals] of [
    ['{wait: 0s, deadline: 50ms}', ['SIGINT']],
    [`{wait: ${LONG}, deadline: ${LONG}}`, ['SIGTERM', 'SIGINT']],
  ] as const) {
    const halo = await startSlowHalo(t);
    const settings = `${free.replace('http://halo.internal', halo.url)}drain: ${drain}\n`;
    const { url, opsUrl, process, exited } = await startGateway(t, settings);
    const slow = ask(url, '/robots.txt');
    slow.catch(() => {});
    await halo.asked;
    for (const [index, signal] of signals.entries()) {
      if (index > 0) while ((await fetch(`${opsUrl}/readyz`)).ok) await new Promise(setImmediate);
      process.kill(signal);
    }
    await t.rejects(slow);
    t.equal(await exited, 0);
  }
});

t.test('SIGHUP ends nothing', async t => {
  const { opsUrl, process, logs } = await startGateway(t, free);
  process.kill('SIGHUP');
  while (!logs().some(line => line.includes('the settings have been loaded again'))) await new Promise(setImmediate);
  t.equal((await fetch(`${opsUrl}/readyz`)).status, 200);
});

t.test('no secret is in its logs, at the most talkative level', async t => {
  const { url, gateway } = await startBuiltWorld(t, { log: { level: 'trace' }, drain: { wait: '0s' } });
  const begun = await fetch(`${url}/.halogate/sign-in?return=/ticket`, { redirect: 'manual' });
  const provider = begun.headers.get('location') ?? '';
  const state = new URL(provider).searchParams.get('state') ?? '';
  const [cookie = ''] = begun.headers.getSetCookie();
  const [pair = ''] = cookie.split(';');
  const code = 'a-code-that-nobody-gave-out';
  const callback = `${url}/auth/account/azureresponse?code=${code}&state=${state}`;
  const answer = await fetch(callback, { redirect: 'manual', headers: { Cookie: pair } });
  t.ok(answer.status >= 400, 'the provider refuses the code');
  await fetch(`${url}/robots.txt`, { headers: { Authorization: 'Bearer a-bearer-token' } });
  t.equal(await gateway.stop(), 0);

  const logs = gateway.logs().join('\n');
  t.match(logs, /azureresponse/, 'the requests are there');
  for (const secret of [SESSION_SECRET, CLIENT.secret, code, state, pair.split('=')[1] ?? '', 'a-bearer-token']) {
    t.not(secret, '');
    t.notOk(logs.includes(secret));
  }
});

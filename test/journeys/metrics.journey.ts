import { once } from 'node:events';
import t from 'tap';
import { labels as knownLabels } from '../../src/ops/metrics/definitions.ts';
import { type Sample, scrape, sumOf, waitForSum } from '../support/metrics.ts';
import { startTraffic } from '../support/traffic.ts';

t.test('what is done through the gateway is counted and measured', async t => {
  const traffic = await startTraffic(t, { limits: { signIn: '20/1h' } });
  const { gateway, client, entra, halo, redis } = traffic;
  const { opsUrl } = gateway;
  const sum = async (name: string, labels = {}) => sumOf(await scrape(opsUrl), name, labels);
  const agnes = client('192.0.2.1');

  await t.test('before anything has happened: who runs, by which settings', async t => {
    t.equal(await sum('build_info', { node: process.version }), 1);
    t.equal(await sum('config_last_reload_successful'), 1);
    const status = (await (await fetch(`${opsUrl}/status`)).json()) as { configHash: string; loadedAt: string };
    t.equal(await sum('config_info', { hash: status.configHash }), 1);
    t.equal(await sum('config_last_reload_success_timestamp_seconds'), Date.parse(status.loadedAt) / 1000);
    const answer = await fetch(`${opsUrl}/metrics`);
    t.match(answer.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
    t.match(await answer.text(), /^process_cpu_seconds_total /m, 'and how the process fares');
    t.equal((await fetch(`${gateway.url}/metrics`)).status, 421, 'not on the public listener');
  });

  await t.test('a sign-in, and requests with and without identity', async t => {
    t.equal((await agnes.signIn('agnes')).status, 200);
    t.equal(await sum('sign_ins_total', { connection: 'default', result: 'success', reason: '' }), 1);
    t.equal(await sum('http_requests_total', { portal: 'agents', outcome: 'identity', code: '2xx' }), 1);
    t.ok((await sum('http_requests_total', { outcome: 'own', code: '3xx' })) >= 2, 'the start and the callback');
    t.equal(await sum('http_request_duration_seconds_count', { portal: 'agents', outcome: 'identity' }), 1);
    t.equal(await sum('upstream_request_duration_seconds_count', { portal: 'agents' }), 1);
    await agnes.ask('/portal/anonymouskb');
    t.equal(await sum('http_requests_total', { portal: 'customers', outcome: 'forward' }), 1);
    t.equal(await sum('sessions_active'), 1);
    t.equal(await sum('http_requests_in_flight'), 0);
  });

  await t.test('the provider and the store that were asked for it', async t => {
    for (const endpoint of ['discovery', 'token', 'keys']) {
      t.equal(await sum('provider_request_duration_seconds_count', { connection: 'default', endpoint }), 1, endpoint);
    }
    t.equal(await sum('provider_errors_total'), 0);
    for (const operation of ['create', 'read', 'once', 'ping']) {
      t.ok((await sum('store_operation_duration_seconds_count', { operation })) >= 1, operation);
    }
    t.equal(await sum('store_errors_total'), 0);
  });

  await t.test('what is refused', async t => {
    const stranger = client('192.0.2.2');
    await stranger.ask('/ticket');
    t.equal(await sum('http_requests_total', { portal: 'agents', outcome: 'sign-in', code: '3xx' }), 1);
    const before = await sum('http_requests_total', { portal: 'agents', outcome: 'refuse', code: '4xx' });
    t.equal(await traffic.tryPassword(stranger), 403);
    const user = client('192.0.2.3');
    t.equal((await user.signIn('ulrich')).status, 403);
    t.equal((await user.ask('/ticket')).status, 403);
    t.equal(await sum('http_requests_total', { portal: 'agents', outcome: 'refuse', code: '4xx' }), before + 2);
    await fetch(`${gateway.url}/`, { headers: { accept: 'text/html' } });
    t.ok((await sum('http_requests_total', { portal: '', outcome: 'refuse', code: '4xx' })) >= 1, 'of no portal');
  });

  await t.test('sign-ins that fail, by their reason', async t => {
    await client('192.0.2.4').signIn('cancel');
    t.equal(await sum('sign_ins_total', { result: 'failure', reason: 'SIGN_IN_CANCELLED' }), 1);
    entra.faults.on('token-500');
    t.equal((await client('192.0.2.5').signIn('agnes')).status, 503);
    entra.faults.clear();
    t.equal(await sum('sign_ins_total', { result: 'failure', reason: 'PROVIDER_UNREACHABLE' }), 1);
    t.equal(await sum('provider_errors_total', { connection: 'default', endpoint: 'token', reason: '5xx' }), 1);
    entra.faults.on('token-invalid-grant');
    await client('192.0.2.6').signIn('agnes');
    entra.faults.clear();
    t.equal(await sum('sign_ins_total', { reason: 'CODE_REJECTED' }), 1);
    t.equal(await sum('provider_errors_total'), 1, 'a refused code is no error of the provider');
  });

  await t.test('sign-outs of every kind', async t => {
    await traffic.signOutInEveryWay();
    for (const kind of ['person', 'halo', 'front-channel', 'back-channel']) {
      t.equal(await sum('sign_outs_total', { kind }), 1, kind);
    }
  });

  await t.test('asking the provider again', async t => {
    while ((await sum('session_refreshes_total', { result: 'success' })) === 0) await agnes.ask('/ticket');
    const person = client('192.0.2.7');
    await person.signIn('agnes');
    entra.revoke('agnes');
    while ((await person.ask('/ticket')).status === 200);
    t.ok((await waitForSum(opsUrl, 'session_refreshes_total', { connection: 'default', result: 'ended' }, 1)) >= 1);
  });

  await t.test('a client that asks too often', async t => {
    const eager = client('192.0.2.8');
    while ((await eager.ask('/.halogate/sign-in?connection=default')).status === 302);
    t.equal(await sum('rate_limited_total', { kind: 'sign-in' }), 1);
  });

  await t.test('WebSockets while they are open', async t => {
    const person = client('192.0.2.9');
    await person.signIn('agnes');
    const socket = await traffic.openSocket(person);
    t.equal(await waitForSum(opsUrl, 'websockets_open', { portal: 'agents' }, 1), 1);
    t.equal(await sum('http_requests_total', { outcome: 'identity', code: '1xx' }), 1);
    socket.close();
    await once(socket, 'close');
    while ((await sum('websockets_open')) > 0);
    t.pass('and no more');
  });

  await t.test('a Halo that does not answer', async t => {
    await halo.close();
    t.equal((await client('192.0.2.10').ask('/api/authinfo')).status, 502);
    t.equal(await sum('upstream_errors_total', { portal: 'agents', reason: 'ECONNREFUSED' }), 1);
    t.equal(await sum('http_requests_total', { portal: 'agents', outcome: 'forward', code: '5xx' }), 1);
  });

  await t.test('a store that does not answer', async t => {
    const person = client('192.0.2.11');
    await person.signIn('agnes', '/.halogate/session');
    await redis.kill('SIGSTOP');
    while ((await person.ask('/ticket')).status !== 503);
    t.ok((await sum('store_errors_total', { operation: 'read' })) >= 1);
    t.ok((await sum('http_requests_total', { portal: '', outcome: 'refuse', code: '5xx' })) >= 1, 'undecided');
    await redis.kill('SIGCONT');
  });

  await t.test('no label says more than the settings and the code do', async t => {
    const samples = (await scrape(opsUrl)).filter(({ name }) => name.startsWith('halogate_'));
    const names = new Set(samples.flatMap(({ labels }) => Object.keys(labels)));
    t.same(
      [...names].filter(name => name !== 'le' && !Object.hasOwn(knownLabels, name)),
      [],
    );
    const of = (label: string) => new Set(samples.flatMap(({ labels }: Sample) => labels[label] ?? []));
    t.same([...of('portal')].sort(), ['', 'agents', 'customers']);
    t.same([...of('connection')].sort(), ['default', 'generic']);
    t.notMatch(JSON.stringify(samples), /agnes|ticket|192\.0\.2|localhost|azureresponse/);
  });
});

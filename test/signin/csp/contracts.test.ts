import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { ELSEWHERE, PARTNER } from '../../../demo/entra/index.ts';
import { CONTOSO, type Graph } from '../../../demo/graph/index.ts';
import { readCustomers } from '../../../src/signin/index.ts';
import { type CspConnection, cspConnection, HastyPace, startProviders } from './support.ts';

const CONTRACTS = '/v1.0/contracts';

t.test('reads every page, and of each customer the id, the name and the default domain', async t => {
  const { graph, read } = await started(t, 1);
  t.strictSame(await read(), [
    { id: ELSEWHERE.id, name: 'Elsewhere', domains: [ELSEWHERE.domain] },
    { id: CONTOSO, name: 'Contoso', domains: ['contoso.example'] },
    { id: PARTNER.id, name: 'Partner', domains: [PARTNER.domain] },
  ]);
  t.equal(graph.requests.length, 3);
});

t.test('a customer with two contracts is one, however its id is written', async t => {
  const { graph, read } = await started(t);
  graph.customers.push({ id: CONTOSO.toUpperCase(), name: 'Contoso again', domain: 'other.example' });
  const contoso = (await read()).filter(({ id }) => id.toLowerCase() === CONTOSO);
  t.strictSame(contoso, [{ id: CONTOSO, name: 'Contoso', domains: ['contoso.example'] }]);
});

t.test('what may stand on no page, and what is no domain, is not taken over', async t => {
  const { graph, read } = await started(t);
  graph.next(page([contract({ displayName: 'Evil\u001b[2J\u202e\nCorp', defaultDomainName: 'not a domain' })]));
  t.strictSame(await read(), [{ id: CONTOSO, name: 'Evil [2J  Corp', domains: [] }]);
  graph.next(page([contract({ displayName: null, defaultDomainName: 'Contoso.EXAMPLE' })]));
  t.strictSame(await read(), [{ id: CONTOSO, domains: ['contoso.example'] }]);
  graph.next(page([contract({ defaultDomainName: 'München.example' })]));
  t.same((await read())[0]?.domains, ['xn--mnchen-3ya.example'], 'as addresses are compared with it');
});

t.test('waits as long as Graph says, and goes on with the same page', async t => {
  const { graph, read, pace } = await started(t, 1);
  graph.next(page([], `${graph.url}${CONTRACTS}?$skiptoken=0`), { status: 429, headers: { 'retry-after': '17' } });
  t.equal((await read()).length, 3);
  t.strictSame(pace.slept, [17_000]);
  t.strictSame(
    graph.requests.slice(1, 3).map(({ target }) => target),
    [`${CONTRACTS}?$skiptoken=0`, `${CONTRACTS}?$skiptoken=0`],
  );
});

t.test('takes a date for a time to wait until', async t => {
  const { graph, read, pace } = await started(t);
  const until = new Date(pace.now() + 9000).toUTCString();
  graph.next({ status: 503, headers: { 'retry-after': until } });
  t.equal((await read()).length, 3);
  t.strictSame(pace.slept, [9000]);
});

t.test('a wait that is too long is left to the next time', async t => {
  const { graph, read, pace } = await started(t);
  graph.next({ status: 429, headers: { 'retry-after': '600' } });
  await t.rejects(read(), { code: 'GRAPH_THROTTLED', message: 'Graph answered 429 Wrong', retryAfter: 600_000 });
  t.strictSame(pace.slept, []);
  t.equal(graph.requests.length, 1);
  graph.next({ status: 429, headers: { 'retry-after': '99999999' } });
  await t.rejects(read(), { code: 'GRAPH_THROTTLED', retryAfter: 3_600_000 }, 'and an absurd one is cut');
});

t.test('tries again after failures, ever more slowly, and not for ever', async t => {
  const { graph, read, pace } = await started(t);
  graph.next({ status: 500 }, 'hang-up', { status: 502, body: '<h1>Bad Gateway</h1>' });
  t.equal((await read()).length, 3);
  t.strictSame(pace.slept, [375, 750, 1500]);
  graph.requests.length = 0;
  graph.always({ status: 503 });
  await t.rejects(read(), { code: 'GRAPH_UNREACHABLE', message: 'Graph answered 503 Wrong' });
  t.equal(graph.requests.length, 5);
});

t.test('never sends the token to another host', async t => {
  const { graph, read } = await started(t);
  const elsewhere = await startTrap(t);
  for (const link of [
    `${elsewhere.url}${CONTRACTS}`,
    graph.url.replace('127.0.0.1', 'localhost') + CONTRACTS,
    graph.url.replace('http:', 'https:') + CONTRACTS,
    graph.url.replace('127.0.0.1', '127.0.0.1@127.0.0.1') + CONTRACTS,
    `//${new URL(elsewhere.url).host}${CONTRACTS}`,
    CONTRACTS,
    'garbage',
    ['x'],
  ]) {
    graph.next(page([contract()], link));
    await t.rejects(read(), { code: 'GRAPH_INVALID', message: /next page that is not on the Graph host/ }, `${link}`);
  }
  graph.next({ status: 302, headers: { location: `${elsewhere.url}${CONTRACTS}` } });
  await t.rejects(read(), { code: 'GRAPH_INVALID', message: /Graph answered 302/ });
  t.equal(elsewhere.requests(), 0);
});

t.test('half a list and nonsense are no list', async t => {
  const { graph, read } = await started(t);
  for (const body of [
    'nonsense',
    '[]',
    'null',
    {},
    { value: 'all' },
    { value: [null] },
    { value: [contract(), {}] },
    { value: [contract({ customerId: 'contoso.example' })] },
    { value: [contract({ customerId: 7 })] },
  ]) {
    graph.next({ status: 200, body });
    await t.rejects(read(), { code: 'GRAPH_INVALID' }, JSON.stringify(body));
  }
});

t.test('a list that never ends is given up', async t => {
  const { graph, read } = await started(t);
  graph.always(page([], `${graph.url}${CONTRACTS}?again`));
  await t.rejects(read(), { code: 'GRAPH_INVALID', message: /pages without end/ });
  t.equal(graph.requests.length, 1000);
  graph.always({ status: 200, body: JSON.stringify({ value: [], padding: 'x'.repeat(9_000_000) }) });
  await t.rejects(read(), { code: 'GRAPH_INVALID', message: /without end/ });
});

t.test('whose permission is missing is told so, at once', async t => {
  const { graph, read } = await started(t);
  graph.next({ status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'secret words' } } });
  await t.rejects(read(), { code: 'GRAPH_REFUSED', message: 'Graph answered 403 Authorization_RequestDenied' });
  graph.next({ status: 401, body: { error: { code: 'no code <b>' } } });
  await t.rejects(read(), { code: 'GRAPH_REFUSED', message: 'Graph answered 401' });
});

t.test('without a token Graph is not asked, and it is said why', async t => {
  const { entra, graph, connection, read } = await started(t);
  await t.rejects(read({ ...connection, credential: { secret: 'wrong' } }), {
    code: 'TOKEN_REFUSED',
    message: 'the provider gave no token (invalid_client AADSTS7000215)',
  });
  const csp = { ...connection.csp, partnerTenant: '77777777-0000-4000-8000-000000000000' };
  await t.rejects(read({ ...connection, csp }), {
    code: 'TOKEN_REFUSED',
    message: 'the provider knows no tenant 77777777-0000-4000-8000-000000000000',
  });
  for (const fault of ['down', 'discovery-500', 'discovery-rubbish', 'token-500', 'token-down'] as const) {
    entra.faults.on(fault);
    await t.rejects(read(), { code: 'PROVIDER_UNREACHABLE', message: /the provider could not be reached/ }, fault);
    entra.faults.clear();
  }
  t.equal(graph.requests.length, 0);
});

t.test('whoever is told to stop stops', async t => {
  const { entra, graph, connection, pace } = await started(t);
  const silent = new AbortController();
  graph.next('silence');
  const waiting = readCustomers(connection, connection.csp, { pace, signal: silent.signal });
  while (graph.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  silent.abort();
  await t.rejects(waiting);
  const asking = new AbortController();
  entra.faults.on('discovery-slow');
  entra.faults.delay = 600_000;
  const slow = readCustomers(connection, connection.csp, { pace, signal: asking.signal });
  asking.abort();
  await t.rejects(slow);
});

async function started(t: Test, pageSize?: number) {
  const { entra, graph } = await startProviders(t, pageSize);
  const connection = await cspConnection({ entra, graph });
  const pace = new HastyPace();
  const { signal } = new AbortController();
  const read = (using: CspConnection = connection) => readCustomers(using, using.csp, { pace, signal });
  return { entra, graph, connection, pace, read };
}

function page(value: unknown[], link?: unknown): Parameters<Graph['next']>[0] {
  return { status: 200, body: { value, ...(link === undefined ? {} : { '@odata.nextLink': link }) } };
}

function contract(changes: object = {}): object {
  return { customerId: CONTOSO, displayName: 'Contoso', defaultDomainName: 'contoso.example', ...changes };
}

/** A host that nobody is to ask. */
async function startTrap(t: Test) {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.end('{"value":[]}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests: () => requests };
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { readMemberGroups } from '../../src/signin/member-groups.ts';

const GROUP = '11111111-0000-4000-8000-000000000001';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A Graph that answers in its own way; what it received is kept. */
async function startFake(t: Test, answer: (response: ServerResponse, count: number) => void) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push(await read(request));
    answer(response, received.length);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, url, headers } = request;
  return { method, url, authorization: headers.authorization, body: Buffer.concat(chunks).toString() };
}

function say(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

t.test('all security groups are asked for with the token of the person', async t => {
  const graph = await startFake(t, response => say(response, 200, { value: [GROUP.toUpperCase()] }));
  t.strictSame(await readMemberGroups(graph.url, 'the-token'), [GROUP]);
  t.strictSame(graph.received, [
    {
      method: 'POST',
      url: '/v1.0/me/getMemberObjects',
      authorization: 'Bearer the-token',
      body: '{"securityEnabledOnly":true}',
    },
  ]);
});

t.test('the longest list that Graph gives is taken', async t => {
  const all = Array.from(
    { length: 11_000 },
    (_, index) => `11111111-0000-4000-8000-${String(index).padStart(12, '0')}`,
  );
  const graph = await startFake(t, response => say(response, 200, { value: all }));
  t.strictSame(await readMemberGroups(graph.url, 'token'), all);
});

t.test('an answer that is not the whole list of groups is none', async t => {
  const answers: [what: string, status: number, body: unknown][] = [
    ['no list', 200, {}],
    ['a text', 200, { value: GROUP }],
    ['something among them that is no id', 200, { value: [GROUP, 'Administrators'] }],
    ['an object among them', 200, { value: [{ id: GROUP }] }],
    ['a first page', 200, { value: [GROUP], '@odata.nextLink': 'https://graph.example/next' }],
    ['more than can be', 200, { value: Array.from({ length: 11_001 }, () => GROUP) }],
    ['no object', 200, [GROUP]],
    ['too many for Graph itself', 400, { error: { code: 'Directory_ResultSizeLimitExceeded' } }],
    ['not there', 404, {}],
  ];
  for (const [what, status, body] of answers) {
    const graph = await startFake(t, response => say(response, status, body));
    await t.rejects(readMemberGroups(graph.url, 'token'), { code: 'GROUPS_OVERAGE' }, what);
    t.equal(graph.received.length, 1, `${what}: nothing is gained by asking again`);
  }
  await t.rejects(readMemberGroups('http://127.0.0.1:1', undefined), { code: 'GROUPS_OVERAGE' }, 'no token at all');
});

t.test('a permission that is missing is an operator’s to give', async t => {
  const refusals = [
    [403, 'Authorization_RequestDenied'],
    [401, 'InvalidAuthenticationToken'],
  ] as const;
  for (const [status, code] of refusals) {
    const graph = await startFake(t, response => say(response, status, { error: { code } }));
    const error: unknown = await readMemberGroups(graph.url, 'token').catch((refused: unknown) => refused);
    t.match(error, { code: 'SIGN_IN_MISCONFIGURED', detail: { why: `Graph answered ${status} ${code}` } });
    t.equal(graph.received.length, 1, 'nothing is gained by asking again');
  }
});

t.test('the token goes nowhere but to Graph', async t => {
  const elsewhere = await startFake(t, response => say(response, 200, { value: [GROUP] }));
  const graph = await startFake(t, response => say(response, 307, {}, { location: `${elsewhere.url}/v1.0/` }));
  await t.rejects(readMemberGroups(graph.url, 'token'), { code: 'GROUPS_OVERAGE' });
  t.equal(elsewhere.received.length, 0);
});

t.test('a Graph that asks to wait for a moment is asked once more', async t => {
  const graph = await startFake(t, (response, count) => {
    if (count === 1) say(response, 429, {}, { 'retry-after': '0' });
    else say(response, 200, { value: [GROUP] });
  });
  t.strictSame(await readMemberGroups(graph.url, 'token'), [GROUP]);
});

t.test('but not twice, and not where it asks for long', async t => {
  for (const [retryAfter, waits] of [
    ['0', [0]],
    ['3600', []],
  ] as const) {
    const waited: number[] = [];
    const pace = { now: Date.now, random: () => 0, sleep: async (wait: number) => void waited.push(wait) };
    const graph = await startFake(t, response => say(response, 429, {}, { 'retry-after': retryAfter }));
    await t.rejects(readMemberGroups(graph.url, 'token', { pace }), { code: 'GROUPS_UNREACHABLE' }, retryAfter);
    t.strictSame(waited, waits, retryAfter);
    t.equal(graph.received.length, waits.length + 1, retryAfter);
  }
});

t.test('a Graph that is away, broken or silent is unreachable', async t => {
  const pace = { now: Date.now, random: () => 0, sleep: async () => undefined };
  const broken = await startFake(t, response => say(response, 503, {}));
  await t.rejects(readMemberGroups(broken.url, 'token', { pace }), { code: 'GROUPS_UNREACHABLE' });
  const away = await startFake(t, response => response.destroy());
  await t.rejects(readMemberGroups(away.url, 'token', { pace }), { code: 'GROUPS_UNREACHABLE' });
  const silent = await startFake(t, () => undefined);
  await t.rejects(readMemberGroups(silent.url, 'token', { time: 100 }), { code: 'GROUPS_UNREACHABLE' });
});

t.test('the time runs out while it waits to ask again, too', async t => {
  const graph = await startFake(t, response => say(response, 503, {}));
  const pace = {
    now: () => 0,
    random: () => 0,
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  };
  await t.rejects(readMemberGroups(graph.url, 'token', { pace, time: 1000 }), { code: 'GROUPS_UNREACHABLE' });
});

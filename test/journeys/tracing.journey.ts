import { once } from 'node:events';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { CLIENT } from '../../demo/entra/index.ts';
import { listen } from '../../demo/web/index.ts';
import { Browser } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { type ReceivedSpan, startCollector } from '../support/collector.ts';
import { startRedis } from '../support/redis.ts';
import { SESSION_SECRET } from '../support/world.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const SERVER = 2;
const ERROR = 2;

/** A gateway that sends traces; what it was asked has arrived once it has ended. */
async function started(t: Test, settings: Readonly<Record<string, unknown>> = {}) {
  const collector = await startCollector(t);
  const world = await startBuiltWorld(t, {
    tracing: { endpoint: `${collector.endpoint}/` },
    drain: { wait: '0s' },
    ...settings,
  });
  return {
    ...world,
    collector,
    async spans(): Promise<readonly ReceivedSpan[]> {
      t.equal(await world.gateway.stop(), 0);
      return collector.spans();
    },
  };
}

const traceparent = (flags: string) => ({ traceparent: `00-${TRACE}-${PARENT}-${flags}`, tracestate: 'vendor=1' });

t.test('a request is a span, and what it waits for is one below it', async t => {
  const redis = await startRedis(t, { own: true });
  const { url, entra, halo, spans, collector } = await started(t, {
    session: { secret: SESSION_SECRET, redis: { url: redis.url } },
  });
  const person = new Browser({});
  entra.choose('agnes');
  t.equal((await person.go(`${url}/ticket?secret-query=1`)).status, 200);
  const received = halo.received.at(-1);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/hub`, {
    origin: url,
    headers: { cookie: `halogate=${person.cookies(url).halogate}` },
  });
  await once(socket, 'open');
  socket.terminate();
  const callback = person.cookies(url);
  const all = await spans();

  const below = (parent: ReceivedSpan | undefined) => all.filter(({ parentSpanId }) => parentSpanId === parent?.spanId);
  const signIn = all.find(({ kind, spanId }) => kind === SERVER && namesBelow(all, spanId).includes('provider token'));
  t.match(signIn?.attributes, { 'http.request.method': 'GET', 'halogate.outcome': 'own', 'halogate.rule': 1 });
  for (const name of ['provider token', 'provider keys', 'store create']) {
    t.ok(namesBelow(all, signIn?.spanId).includes(name), name);
  }
  t.ok(all.some(({ name, parentSpanId }) => name === 'provider discovery' && parentSpanId !== undefined));

  const [, traceId, spanId, flags] = String(received?.header('traceparent')).split('-');
  const upstream = all.find(span => span.spanId === spanId);
  t.equal(upstream?.name, 'upstream', 'Halo is told of the span that waits for it');
  t.equal(upstream?.traceId, traceId);
  t.equal(flags, '01');
  t.match(upstream?.attributes, { 'halogate.portal': 'agents', 'http.response.status_code': 200 });
  const request = all.find(span => span.spanId === upstream?.parentSpanId);
  t.match(request, { name: 'GET', kind: SERVER, status: 0 });
  t.match(request?.attributes, {
    'halogate.portal': 'agents',
    'halogate.outcome': 'identity',
    'halogate.rule': 6,
    'http.response.status_code': 200,
    'halogate.request.id': /^[0-9a-f-]{36}$/,
  });
  t.ok(below(request).length >= 1);
  t.ok(
    all.some(({ attributes }) => attributes['http.response.status_code'] === 101),
    'a WebSocket ends its span when it opens',
  );
  t.notOk(
    all.some(({ name, parentSpanId }) => name === 'store ping' || (name.startsWith('store') && !parentSpanId)),
    'what no request waits for is not there',
  );
  t.match(collector.resources()[0], { 'service.name': 'halogate', 'service.version': String });

  for (const secret of [
    ...[SESSION_SECRET, CLIENT.secret, 'secret-query', 'ticket', 'azureresponse', 'state', 'Agnes', 'agnes'],
    ...[String(callback.halogate), '127.0.0.1', 'localhost', entra.people.agnes.username],
  ]) {
    t.notOk(attributesOf(all).includes(secret), `no ${secret} in a span`);
  }
});

function namesBelow(all: readonly ReceivedSpan[], parent: string | undefined): readonly string[] {
  return all.filter(({ parentSpanId }) => parentSpanId === parent).map(({ name }) => name);
}

function attributesOf(all: readonly ReceivedSpan[]): string {
  return JSON.stringify(all.map(({ name, attributes }) => ({ name, attributes })));
}

t.test('a trace that a trusted proxy names is gone on with, as it was decided there', async t => {
  const { url, halo, spans } = await started(t, { trustedProxies: ['127.0.0.1', '::1'] });
  const recorded = new Browser({});
  await recorded.ask(`${url}/api/authinfo`, { headers: traceparent('01') });
  t.match(halo.received.at(-1)?.header('traceparent'), new RegExp(`^00-${TRACE}-(?!${PARENT})[0-9a-f]{16}-01$`));
  t.equal(halo.received.at(-1)?.header('tracestate'), 'vendor=1');
  await recorded.ask(`${url}/api/authinfo`, { headers: traceparent('00') });
  t.match(halo.received.at(-1)?.header('traceparent'), new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  await recorded.ask(`${url}/api/authinfo`, { headers: { traceparent: 'nonsense', tracestate: 'vendor=1' } });
  t.match(halo.received.at(-1)?.header('traceparent'), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  t.equal(halo.received.at(-1)?.header('tracestate'), undefined);
  const all = await spans();
  const requests = all.filter(({ kind }) => kind === SERVER);
  t.equal(requests.filter(({ traceId }) => traceId === TRACE).length, 1, 'what was not to be recorded is not');
  t.equal(requests.find(({ traceId }) => traceId === TRACE)?.parentSpanId, PARENT);
  t.equal(requests.length, 2);
});

t.test('what anybody else says of traces counts for nothing', async t => {
  const { url, halo, spans } = await started(t);
  for (const flags of ['01', '00']) {
    await new Browser({}).ask(`${url}/api/authinfo`, {
      headers: { ...traceparent(flags), Connection: 'keep-alive, traceparent' },
    });
    const received = halo.received.at(-1);
    t.notMatch(received?.header('traceparent'), TRACE);
    t.match(received?.header('traceparent'), /-01$/);
    t.equal(received?.header('tracestate'), undefined);
    const names = received?.rawHeaders.filter((_, at) => at % 2 === 0).map(name => name.toLowerCase()) ?? [];
    t.equal(names.filter(name => name === 'traceparent').length, 1);
  }
  const requests = (await spans()).filter(({ kind }) => kind === SERVER);
  t.equal(requests.length, 2);
  t.ok(requests.every(({ traceId, parentSpanId }) => traceId !== TRACE && !parentSpanId));
});

t.test('what fails is an error with a word for it', async t => {
  const { url, halo, entra, spans } = await started(t);
  await halo.close();
  t.equal((await new Browser({}).ask(`${url}/api/authinfo`)).status, 502);
  entra.faults.on('token-500');
  entra.choose('agnes');
  t.equal((await new Browser({}).go(`${url}/ticket`)).status, 503);
  const all = await spans();
  t.match(
    all.find(({ name }) => name === 'upstream'),
    { status: ERROR, attributes: { 'error.type': 'ECONNREFUSED' } },
  );
  t.match(
    all.find(({ name }) => name === 'provider token'),
    { status: ERROR, attributes: { 'error.type': '5xx', 'halogate.connection': 'default' } },
  );
  t.same(
    all
      .filter(({ kind, status }) => kind === SERVER && status === ERROR)
      .map(({ attributes }) => attributes['error.type']),
    ['502', '503'],
  );
});

t.test('a collector that is away stops nobody, and one that refuses is said', async t => {
  const refusing = await listen((_, response) => void response.writeHead(400).end(), 0);
  t.teardown(refusing.close);
  for (const endpoint of ['http://127.0.0.1:1', refusing.url]) {
    const { url, gateway } = await startBuiltWorld(t, { tracing: { endpoint }, drain: { wait: '0s' } });
    t.equal((await new Browser({}).ask(`${url}/api/authinfo`)).status, 200);
    if (endpoint === refusing.url) await gateway.logged(['traces could not be sent']);
    t.equal((await new Browser({}).ask(`${url}/api/authinfo`)).status, 200);
    t.equal(await gateway.stop(), 0, 'and does not keep it from ending');
  }
});

t.test('without tracing, what a client sends passes as every other field', async t => {
  const { url, halo } = await startBuiltWorld(t);
  await new Browser({}).ask(`${url}/api/authinfo`, { headers: traceparent('00') });
  t.match(halo.received.at(-1)?.header('traceparent'), TRACE);
});

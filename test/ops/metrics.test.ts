import t from 'tap';
import { type Definition, definitions } from '../../src/ops/metrics/definitions.ts';
import { createMetrics } from '../../src/ops/metrics/metrics.ts';
import { readSamples, sumOf } from '../support/metrics.ts';

const DECIDED = { rule: 6, outcome: 'identity', portal: { name: 'agents' } } as const;

/** Metrics of a gateway whose facts a test sets. */
function started() {
  const { recorder, expose } = createMetrics();
  const facts = {
    hash: 'one',
    at: 1_700_000_000_500,
    failure: undefined as object | undefined,
    connections: [] as object[],
    tenants: [] as { connection: string; settings: number; csp?: { admitted: number; readAt?: number } }[],
  };
  const exposition = expose({
    version: '1.2.3',
    settings: () => ({
      config: { hash: facts.hash, connections: facts.connections as never },
      at: facts.at,
      ...(facts.failure ? { failure: facts.failure } : {}),
    }),
    sessions: () => 7,
    tenants: () => facts.tenants,
  });
  return {
    recorder,
    facts,
    text: async () => (await exposition()).text,
    samples: async () => readSamples((await exposition()).text),
  };
}

t.test('every metric is there from the start, with its meaning and its type', async t => {
  const { text } = started();
  const shown = await text();
  for (const { name, type, help } of Object.values<Definition>(definitions)) {
    t.ok(shown.includes(`# HELP halogate_${name} ${help}\n# TYPE halogate_${name} ${type}\n`), name);
  }
  t.match(shown, /^nodejs_eventloop_lag_seconds /m);
});

t.test('requests are counted by portal, outcome and kind of status', async t => {
  const { recorder, samples } = started();
  for (let index = 0; index < 3; index += 1) recorder.requestStarted('r');
  t.equal(sumOf(await samples(), 'http_requests_in_flight'), 3);
  recorder.requestEnded(DECIDED, 200, 0.02);
  recorder.requestEnded(DECIDED, 304, 0.02);
  recorder.requestEnded(undefined, 421, 0.001);
  const seen = await samples();
  t.equal(sumOf(seen, 'http_requests_in_flight'), 0);
  t.same(
    seen.filter(({ name, value }) => name === 'halogate_http_requests_total' && value > 0).map(({ labels }) => labels),
    [
      { portal: 'agents', outcome: 'identity', code: '2xx' },
      { portal: 'agents', outcome: 'identity', code: '3xx' },
      { portal: '', outcome: 'refuse', code: '4xx' },
    ],
  );
  t.equal(sumOf(seen, 'http_request_duration_seconds_bucket', { outcome: 'identity', le: '0.01' }), 0);
  t.equal(sumOf(seen, 'http_request_duration_seconds_bucket', { outcome: 'identity', le: '0.025' }), 2);
});

t.test('a Halo that refuses an upgrade is an error by the kind of its status', async t => {
  const { recorder, samples } = started();
  recorder.upstreamAnswered('agents', 0.01, undefined, 'answered-404');
  recorder.upstreamAnswered('agents', 0.01, undefined, 'answered-403');
  t.equal(sumOf(await samples(), 'upstream_errors_total', { portal: 'agents', reason: 'answered-4xx' }), 2);
});

t.test('a reload that fails shows, with the settings that stay', async t => {
  const { facts, samples } = started();
  t.equal(sumOf(await samples(), 'config_last_reload_successful'), 1);
  t.equal(sumOf(await samples(), 'config_last_reload_success_timestamp_seconds'), 1_700_000_000.5);
  facts.failure = new Error('bad');
  t.equal(sumOf(await samples(), 'config_last_reload_successful'), 0);
  t.equal(sumOf(await samples(), 'config_info', { hash: 'one' }), 1);
});

t.test('what a reload takes away is gone', async t => {
  const { facts, samples } = started();
  facts.connections = [{ name: 'default', credential: { certificate: { expires: 1_800_000_000_000 } } }];
  facts.tenants = [{ connection: 'partners', settings: 2, csp: { admitted: 5, readAt: 1_700_000_000_000 } }];
  const before = await samples();
  t.equal(sumOf(before, 'credential_expiry_timestamp_seconds', { connection: 'default' }), 1_800_000_000);
  t.equal(sumOf(before, 'tenants', { connection: 'partners', source: 'settings' }), 2);
  t.equal(sumOf(before, 'tenants', { connection: 'partners', source: 'csp' }), 5);
  t.equal(sumOf(before, 'tenants_read_timestamp_seconds', { connection: 'partners' }), 1_700_000_000);
  Object.assign(facts, { hash: 'two', connections: [{ name: 'default', credential: { secret: 's' } }], tenants: [] });
  const after = await samples();
  t.same(
    after
      .filter(({ name }) => /_(tenants|tenants_read_\w+|credential_\w+|config_info)$/.test(name))
      .map(({ name, labels }) => ({ name, labels })),
    [{ name: 'halogate_config_info', labels: { hash: 'two' } }],
  );
});

t.test('sessions are those that are known now', async t => {
  const { samples } = started();
  t.equal(sumOf(await samples(), 'sessions_active'), 7);
});

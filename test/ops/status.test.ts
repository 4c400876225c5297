import t from 'tap';
import { loadSettingsText } from '../../src/config/index.ts';
import { describeStatus } from '../../src/ops/index.ts';
import { DAY } from '../support/certificate.ts';

const AT = Date.UTC(2026, 0, 1);

async function load(session: string) {
  const text = `version: 1
halo: {upstream: "http://halo.internal"}
portals:
  - {name: agents, kind: agent, url: "https://halo.example.com"}
  - {name: customers, kind: user, url: "https://halo.example.com/portal"}
connections:
  - name: default
    published: false
    provider: oidc
    issuer: https://id.example.com
    clientId: halo
    credential: {secret: credential-secret}
    allow: agents-and-users
    autoRedirect: true
session: ${session}
`;
  const { config, findings } = await loadSettingsText(text, { file: 'test.yaml' });
  if (!config) throw new Error(findings.map(({ message }) => message).join('\n'));
  return config;
}

const SECRET = Buffer.alloc(32, 7).toString('base64');

t.test('tells what is in use, since when, and which store', async t => {
  const config = await load(`{secret: "${SECRET}"}`);
  t.same(describeStatus('1.2.3', { config, at: AT, waiting: [] }, { reachable: true }, [], AT), {
    version: '1.2.3',
    configHash: config.hash,
    loadedAt: '2026-01-01T00:00:00.000Z',
    lastError: null,
    needsRestart: [],
    connections: [{ name: 'default', provider: 'oidc', published: false, credential: { kind: 'secret' } }],
    portals: [
      { name: 'agents', kind: 'agent', url: 'https://halo.example.com' },
      { name: 'customers', kind: 'user', url: 'https://halo.example.com/portal' },
    ],
    tenants: [],
    store: { kind: 'memory', reachable: true },
  });
});

t.test('tells why other settings are not in use, and which of them wait for a restart', async t => {
  const config = await load(`{secret: "${SECRET}"}`);
  const failure = { at: AT + DAY, why: 'halogate.yaml:1:1 EMPTY_FILE the file is empty' };
  const state = { config, at: AT, failure, waiting: ['listen'] };
  const status = describeStatus('1.2.3', state, { reachable: true }, [], AT);
  t.equal(status.loadedAt, '2026-01-01T00:00:00.000Z');
  t.equal(status.lastError, '2026-01-02T00:00:00.000Z halogate.yaml:1:1 EMPTY_FILE the file is empty');
  t.same(status.needsRestart, ['listen']);
});

t.test('tells since when the store has been gone, and no secret', async t => {
  const config = await load(`{secret: "${SECRET}", redis: {url: "redis://user:redis-secret@redis.internal:6379"}}`);
  const status = describeStatus(
    '1.2.3',
    { config, at: AT, waiting: [] },
    { reachable: false, unreachableSince: AT },
    [],
    AT,
  );
  t.same(status.store, { kind: 'redis', reachable: false, unreachableSince: '2026-01-01T00:00:00.000Z' });
  for (const secret of [SECRET, 'credential-secret', 'redis-secret']) t.notMatch(JSON.stringify(status), secret);
});

t.test('tells how each connection proves itself, and when that ends', async t => {
  const config = await load(`{secret: "${SECRET}"}`);
  const [connection] = config.connections;
  if (!connection) throw new Error('There is no connection.');
  const credential = { certificate: { cert: 'a-certificate', key: 'a-private-key', expires: AT + 31 * DAY } };
  const connections = [
    { ...connection, credential },
    { ...connection, credential: { workloadIdentity: true } as const },
  ];
  const at = (now: number) =>
    describeStatus('1.2.3', { config: { ...config, connections }, at: AT, waiting: [] }, { reachable: true }, [], now);
  const told = (now: number) => at(now).connections.map(connection => connection.credential);
  const [certificate, workload] = [
    { kind: 'certificate', expires: '2026-02-01T00:00:00.000Z' },
    { kind: 'workloadIdentity' },
  ];
  t.same(told(AT), [certificate, workload], 'in 31 days');
  for (const days of [1, 31, 32]) {
    t.same(told(AT + days * DAY), [{ ...certificate, warning: 'CREDENTIAL_EXPIRES' }, workload], `${days} days later`);
  }
  t.notMatch(JSON.stringify(at(AT)), 'a-private-key');
});

t.test(
  'tells how many tenants each connection admits, how old the list of customers is and why it was not renewed',
  async t => {
    const config = await load(`{secret: "${SECRET}"}`);
    const failure = { at: AT, why: 'Graph answered 503' };
    const tenants = [
      { connection: 'listed', settings: 2 },
      { connection: 'partners', settings: 1, csp: { admitted: 40, readAt: AT } },
      { connection: 'outage', settings: 0, csp: { admitted: 7, readAt: AT - DAY, failure } },
      { connection: 'never', settings: 0, csp: { admitted: 0, failure } },
    ];
    const status = describeStatus('1.2.3', { config, at: AT, waiting: [] }, { reachable: true }, tenants, AT + 90_000);
    const lastError = '2026-01-01T00:00:00.000Z Graph answered 503';
    const [day, yesterday] = ['2026-01-01T00:00:00.000Z', '2025-12-31T00:00:00.000Z'];
    t.same(status.tenants, [
      { connection: 'listed', count: 2, bySettings: 2, byCsp: 0 },
      { connection: 'partners', count: 41, bySettings: 1, byCsp: 40, readAt: day, age: 90, lastError: null },
      { connection: 'outage', count: 7, bySettings: 0, byCsp: 7, readAt: yesterday, age: 86_490, lastError },
      { connection: 'never', count: 0, bySettings: 0, byCsp: 0, readAt: null, age: null, lastError },
    ]);
  },
);

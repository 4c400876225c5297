import t from 'tap';
import { loadSettingsText } from '../../src/config/index.ts';
import { describeStatus } from '../../src/ops/index.ts';

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
  t.same(describeStatus('1.2.3', { config, at: AT }, { reachable: true }), {
    version: '1.2.3',
    configHash: config.hash,
    loadedAt: '2026-01-01T00:00:00.000Z',
    lastError: null,
    connections: [{ name: 'default', provider: 'oidc', published: false }],
    portals: [
      { name: 'agents', kind: 'agent', url: 'https://halo.example.com' },
      { name: 'customers', kind: 'user', url: 'https://halo.example.com/portal' },
    ],
    store: { kind: 'memory', reachable: true },
  });
});

t.test('tells since when the store has been gone, and no secret', async t => {
  const config = await load(`{secret: "${SECRET}", redis: {url: "redis://user:redis-secret@redis.internal:6379"}}`);
  const status = describeStatus('1.2.3', { config, at: AT }, { reachable: false, unreachableSince: AT });
  t.same(status.store, { kind: 'redis', reachable: false, unreachableSince: '2026-01-01T00:00:00.000Z' });
  for (const secret of [SECRET, 'credential-secret', 'redis-secret']) t.notMatch(JSON.stringify(status), secret);
});

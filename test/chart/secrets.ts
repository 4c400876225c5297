const REFERENCE = { env: 'SOME_SECRET' };

/** The content where the name of a file belongs. */
const INLINE_KEY = '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n';

/** Settings that would put a secret into a ConfigMap: where it stands in the values, and the literal. */
export const literalSecrets: readonly (readonly [path: string, literal: unknown])[] = [
  ['config.session.secret', 'c2VjcmV0'],
  ['config.session.secret', ['c2VjcmV0']],
  ['config.session.secret', [REFERENCE, 'c2VjcmV0']],
  ['config.connections.0.credential', { secret: 'hunter2' }],
  ['config.session.redis.password', 'hunter2'],
  ['config.session.redis.url', 'redis://:hunter2@redis.example.com'],
  ['config.session.redis.url', 'rediss://halogate:hunter2@redis.example.com:6380/0'],
  ['config.session.redis.url', 'redis://redis.example.com?password=hunter2'],
  ['config.bridge', { clientId: 'halo', clientSecret: 'hunter2' }],
  ['config.identity', { assertion: { key: '-----BEGIN PRIVATE KEY-----' } }],
  ['config.halo.upstream', 'http://someone:hunter2@halo.internal'],
  ['config.halo.upstream', { url: 'http://someone:hunter2@halo.internal' }],
  ['config.portals.0.upstream', 'http://someone:hunter2@halo.internal'],
  ['config.tracing', { endpoint: 'http://someone:hunter2@otel.internal:4318' }],
  ['config.tracing', { endpoint: 'https://otel.example.com:4318?api-key=hunter2' }],
  ['config.session.redis.url', 'redis://u%3Ahunter2@redis.example.com'],
  ['config.session.redis.url', 'redis://hunter2@redis.example.com'],
  ['config.session.redis', { cluster: ['redis.example.com:6379', 'hunter2@redis.example.com:6379'] }],
  ['config.session.redis', { cluster: ['someone:hunter2@redis.example.com:6379'] }],
  ['config.session.redis', { sentinel: { name: 'main', nodes: ['hunter2@redis.example.com:26379'] } }],
  ['config.session.redis.tls', { cert: '/secrets/redis.crt', key: INLINE_KEY }],
  ['config.connections.0.credential', { certificate: { cert: '/secrets/entra.crt', key: INLINE_KEY } }],
  ['config.connections.0.credential', { secret: { file: INLINE_KEY } }],
  ['config.tls', { cert: '/tls/tls.crt', key: INLINE_KEY }],
  ['config.halo.upstream', { url: 'https://halo.internal', cert: '/secrets/halo.crt', key: INLINE_KEY }],
];

/** The same settings with the place where the secret is kept, or without one. */
export const keptSecrets: readonly (readonly [path: string, value: unknown])[] = [
  ['config.session.secret', [REFERENCE, { file: '/secrets/former' }]],
  ['config.connections.0.credential', { secret: { file: '/secrets/entra' } }],
  ['config.session.redis.password', REFERENCE],
  ['config.session.redis.url', REFERENCE],
  ['config.session.redis.url', 'rediss://redis.example.com:6380/0'],
  ['config.session.redis', { cluster: ['redis.example.com:6379', '[2001:db8::1]:6379'] }],
  ['config.session.redis', { sentinel: { name: 'main', nodes: ['redis.example.com:26379'] } }],
  ['config.connections.0.credential', { certificate: { cert: '/secrets/entra.crt', key: '/secrets/entra.key' } }],
  ['config.tls', { cert: '/tls/tls.crt', key: '/tls/tls.key' }],
  ['config.tracing', { endpoint: 'https://otel.example.com:4318/v1/traces' }],
  ['config.session.redis.url', 'redis://[2001:db8::1]:6379'],
  ['config.bridge', { clientId: 'halo', clientSecret: REFERENCE }],
  ['config.identity', { assertion: { key: { file: '/secrets/assertion.pem' } } }],
];

/** Values that are wrong one by one. */
export const wrongValues: readonly (readonly [path: string, value: unknown])[] = [
  ['replicas', 2],
  ['replicaCount', '2'],
  ['image.registri', 'registry.example.com'],
  ['image.pullPolicy', 'Sometimes'],
  ['image.digest', 'latest'],
  ['config', undefined],
  ['config.lisen', '0.0.0.0:8080'],
  ['config.opsListen', '127.0.0.1:9090'],
  ['config.listen', 'localhost:8080'],
  ['config.portals.0.kind', 'admin'],
  ['config.portals', []],
  ['config.halo', undefined],
  ['config.session.idle', '1 hour'],
  ['existingConfigMap', 'halogate-settings'],
  ['ingress.host', 'halo.example.com'],
  ['ingress.hosts', [{ host: 'halo.example.com' }]],
  ['service.type', 'ExternalName'],
  ['ca', { existingSecret: 'a', existingConfigMap: 'b' }],
  ['tls.mountPath', 'tls'],
  ['existingSecretKeys', { 'not-a-variable': 'key' }],
  ['livenessProbe', { path: '/livez' }],
  ['networkPolicy.egress.entra', {}],
  ['prometheusRule.availability', 100],
];

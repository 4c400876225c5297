import { type Draft, entries } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import { parseNode } from '../redis.ts';
import type { Settings } from '../schema/index.ts';

type RedisDraft = NonNullable<NonNullable<Draft<Settings>['session']>['redis']>;

const PATH = ['session', 'redis'];

/** Redis is reached in exactly one way, and signed in to in one. */
export function checkRedis(settings: Draft<Settings>, report: Report): void {
  const redis = settings.session?.redis;
  if (redis === undefined) return;
  checkWay(redis, report);
  checkNodes(redis.sentinel?.nodes, [...PATH, 'sentinel', 'nodes'], report);
  checkNodes(redis.cluster, [...PATH, 'cluster'], report);
  if ((redis.cluster ?? []).length > 0 && /[{}]/.test(redis.keyPrefix ?? '')) {
    const found = quote(redis.keyPrefix);
    report(
      'INVALID_VALUE',
      [...PATH, 'keyPrefix'],
      `expected no braces, which place keys in a cluster, found ${found}`,
    );
  }
  const { cert, key } = redis.tls ?? {};
  if ((cert === undefined) !== (key === undefined)) {
    const missing = cert === undefined ? 'cert' : 'key';
    report('MISSING_KEY', [...PATH, 'tls', missing], 'is required: a client certificate is "cert" and "key"', 'key');
  }
  if (redis.entra !== true) return;
  if (redis.password !== undefined)
    report(
      'KEY_NOT_APPLICABLE',
      [...PATH, 'password'],
      'has no meaning beside "entra", which signs in with tokens',
      'key',
    );
  if (redis.sentinel !== undefined)
    report('KEY_NOT_APPLICABLE', [...PATH, 'entra'], 'has no meaning beside "sentinel", which takes no tokens', 'key');
}

function checkWay(redis: RedisDraft, report: Report): void {
  const ways = [
    ...(redis.url === undefined ? [] : ['"url"']),
    ...(redis.sentinel === undefined ? [] : ['"sentinel"']),
    ...((redis.cluster ?? []).length === 0 ? [] : ['"cluster"']),
  ];
  if (ways.length === 0)
    report('MISSING_KEY', [...PATH, 'url'], 'is required where there is neither "sentinel" nor "cluster"', 'key');
  if (ways.length > 1) {
    report('CHOOSE_ONE', PATH, `expected exactly one of "url", "sentinel", "cluster", found ${ways.join(', ')}`, 'key');
  }
}

function checkNodes(nodes: readonly (string | undefined)[] | undefined, path: Path, report: Report): void {
  for (const { value, path: place } of entries(nodes, path)) {
    const { port } = parseNode(value);
    if (port < 1 || port > 65_535)
      report('INVALID_ADDRESS', place, `expected a port from 1 to 65535, found ${quote(value)}`);
  }
}

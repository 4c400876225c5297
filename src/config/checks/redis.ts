import { type Draft, present } from '../draft.ts';
import type { Report } from '../findings.ts';
import type { Settings } from '../schema/index.ts';

/** Redis is reached in exactly one way. */
export function checkRedis(settings: Draft<Settings>, report: Report): void {
  const redis = settings.session?.redis;
  if (redis === undefined) return;
  const path = ['session', 'redis'];
  const ways = [
    ...(redis.url === undefined ? [] : ['"url"']),
    ...(redis.sentinel === undefined ? [] : ['"sentinel"']),
    ...(present(redis.cluster).length === 0 ? [] : ['"cluster"']),
  ];
  if (ways.length === 0)
    report('MISSING_KEY', [...path, 'url'], 'is required where there is neither "sentinel" nor "cluster"', 'key');
  if (ways.length > 1) {
    report('CHOOSE_ONE', path, `expected exactly one of "url", "sentinel", "cluster", found ${ways.join(', ')}`, 'key');
  }
}

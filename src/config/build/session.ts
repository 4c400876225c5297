import type { RedisConfig, SessionConfig } from '../config.ts';
import { defaults } from '../defaults.ts';
import type { Outside } from '../outside.ts';
import { parseNode } from '../redis.ts';
import type { Settings } from '../schema/index.ts';
import { parseDuration } from '../units.ts';
import { found } from './found.ts';

export function buildSession(settings: Settings['session'], outside: Outside): SessionConfig {
  const redis = buildRedis(settings.redis, outside);
  return {
    secrets: outside.sessionSecrets,
    idle: parseDuration(settings.idle ?? defaults.idle),
    absolute: parseDuration(settings.absolute ?? defaults.absolute),
    refresh: settings.refresh === 0 ? 0 : parseDuration(settings.refresh ?? defaults.refresh),
    refreshGrace: parseDuration(settings.refreshGrace ?? defaults.refreshGrace),
    outageGrace: parseDuration(settings.outageGrace ?? defaults.outageGrace),
    ...(redis === undefined ? {} : { redis }),
  };
}

function buildRedis(settings: Settings['session']['redis'], { redis }: Outside): RedisConfig | undefined {
  if (settings === undefined) return undefined;
  const { username, keyPrefix = defaults.keyPrefix } = settings;
  const { url, ...access } = redis;
  return { ...placeOf(settings, url), ...(username === undefined ? {} : { username }), ...access, keyPrefix };
}

function placeOf({ sentinel, cluster = [] }: NonNullable<Settings['session']['redis']>, url: string | undefined) {
  if (sentinel !== undefined) return { sentinel: { name: sentinel.name, nodes: sentinel.nodes.map(parseNode) } };
  return cluster.length > 0 ? { cluster: cluster.map(parseNode) } : { url: found(url) };
}

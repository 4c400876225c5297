import type { RedisConfig, SessionConfig } from '../config.ts';
import { defaults } from '../defaults.ts';
import type { Outside } from '../outside.ts';
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

function buildRedis(settings: Settings['session']['redis'], outside: Outside): RedisConfig | undefined {
  if (settings === undefined) return undefined;
  const { username } = settings;
  const password = outside.redisPassword;
  return {
    url: found(outside.redisUrl),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    keyPrefix: settings.keyPrefix ?? defaults.keyPrefix,
  };
}

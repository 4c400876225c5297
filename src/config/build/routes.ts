import type { EmergencyConfig, RoutesConfig } from '../config.ts';
import { defaults } from '../defaults.ts';
import { normalPattern } from '../patterns.ts';
import type { Settings } from '../schema/index.ts';

export function buildRoutes(settings: NonNullable<Settings['routes']>): RoutesConfig {
  return {
    defaults: settings.defaults ?? defaults.routeDefaults,
    public: (settings.public ?? []).map(({ path, methods = [] }) => ({
      path: normalPattern(path),
      ...(methods.length === 0 ? {} : { methods }),
    })),
    grants: filled(settings.grants) ?? defaults.grants,
    bearer: settings.bearer ?? defaults.bearer,
  };
}

export function buildEmergency({ from, until }: NonNullable<Settings['emergency']>): EmergencyConfig {
  return { from, until: Date.parse(until) };
}

/** An empty list is as if it were left out. */
function filled(list: readonly string[] | undefined): readonly string[] | undefined {
  return list?.length === 0 ? undefined : list;
}

import type { Connection, Portal, RoutesConfig } from '../config.ts';
import { defaults } from '../defaults.ts';
import { normalPattern } from '../patterns.ts';
import type { Settings } from '../schema/index.ts';
import { describeConnection } from './connections.ts';
import { describePortal } from './portals.ts';
import { buildRoutes } from './routes.ts';

/** What the settings say of addresses and access by themselves, without the secrets and certificates that they point at. */
export interface Layout {
  /** See `HaloConfig.authPath`. */
  readonly authPath: string;
  /** See `HaloConfig.shared`. */
  readonly shared: readonly string[];
  readonly routes: RoutesConfig;
  readonly portals: readonly Omit<Portal, 'upstream'>[];
  readonly connections: readonly Omit<Connection, 'credential'>[];
}

/** @param settings without errors */
export function buildLayout(settings: Settings): Layout {
  const portals = settings.portals.map(describePortal);
  return {
    authPath: buildAuthPath(settings.halo),
    shared: buildShared(settings.halo),
    routes: buildRoutes(settings.routes ?? {}),
    portals,
    connections: settings.connections.map(connection => describeConnection(connection, portals)),
  };
}

export function buildAuthPath({ authPath = defaults.authPath }: Settings['halo']): string {
  return authPath.replace(/\/$/, '');
}

export function buildShared({ shared = [] }: Settings['halo']): readonly string[] {
  return shared.map(normalPattern);
}

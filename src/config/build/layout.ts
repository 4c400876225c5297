import type { Connection, Portal } from '../config.ts';
import { defaults } from '../defaults.ts';
import type { Settings } from '../schema/index.ts';
import { describeConnection } from './connections.ts';
import { describePortal } from './portals.ts';

/** What the settings say of addresses by themselves, without the secrets and certificates that they point at. */
export interface Layout {
  /** See `HaloConfig.authPath`. */
  readonly authPath: string;
  readonly portals: readonly Omit<Portal, 'upstream'>[];
  readonly connections: readonly Omit<Connection, 'credential'>[];
}

/** @param settings without errors */
export function buildLayout(settings: Settings): Layout {
  const portals = settings.portals.map(describePortal);
  return {
    authPath: buildAuthPath(settings.halo),
    portals,
    connections: settings.connections.map(connection => describeConnection(connection, portals)),
  };
}

export function buildAuthPath({ authPath = defaults.authPath }: Settings['halo']): string {
  return authPath.replace(/\/$/, '');
}

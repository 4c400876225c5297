import { type Config, type Connection, expiryOf } from '../config/index.ts';
import type { StoreHealth } from './health.ts';

/** What `/status` tells an operator: facts that are no secret. Times are RFC 3339. */
export interface Status {
  readonly version: string;
  /** Replicas with the same settings have the same hash. */
  readonly configHash: string;
  readonly loadedAt: string;
  /** Why the settings could not be loaded again; null where they never failed to. */
  readonly lastError: string | null;
  readonly connections: readonly {
    readonly name: string;
    readonly provider: string;
    readonly published: boolean;
    readonly credential: CredentialStatus;
  }[];
  readonly portals: readonly { readonly name: string; readonly kind: string; readonly url: string }[];
  readonly store: {
    readonly kind: 'memory' | 'redis';
    readonly reachable: boolean;
    readonly unreachableSince?: string;
  };
}

interface CredentialStatus {
  readonly kind: 'secret' | 'certificate' | 'workloadIdentity';
  /** When it ends, where the gateway can know. */
  readonly expires?: string;
  /** It ends within 30 days, or has ended. */
  readonly warning?: 'CREDENTIAL_EXPIRES';
}

/** The settings in use, and since when, in milliseconds since the epoch. */
interface Loaded {
  readonly config: Config;
  readonly at: number;
}

/** Picks, name by name, what may be told: the settings hold secrets. @param now milliseconds since the epoch */
export function describeStatus(
  version: string,
  { config, at }: Loaded,
  { reachable, unreachableSince }: StoreHealth,
  now: number,
): Status {
  return {
    version,
    configHash: config.hash,
    loadedAt: rfc3339(at),
    lastError: null,
    connections: config.connections.map(({ name, provider, published, credential }) => ({
      name,
      provider,
      published,
      credential: describeCredential(credential, now),
    })),
    portals: config.portals.map(({ name, kind, url }) => ({ name, kind, url })),
    store: {
      kind: config.session.redis ? 'redis' : 'memory',
      reachable,
      ...(unreachableSince === undefined ? {} : { unreachableSince: rfc3339(unreachableSince) }),
    },
  };
}

function describeCredential(credential: Connection['credential'], now: number): CredentialStatus {
  if ('secret' in credential) return { kind: 'secret' };
  if ('workloadIdentity' in credential) return { kind: 'workloadIdentity' };
  const { expires } = credential.certificate;
  return {
    kind: 'certificate',
    expires: rfc3339(expires),
    ...(expiryOf(expires, now) === 'good' ? {} : { warning: 'CREDENTIAL_EXPIRES' }),
  };
}

function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

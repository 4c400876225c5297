import { type Connection, expiryOf, type LoadState } from '../config/index.ts';
import type { StoreHealth } from './health.ts';

/** What `/status` tells an operator: facts that are no secret. Times are RFC 3339. */
export interface Status {
  readonly version: string;
  /** Replicas with the same settings have the same hash. */
  readonly configHash: string;
  readonly loadedAt: string;
  /** When and why the settings could not be loaded again; null where the last attempt did. */
  readonly lastError: string | null;
  /** Keys of settings that have changed and count from the next start on. */
  readonly needsRestart: readonly string[];
  readonly connections: readonly {
    readonly name: string;
    readonly provider: string;
    readonly published: boolean;
    readonly credential: CredentialStatus;
  }[];
  readonly portals: readonly { readonly name: string; readonly kind: string; readonly url: string }[];
  /** For each multi-tenant connection, how many tenants it admits, and how the list of a partner's customers stands. */
  readonly tenants: readonly {
    readonly connection: string;
    readonly count: number;
    readonly bySettings: number;
    readonly byCsp: number;
    /** When the customers were read, and seconds since; left out without `csp`, null where they never were. */
    readonly readAt?: string | null;
    readonly age?: number | null;
    /** Why they could not be read the last time; null where they could. */
    readonly lastError?: string | null;
  }[];
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

/** Numbers of a connection's tenants; times in milliseconds since the epoch. */
export interface TenantsFacts {
  readonly connection: string;
  /** Admitted by the settings. */
  readonly settings: number;
  /** What `csp` adds; left out without it. */
  readonly csp?: {
    readonly admitted: number;
    /** When the list was read; left out where it never was. */
    readonly readAt?: number;
    /** Why it could not be read the last time. */
    readonly failure?: { readonly at: number; readonly why: string };
  };
}

/** Picks, name by name, what may be told: the settings hold secrets. @param now milliseconds since the epoch */
export function describeStatus(
  version: string,
  { config, at, failure, waiting }: LoadState,
  { reachable, unreachableSince }: StoreHealth,
  tenants: readonly TenantsFacts[],
  now: number,
): Status {
  return {
    version,
    configHash: config.hash,
    loadedAt: rfc3339(at),
    lastError: failure ? describeFailure(failure) : null,
    needsRestart: waiting,
    connections: config.connections.map(({ name, provider, published, credential }) => ({
      name,
      provider,
      published,
      credential: describeCredential(credential, now),
    })),
    portals: config.portals.map(({ name, kind, url }) => ({ name, kind, url })),
    tenants: tenants.map(facts => describeTenants(facts, now)),
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

function describeTenants({ connection, settings, csp }: TenantsFacts, now: number): Status['tenants'][number] {
  const byCsp = csp?.admitted ?? 0;
  const counts = { connection, count: settings + byCsp, bySettings: settings, byCsp };
  if (!csp) return counts;
  const { readAt, failure } = csp;
  return {
    ...counts,
    readAt: readAt === undefined ? null : rfc3339(readAt),
    age: readAt === undefined ? null : Math.max(0, Math.round((now - readAt) / 1000)),
    lastError: failure ? describeFailure(failure) : null,
  };
}

function describeFailure({ at, why }: { readonly at: number; readonly why: string }): string {
  return `${rfc3339(at)} ${why}`;
}

function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

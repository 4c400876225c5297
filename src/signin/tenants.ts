import type { Config, Connection, Tenant } from '../config/index.ts';
import type { AdmittedTenants } from '../policy/index.ts';
import { readCustomers } from './csp/contracts.ts';
import { type CustomerList, createCustomerList } from './csp/customer-list.ts';
import { admittedOf } from './csp/judge.ts';
import { createSharedList, type SharedListOptions } from './csp/shared-list.ts';
import type { GraphError } from './graph.ts';
import { type Pace, systemPace } from './pace.ts';

/** How long a sign-in waits for the first list of customers, in milliseconds. */
const FIRST_LIST_TIME = 15_000;
/** How many tenants a log line names. */
const MOST_NAMED = 100;

/** The tenants that multi-tenant connections admit: those of the settings, and the customers that Graph names. */
export interface Tenants {
  /** As they are now; another object after each change. */
  admitted(): AdmittedTenants;
  /** Resolves when it is known what the store remembers, or that it cannot be asked. */
  readonly looked: Promise<void>;
  /**
   * Waits, for a bounded time, until a connection's customers have been asked for once: nobody is to be turned away merely because
   * the gateway has just started.
   */
  known(connection: string): Promise<void>;
  /** For each multi-tenant connection, how its list stands. */
  status(): readonly TenantsStatus[];
  /** Asks no more. */
  close(): Promise<void>;
}

/** Numbers of tenants; times in milliseconds since the epoch. */
export interface TenantsStatus {
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

/** A pino logger fits. */
interface TenantsLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface TenantsOptions extends SharedListOptions {
  readonly config: Pick<Config, 'connections'>;
  readonly log: TenantsLog;
  /** Told after each change of {@link Tenants.admitted}. */
  readonly changed: () => void;
  readonly pace?: Pace;
}

/** Begins at once to keep the lists of customers up to date. */
export function createTenants(options: TenantsOptions): Tenants {
  const connections = options.config.connections.filter(({ tenantType }) => tenantType === 'multi');
  const admitted = new Map(connections.map(connection => [connection.name, admittedOf(connection, [])]));
  const lists = new Map<string, CustomerList>();

  function update(connection: Connection, customers: readonly Tenant[], from: 'graph' | 'store'): void {
    const before = admitted.get(connection.name) ?? new Map();
    const after = admittedOf(connection, customers);
    if (isSame(before, after)) return;
    admitted.set(connection.name, after);
    const [added, removed] = [missing(after, before), missing(before, after)];
    options.log.info(
      {
        connection: connection.name,
        from,
        count: after.size,
        added: added.length,
        removed: removed.length,
        addedTenants: added.slice(0, MOST_NAMED),
        removedTenants: removed.slice(0, MOST_NAMED),
      },
      'the admitted tenants have changed',
    );
    options.changed();
  }

  for (const connection of connections) {
    const list = connection.published ? keepList(connection, options, update) : undefined;
    if (list) lists.set(connection.name, list);
  }
  const all = [...lists.values()];
  return {
    admitted: () => new Map(admitted),
    looked: Promise.all(all.map(({ looked }) => looked)).then(() => undefined),
    async known(name) {
      await lists.get(name)?.known(FIRST_LIST_TIME);
    },
    status: () => connections.map(connection => statusOf(connection, admitted, lists.get(connection.name))),
    async close() {
      await Promise.all(all.map(list => list.close()));
    },
  };
}

function keepList(
  connection: Connection,
  { log, pace = systemPace, store, sealer }: TenantsOptions,
  update: (connection: Connection, customers: readonly Tenant[], from: 'graph' | 'store') => void,
): CustomerList | undefined {
  const { name, csp } = connection;
  if (!csp) return undefined;
  return createCustomerList({
    connection,
    csp,
    shared: createSharedList(connection, csp, { store, sealer }),
    read: (connection, csp, signal) => readCustomers(connection, csp, { pace, signal }),
    pace,
    events: {
      read: (customers, from) => update(connection, customers, from),
      failed: (error: GraphError, wait) =>
        log.warn({ connection: name, code: error.code, err: error, wait }, 'the customers could not be read'),
    },
  });
}

function statusOf(
  { name, tenants }: Connection,
  admitted: AdmittedTenants,
  list: CustomerList | undefined,
): TenantsStatus {
  const settings = new Set(tenants.map(({ id }) => id)).size;
  if (!list) return { connection: name, settings };
  const record = list.current();
  return {
    connection: name,
    settings,
    csp: {
      admitted: (admitted.get(name)?.size ?? 0) - settings,
      ...(record?.list ? { readAt: record.list.at } : {}),
      ...(record?.failure ? { failure: { at: record.failure.at, why: record.failure.why } } : {}),
    },
  };
}

type TenantsById = ReadonlyMap<string, Tenant>;

function isSame(one: TenantsById, other: TenantsById): boolean {
  return JSON.stringify([...one.values()]) === JSON.stringify([...other.values()]);
}

/** The ids of the tenants that the one list has and the other has not. */
function missing(one: TenantsById, other: TenantsById): readonly string[] {
  return [...one.keys()].filter(id => !other.has(id));
}

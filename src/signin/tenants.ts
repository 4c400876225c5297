import type { Config, Connection, CspConfig, Tenant } from '../config/index.ts';
import type { SignInRecorder, TenantsFacts } from '../ops/index.ts';
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
  status(): readonly TenantsFacts[];
  /**
   * Makes ready for other settings; nothing changes until they are put to use. Lists of customers that they leave as they are go on.
   * @returns when it is known of new lists what the store remembers, or that it cannot be asked
   */
  prepare(connections: readonly Connection[]): Promise<PreparedTenants>;
  /** Asks no more. */
  close(): Promise<void>;
}

/** Tenants by settings that are not in use yet. One of the two is to be called. */
export interface PreparedTenants {
  admitted(): AdmittedTenants;
  /** From now on they are the ones that are admitted. */
  use(): void;
  /** They never will be. */
  drop(): void;
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
  /** Told how provider and Graph answer. */
  readonly recorder?: Pick<SignInRecorder, 'providerAnswered'>;
  readonly pace?: Pace;
}

/** What certain settings admit. */
interface Book {
  /** The multi-tenant ones. */
  readonly connections: readonly Connection[];
  /** By the connection's name, as are the lists. */
  readonly admitted: Map<string, TenantsById>;
  readonly lists: ReadonlyMap<string, KeptList>;
}

interface KeptList {
  readonly list: CustomerList;
  /** What the list is made of: by settings that say the same it is the same list. */
  readonly key: string;
}

/** Begins at once to keep the lists of customers up to date. */
export function createTenants(options: TenantsOptions): Tenants {
  let current = openBook(options.config.connections, new Map());
  let next: Book | undefined;

  function openBook(all: readonly Connection[], known: Book['lists']): Book {
    const connections = all.filter(({ tenantType }) => tenantType === 'multi');
    const lists = new Map<string, KeptList>();
    for (const connection of connections) {
      const { name, csp, published } = connection;
      if (!csp || !published) continue;
      const key = keyOf(connection, csp);
      const kept = known.get(name);
      lists.set(name, kept?.key === key ? kept : { list: keepList(connection, csp, options, update), key });
    }
    const customers = (name: string) => lists.get(name)?.list.current()?.list?.customers ?? [];
    const admitted = new Map(
      connections.map(connection => [connection.name, admittedOf(connection, customers(connection.name))]),
    );
    return { connections, admitted, lists };
  }

  function update(list: CustomerList, customers: readonly Tenant[], from: 'graph' | 'store'): void {
    for (const book of next ? [current, next] : [current]) {
      for (const connection of book.connections) {
        if (book.lists.get(connection.name)?.list !== list) continue;
        const before = book.admitted.get(connection.name) ?? new Map();
        const after = admittedOf(connection, customers);
        if (isSame(before, after)) continue;
        book.admitted.set(connection.name, after);
        if (book === current) tell(connection, before, after, from);
      }
    }
  }

  function tell({ name }: Connection, before: TenantsById, after: TenantsById, from: 'graph' | 'store'): void {
    const [added, removed] = [missing(after, before), missing(before, after)];
    options.log.info(
      {
        connection: name,
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

  return {
    admitted: () => new Map(current.admitted),
    looked: looked(current),
    async known(name) {
      await current.lists.get(name)?.list.known(FIRST_LIST_TIME);
    },
    status: () =>
      current.connections.map(connection =>
        statusOf(connection, current.admitted, current.lists.get(connection.name)?.list),
      ),
    async prepare(connections) {
      const book = openBook(connections, current.lists);
      next = book;
      await looked(book);
      return {
        admitted: () => new Map(book.admitted),
        use() {
          const before = current;
          current = book;
          next = undefined;
          void closeLists(before, book);
        },
        drop() {
          next = undefined;
          void closeLists(book, current);
        },
      };
    },
    close: () => closeLists(current),
  };
}

async function looked({ lists }: Book): Promise<void> {
  await Promise.all([...lists.values()].map(({ list }) => list.looked));
}

/** Closes the lists of a book, but for those that are in another one as well. */
async function closeLists({ lists }: Book, others?: Book): Promise<void> {
  const kept = new Set([...(others?.lists.values() ?? [])].map(({ list }) => list));
  await Promise.all([...lists.values()].map(({ list }) => (kept.has(list) ? undefined : list.close())));
}

/** What customers are read by. */
function keyOf({ authority, graph, clientId, credential }: Connection, { partnerTenant, refresh }: CspConfig): string {
  return JSON.stringify([authority, graph, clientId, credential, partnerTenant, refresh]);
}

function keepList(
  connection: Connection,
  csp: CspConfig,
  { log, recorder, pace = systemPace, store, sealer }: TenantsOptions,
  update: (list: CustomerList, customers: readonly Tenant[], from: 'graph' | 'store') => void,
): CustomerList {
  const { name } = connection;
  const list = createCustomerList({
    connection,
    csp,
    shared: createSharedList(connection, csp, { store, sealer }),
    read: (connection, csp, signal) =>
      readCustomers(connection, csp, { pace, signal, ...(recorder ? { recorder } : {}) }),
    pace,
    events: {
      read: (customers, from) => update(list, customers, from),
      failed: (error: GraphError, wait) =>
        log.warn({ connection: name, code: error.code, err: error, wait }, 'the customers could not be read'),
    },
  });
  return list;
}

function statusOf(
  { name, tenants }: Connection,
  admitted: AdmittedTenants,
  list: CustomerList | undefined,
): TenantsFacts {
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

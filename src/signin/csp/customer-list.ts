import type { Connection, CspConfig, Tenant } from '../../config/index.ts';
import { GraphError } from '../graph.ts';
import { backoff, type Pace, systemPace, within } from '../pace.ts';
import { isNewer, type ListRecord } from './record.ts';
import type { SharedList } from './shared-list.ts';

/** How often it is looked whether another replica has read a newer list, in milliseconds. */
const LOOK_INTERVAL = 10_000;
/** The same while another one is at it. */
const CLOSE_LOOK_INTERVAL = 1000;
/** At its start a gateway asks anew unless somebody has asked so lately, in milliseconds. */
const YOUNG = 60_000;
/** The period varies by so much, so that gateways do not all ask in the same moment. */
const JITTER = 0.1;
/** The wait after a failure: the first, and the longest, in milliseconds. */
const FIRST_WAIT = 5000;
const LONGEST_WAIT = 15 * 60_000;
/** However late another replica's clock says that Graph may be asked again, in milliseconds. */
const LONGEST_PAUSE = 60 * 60_000;

/** A partner's customers, kept up to date. */
export interface CustomerList {
  /** What is known of them; undefined where nobody has asked yet. */
  current(): ListRecord | undefined;
  /** Resolves when it is known what the store holds, or that it cannot be asked. */
  readonly looked: Promise<void>;
  /** Resolves when Graph has been asked, with whatever outcome, by this replica or another. Waits so long at most, milliseconds. */
  known(most: number): Promise<void>;
  /** Asks no more. */
  close(): Promise<void>;
}

/** What a list reports as it changes. */
export interface CustomerListEvents {
  /** A list was read, by this replica (`graph`) or another (`store`). */
  read(customers: readonly Tenant[], from: 'graph' | 'store'): void;
  /** It could not be read by this replica. @param wait milliseconds until the next attempt of any */
  failed(error: GraphError, wait: number): void;
}

export interface CustomerListOptions {
  readonly connection: Connection;
  readonly csp: CspConfig;
  readonly shared: SharedList;
  /** @throws GraphError */
  readonly read: (connection: Connection, csp: CspConfig, signal: AbortSignal) => Promise<readonly Tenant[]>;
  readonly pace: Pace;
  readonly events: CustomerListEvents;
}

/** Begins at once: looks into the store, then asks Graph whenever it is due and no other replica does. */
export function createCustomerList({ connection, csp, shared, read, pace, events }: CustomerListOptions): CustomerList {
  const stop = new AbortController();
  const looked = Promise.withResolvers<void>();
  const known = Promise.withResolvers<void>();
  const startedAt = pace.now();
  let record: ListRecord | undefined;
  let takenAt = startedAt;

  function take(newer: ListRecord, from: 'graph' | 'store'): void {
    const before = record?.list?.at;
    record = newer;
    takenAt = pace.now();
    // A replica that was stopped while it asked leaves neither.
    if (newer.list || newer.failure) known.resolve();
    if (newer.list && newer.list.at !== before) events.read(newer.list.customers, from);
  }

  /** What the others know; nothing new where the store cannot be asked. */
  async function look(): Promise<void> {
    const settled = await shared.settle(record).catch(() => undefined);
    if (settled && isNewer(settled, record)) take(settled, 'store');
  }

  /** Milliseconds until Graph is to be asked. */
  function pause(): number {
    if (!record) return 0;
    const { list, failure, nextAt } = record;
    const asked = Math.max(list?.at ?? 0, failure?.at ?? 0);
    if (asked < startedAt - YOUNG) return 0;
    const most = failure ? LONGEST_PAUSE : csp.refresh * (1 + JITTER);
    return Math.min(nextAt, takenAt + most) - pace.now();
  }

  async function ask(): Promise<void> {
    const turn = (record?.turn ?? 0) + 1;
    const list = record?.list;
    try {
      const customers = await read(connection, csp, stop.signal);
      const at = pace.now();
      const nextAt = at + csp.refresh * (1 - JITTER + 2 * JITTER * pace.random());
      take({ turn, list: { at, customers }, nextAt }, 'graph');
    } catch (error) {
      const at = pace.now();
      if (stop.signal.aborted) {
        // Whoever goes on need not wait for this one.
        record = { ...record, turn, nextAt: at };
      } else {
        const reason =
          error instanceof GraphError ? error : new GraphError('GRAPH_INVALID', 'unexpected', { cause: error });
        const count = (record?.failure?.count ?? 0) + 1;
        const wait = Math.max(
          reason.retryAfter ?? 0,
          backoff(pace, count, FIRST_WAIT, Math.min(LONGEST_WAIT, csp.refresh)),
        );
        take(
          { turn, ...(list ? { list } : {}), failure: { at, why: reason.message, count }, nextAt: at + wait },
          'graph',
        );
        events.failed(reason, wait);
      }
    }
    await look();
  }

  async function run(): Promise<void> {
    await look();
    looked.resolve();
    while (!stop.signal.aborted) {
      const wait = pause();
      if (wait > 0) await pace.sleep(Math.min(wait, LOOK_INTERVAL), stop.signal);
      else if (await shared.claim(record?.turn ?? 0)) {
        await ask();
        continue;
      } else await pace.sleep(CLOSE_LOOK_INTERVAL, stop.signal);
      await look();
    }
  }

  const running = run().catch(error => {
    if (!stop.signal.aborted) throw error;
  });

  return {
    current: () => record,
    looked: looked.promise,
    async known(most) {
      await within(systemPace, most, known.promise);
    },
    async close() {
      stop.abort();
      await running;
    },
  };
}

import { createMemoryStore, type Sessions, type Store, StoreUnreachableError } from '../../src/sessions/index.ts';
import { newSession, openSessions } from './fixtures.ts';

type Watcher = Parameters<Store['watch']>[0];
type Message =
  | { readonly ids: readonly string[] }
  | { readonly changed: readonly string[] }
  | { readonly sent: number };

interface Limits {
  readonly idle?: number;
  readonly absolute?: number;
  readonly outageGrace?: number;
}

/** One store in memory that several replicas reach over ways of their own, under one clock. */
export function createReplicas(limits: Limits = {}) {
  let time = 1_800_000_000_000;
  const clock = { now: () => time, ticks: () => time - 1_799_999_000_000 };
  const memory = createMemoryStore({ now: clock.now });
  const replicas: Replica[] = [];
  memory.watch({
    ended(ids) {
      for (const replica of replicas) replica.send({ ids });
    },
    changed(changed) {
      for (const replica of replicas) replica.send({ changed });
    },
    heard() {},
    lost() {},
  });
  return {
    memory,
    ...clock,
    pass(milliseconds: number) {
      time += milliseconds;
    },
    /** A replica whose feed works; {@link Replica.beat} keeps it alive. */
    open(): Replica {
      const replica = createReplica(memory, clock, limits);
      replicas.push(replica);
      return replica;
    },
  };
}

export interface Replica {
  readonly sessions: Sessions;
  readonly store: Store;
  /** How often the store was asked for a session. */
  readonly reads: number;
  /** Whether its requests to the store arrive. */
  reachable: boolean;
  /** Whether deletions do, while all else does. */
  deletable: boolean;
  /** What its reading of the store waits for after the store has read, so that the answer is late. */
  hold: Promise<void>;
  /** Puts a message on the feed's way; lost where that is broken. */
  send(message: Message): void;
  /** Lets what is on the feed's way arrive. */
  deliver(): void;
  /** Takes off the feed's way what is on it. */
  takeBack(): readonly Message[];
  /** A heartbeat that arrives, after all that was on the way. */
  beat(): void;
  /** Breaks the feed: what is on the way is lost, and what is sent until it is mended. */
  breakFeed(): void;
  mendFeed(): void;
}

/** Two replicas with a feed that has just shown life, and a session that neither has read. */
export async function startReplicas(limits: Limits = {}) {
  const replicas = createReplicas(limits);
  const [here, there] = [replicas.open(), replicas.open()];
  const { session, cookie } = await there.sessions.create(newSession());
  here.beat();
  there.beat();
  /** Lets time pass without a silence of the feed. */
  const live = (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 500) {
      replicas.pass(500);
      here.beat();
      there.beat();
    }
  };
  return { ...replicas, here, there, session, cookie, live };
}

/** Has what the replica reads from now on arrive when the returned function is called. */
export function holdReads(replica: Replica): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  replica.hold = promise;
  return resolve;
}

function createReplica(memory: Store, clock: { now: () => number; ticks: () => number }, limits: Limits): Replica {
  const watchers = new Set<Watcher>();
  let way: Message[] = [];
  let connected = true;

  const guard = <A extends unknown[], R>(operation: string, run: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (!state.reachable) throw new StoreUnreachableError(operation);
      return run(...args);
    };
  };
  const store: Store = {
    ...memory,
    create: guard('create', memory.create),
    read: guard('read', async ids => {
      state.reads += 1;
      const found = await memory.read(ids);
      await state.hold;
      return found;
    }),
    readTokens: guard('read-tokens', memory.readTokens),
    touch: guard('touch', memory.touch),
    delete: guard('delete', async ids => {
      if (!state.deletable) throw new StoreUnreachableError('delete');
      await memory.delete(ids);
      for (const watcher of watchers) watcher.ended(ids);
    }),
    deleteAgain: guard('delete-again', async ids => {
      if (!state.deletable) throw new StoreUnreachableError('delete-again');
      await memory.deleteAgain(ids);
    }),
    replace: guard('replace', async (id, content) => {
      const lives = await memory.replace(id, content);
      for (const watcher of watchers) watcher.changed([id]);
      return lives;
    }),
    lock: guard('lock', memory.lock),
    unlock: guard('unlock', memory.unlock),
    indexed: guard('indexed', memory.indexed),
    ping: guard('ping', memory.ping),
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
  const state = {
    store,
    reads: 0,
    reachable: true,
    deletable: true,
    hold: Promise.resolve(),
    send(message: Message) {
      if (connected) way.push(message);
    },
    deliver() {
      const arrived = way;
      way = [];
      for (const message of arrived) {
        for (const watcher of watchers) {
          if ('ids' in message) watcher.ended(message.ids);
          else if ('changed' in message) watcher.changed(message.changed);
          else watcher.heard(message.sent);
        }
      }
    },
    takeBack() {
      const taken = way;
      way = [];
      return taken;
    },
    beat() {
      if (state.reachable) state.send({ sent: clock.ticks() });
      state.deliver();
    },
    breakFeed() {
      connected = false;
      way = [];
      for (const watcher of watchers) watcher.lost();
    },
    mendFeed() {
      connected = true;
    },
  };
  return Object.assign(state, { sessions: openSessions(store, { ...limits, ...clock }) });
}

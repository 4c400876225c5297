/** How often the store is asked whether it answers, in milliseconds. */
const PING_INTERVAL = 1000;

/** What an orchestrator asks: may requests be sent here, and if not, why. */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly reason: 'starting' | 'draining' | 'store-unreachable' };

/** What is known of the session store. */
export interface StoreHealth {
  readonly reachable: boolean;
  /** Milliseconds since the epoch; only while it is not reachable. */
  readonly unreachableSince?: number;
}

export interface Health {
  /** The gateway listens: from now on it may be ready. */
  started(): void;
  /** The gateway is about to end: it is never ready again. */
  draining(): void;
  readiness(): Readiness;
  store(): StoreHealth;
  /** Stops asking the store. */
  close(): void;
}

interface HealthOptions {
  /** Resolves when the store answers; rejects when it does not. */
  readonly ping: () => Promise<void>;
  /** Milliseconds without the store until the gateway is not ready, as it is now: an outage that all replicas share must not take all of them out. */
  readonly storeReadiness: () => number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Milliseconds between two questions to the store. */
  readonly interval?: number;
}

/** Watches the store in the background, from now until it is closed, and never keeps the process alive. */
export function createHealth({
  ping,
  storeReadiness,
  now = Date.now,
  interval = PING_INTERVAL,
}: HealthOptions): Health {
  let phase: 'starting' | 'serving' | 'draining' = 'starting';
  let askedAt: number | undefined;
  let unreachableSince: number | undefined;

  async function ask(): Promise<void> {
    if (askedAt !== undefined) {
      // The last question is still open: a store that is silent is as good as gone.
      unreachableSince ??= askedAt;
      return;
    }
    const asked = now();
    askedAt = asked;
    try {
      await ping();
      unreachableSince = undefined;
    } catch {
      unreachableSince ??= asked;
    } finally {
      askedAt = undefined;
    }
  }

  const timer = setInterval(ask, interval).unref();
  void ask();

  return {
    started() {
      if (phase === 'starting') phase = 'serving';
    },
    draining() {
      phase = 'draining';
    },
    readiness() {
      if (phase !== 'serving') return { ready: false, reason: phase };
      if (unreachableSince !== undefined && now() - unreachableSince >= storeReadiness()) {
        return { ready: false, reason: 'store-unreachable' };
      }
      return { ready: true };
    },
    store: () => (unreachableSince === undefined ? { reachable: true } : { reachable: false, unreachableSince }),
    close() {
      clearInterval(timer);
    },
  };
}

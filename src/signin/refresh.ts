import type { SessionConfig } from '../config/index.ts';
import type { Session, Sessions } from '../sessions/index.ts';
import { within } from './pace.ts';
import { type Outcome, type RefreshContext, refreshOnce } from './refresh-attempt.ts';

/** How long a request waits for a refresh that is long overdue, in milliseconds. */
const WAIT = 5000;
/** How many periods a refresh may be overdue before a request waits for it. */
const PERIODS = 2;
/** How soon a session is tried again after a refresh that came to nothing, in milliseconds. */
const RETRY = 30_000;
/** How often an operator is told of a connection that keeps failing, in milliseconds. */
const ALERT_INTERVAL = 5 * 60 * 1000;
/** How long closing waits for what has been asked, in milliseconds. */
const CLOSING = 5000;
/** Sessions that can be told to leave the provider alone: the process is about to end. */
export interface Refreshing extends Sessions {
  /** Asks about nobody from now on; what is under way comes to its end. */
  leaveOff(): void;
}

/**
 * Sessions whose provider is asked from time to time whether the person still may. Reading a session asks in the background, once
 * across replicas; where the last answer is too old, reading waits for it.
 * @param context everything that asking takes
 */
export function createRefreshing(context: RefreshContext): Refreshing {
  const { sessions, pace } = context;
  const { now } = pace;
  const limits = (): SessionConfig => context.config.session;
  const underWay = new Map<string, Promise<Outcome>>();
  // In the order of their times.
  const notBefore = new Map<string, number>();
  const alert = createAlerts(context);
  let leaving = false;

  function age(session: Session): number {
    return now() - session.refreshed;
  }

  function isDue(session: Session): boolean {
    const { refresh } = limits();
    return refresh > 0 && session.refreshable && age(session) >= refresh;
  }

  /** One attempt for all requests of a session in this process; none soon after one that came to nothing. */
  function attempt(session: Session, cookie: string): Promise<Outcome> | undefined {
    const { id } = session;
    const work = underWay.get(id);
    if (work || leaving || now() < (notBefore.get(id) ?? 0)) return work;
    const started = refreshOnce({ context, session, cookie, alert })
      .then(outcome => {
        if (outcome !== 'ended' && outcome.session.refreshed === session.refreshed) postpone(id);
        else notBefore.delete(id);
        return outcome;
      })
      .finally(() => underWay.delete(id));
    underWay.set(id, started);
    return started;
  }

  function postpone(id: string): void {
    const time = now();
    notBefore.delete(id);
    for (const [oldest, until] of notBefore) {
      if (until > time) break;
      notBefore.delete(oldest);
    }
    notBefore.set(id, time + RETRY);
  }

  async function keep(session: Session, cookie: string): Promise<Session | undefined> {
    if (!isDue(session)) return session;
    const { refresh, refreshGrace } = limits();
    const work = attempt(session, cookie);
    if (age(session) <= refresh * (1 + PERIODS) && age(session) <= refreshGrace) {
      return session;
    }
    const outcome = work && (await within(pace, WAIT, work));
    if (outcome === 'ended') return undefined;
    const latest = outcome?.session ?? session;
    // Nobody knows whether the person still may, and nobody has for too long.
    return age(latest) <= refreshGrace ? latest : undefined;
  }

  return {
    ...sessions,
    async read(cookie, address) {
      const session = await sessions.read(cookie, address);
      return session && keep(session, cookie);
    },
    leaveOff() {
      leaving = true;
    },
    async close() {
      leaving = true;
      // What the provider has given is lost with the process, and the claim on it is not given back.
      await within(pace, CLOSING, Promise.all(underWay.values()));
      await sessions.close();
    },
  };
}

/** Tells an operator that nobody can be asked about until they act, not with every session. */
function createAlerts({ log, pace }: RefreshContext): (connection: string, details: object) => void {
  const told = new Map<string, number>();
  return (connection, details) => {
    if (pace.now() < (told.get(connection) ?? 0) + ALERT_INTERVAL) return;
    told.set(connection, pace.now());
    log.error({ connection, ...details }, 'sign-in needs an operator');
  };
}

import type { Config, Connection, SessionConfig } from '../config/index.ts';
import type { Audit, SignInRecorder } from '../ops/index.ts';
import type { Policy } from '../policy/index.ts';
import { type Session, type Sessions, StoreUnreachableError } from '../sessions/index.ts';
import { SignInError, type SignInFailure } from './errors.ts';
import { identify } from './identify.ts';
import type { Pace } from './pace.ts';
import type { Provider } from './provider.ts';

/** How long a request waits for a refresh that is long overdue, in milliseconds. */
const WAIT = 5000;
/** How many periods a refresh may be overdue before a request waits for it. */
const PERIODS = 2;
/** How long a claim lasts that nobody gives back, in milliseconds: longer than any provider, key set, Graph and store together take. */
const CLAIM = 10 * 60 * 1000;
/** How soon a session is tried again after a refresh that came to nothing, in milliseconds. */
const RETRY = 30_000;
/** How soon the store is tried again with what the provider has already given, in milliseconds. */
const STORE_RETRY = 250;
/** How often another replica's refresh is looked for, in milliseconds. */
const LOOK = 100;

/** RFC 6749 section 5.2, OpenID Connect Core section 3.1.2.6: the person, not the gateway, is refused. */
const REFUSALS: ReadonlySet<string> = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'access_denied',
]);
const REFUSED: ReadonlySet<SignInFailure> = new Set(['TENANT_NOT_ADMITTED']);

interface RefreshContext {
  readonly config: Config;
  /** As it is now: tenants come and go. */
  readonly policy: Policy;
  /** Resolves when it is known, as far as it can be, whom a connection admits. */
  readonly tenantsKnown: (connection: string) => Promise<void>;
  readonly sessions: Sessions;
  readonly provider: (connection: Connection) => Provider;
  readonly audit: Audit;
  readonly recorder: SignInRecorder;
  readonly log: RefreshLog;
  readonly pace: Pick<Pace, 'now' | 'sleep'>;
}

interface RefreshLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What became of asking: the session as it is now, or that it has ended. */
type Outcome = { readonly session: Session } | 'ended';

/**
 * Sessions whose provider is asked from time to time whether the person still may. Reading a session asks in the background, once
 * across replicas; where the last answer is too old, reading waits for it.
 * @param context everything that asking takes
 */
export function createRefreshing(context: RefreshContext): Sessions {
  const { sessions, pace } = context;
  const { now } = pace;
  const limits = (): SessionConfig => context.config.session;
  const underWay = new Map<string, Promise<Outcome>>();
  const notBefore = new Map<string, number>();

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
    if (work || now() < (notBefore.get(id) ?? 0)) return work;
    const started = refreshOnce(context, session, cookie)
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
    for (const [other, until] of notBefore) if (until <= time) notBefore.delete(other);
    notBefore.set(id, time + RETRY);
  }

  async function keep(session: Session, cookie: string): Promise<Session | undefined> {
    if (!isDue(session)) return session;
    const { refresh, refreshGrace } = limits();
    const work = attempt(session, cookie);
    if (age(session) <= refresh * (1 + PERIODS) && age(session) <= refreshGrace) {
      return session;
    }
    const outcome = work && (await soon(pace, work));
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
  };
}

/** Undefined where it takes too long. */
async function soon<T>({ sleep }: RefreshContext['pace'], work: Promise<T>): Promise<T | undefined> {
  const late = new AbortController();
  try {
    return await Promise.race([work, sleep(WAIT, late.signal).then(nothing, nothing)]);
  } finally {
    late.abort();
  }
}

function nothing(): undefined {}

/** Claims the session, asks and writes the answer; with the claim elsewhere, waits for what comes of it there. Never rejects. */
async function refreshOnce(context: RefreshContext, session: Session, cookie: string): Promise<Outcome> {
  const { sessions } = context;
  let release: (() => Promise<void>) | undefined;
  try {
    release = await sessions.claim(session, CLAIM);
    if (!release) return await followOther(context, session, cookie);
    return await ask(context, session, cookie);
  } catch (error) {
    if (!(error instanceof StoreUnreachableError)) context.log.error({ err: error }, 'a refresh failed');
    return { session };
  } finally {
    // What is not given back now is free when its time is over.
    await release?.().catch(() => undefined);
  }
}

async function followOther({ sessions, pace }: RefreshContext, session: Session, cookie: string): Promise<Outcome> {
  for (let waited = 0; waited < WAIT; waited += LOOK) {
    await pace.sleep(LOOK);
    const latest = await sessions.peek(cookie);
    if (!latest) return 'ended';
    if (latest.refreshed !== session.refreshed) return { session: latest };
  }
  return { session };
}

async function ask(context: RefreshContext, session: Session, cookie: string): Promise<Outcome> {
  const { config, sessions, provider } = context;
  const latest = await sessions.peek(cookie);
  // Another replica may have had the claim until just now.
  if (latest && latest.refreshed !== session.refreshed) return { session: latest };
  // Never from memory: a refresh token may be good once.
  const tokens = await sessions.tokens(session, cookie);
  if (!tokens) return 'ended';
  const connection = config.connections.find(({ name }) => name === session.connection);
  if (!connection || tokens.refreshToken === undefined) return { session };
  let answer: Awaited<ReturnType<Provider['refresh']>>;
  let person = session.person;
  try {
    answer = await provider(connection).refresh(tokens);
    if (answer.claims) {
      await context.tenantsKnown(connection.name);
      person = await personOf(context, connection, { ...answer, claims: answer.claims });
    }
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return refused(context, session, error);
  }
  if (person.id !== session.person.id) return end(context, session, 'ANOTHER_PERSON');
  const renewed = await write(context, session, cookie, { person, tokens: answer.tokens });
  context.recorder.sessionRefreshed(session.connection, renewed ? 'success' : 'ended');
  return renewed ? { session: renewed } : 'ended';
}

async function personOf(
  { config, policy, recorder, pace }: RefreshContext,
  connection: Connection,
  answer: Parameters<typeof identify>[2],
): Promise<Session['person']> {
  return (await identify({ config, policy, recorder, now: pace.now }, connection, answer)).person;
}

/**
 * The provider may have taken the old refresh token back with its answer: what it gave is not lost because the store is away. The
 * claim keeps every replica from trying the old one meanwhile.
 */
async function write(
  { sessions, pace }: RefreshContext,
  session: Session,
  cookie: string,
  renewal: Parameters<Sessions['renew']>[2],
): Promise<Session | undefined> {
  const until = Math.min(pace.now() + CLAIM, session.expires);
  for (;;) {
    try {
      return await sessions.renew(session, cookie, renewal);
    } catch (error) {
      if (!(error instanceof StoreUnreachableError) || pace.now() >= until) throw error;
      await pace.sleep(STORE_RETRY);
    }
  }
}

/** A refusal ends the session. Everything else may pass: it is kept until its grace is over. */
async function refused(context: RefreshContext, session: Session, error: SignInError): Promise<Outcome> {
  const { code, detail } = error;
  if (REFUSALS.has(detail.error ?? '') || REFUSED.has(code)) return end(context, session, code);
  if (context.pace.now() - session.refreshed > context.config.session.refreshGrace) return end(context, session, code);
  context.recorder.sessionRefreshed(session.connection, 'failure');
  context.log.warn(
    { connection: session.connection, code, reason: detail.why ?? detail.error, aadsts: detail.aadsts },
    'a session could not be refreshed; it is kept for now',
  );
  return { session };
}

async function end(
  { sessions, audit, recorder }: RefreshContext,
  session: Session,
  reason: SignInFailure | 'ANOTHER_PERSON',
): Promise<Outcome> {
  await sessions.drop(session);
  recorder.sessionRefreshed(session.connection, 'ended');
  audit.record({
    action: 'revocation',
    outcome: 'success',
    reason,
    person: session.person.id,
    tenant: session.person.tid,
    connection: session.connection,
    session: session.id,
  });
  return 'ended';
}

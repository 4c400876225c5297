import type { Config, Connection } from '../config/index.ts';
import type { Audit, SignInRecorder } from '../ops/index.ts';
import { connectionOf, type Person, type Policy } from '../policy/index.ts';
import { type Renewal, type Session, type Sessions, StoreUnreachableError } from '../sessions/index.ts';
import { SignInError, type SignInFailure } from './errors.ts';
import { ALERT } from './failure.ts';
import { identify } from './identify.ts';
import type { Pace } from './pace.ts';
import type { Provider, ProviderAnswer } from './provider.ts';

/** How long a claim lasts that nobody gives back, in milliseconds: longer than any provider, key set, Graph and store together take. */
const CLAIM = 10 * 60 * 1000;
/** How long the replica that asks is waited for, in milliseconds. */
const WAIT = 5000;
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

export interface RefreshContext {
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
export type Outcome = { readonly session: Session } | 'ended';

/** One time of asking about a session. */
interface Attempt {
  readonly context: RefreshContext;
  readonly session: Session;
  readonly cookie: string;
  /** Tells an operator that nobody can be asked about until they act. */
  readonly alert: (connection: string, details: object) => void;
}

/** Claims the session, asks and writes the answer; with the claim elsewhere, waits for what comes of it there. Never rejects. */
export async function refreshOnce(attempt: Attempt): Promise<Outcome> {
  const { context, session } = attempt;
  const { log, pace, sessions } = context;
  let release: (() => Promise<void>) | undefined;
  try {
    const until = Math.min(pace.now() + CLAIM, session.expires);
    release = await sessions.claim(session, CLAIM);
    return await (release ? ask(attempt, until) : followOther(attempt));
  } catch (error) {
    if (!(error instanceof StoreUnreachableError)) log.error({ err: error }, 'a refresh failed');
    return { session };
  } finally {
    // What is not given back now is free when its time is over.
    await release?.().catch(() => undefined);
  }
}

async function followOther({ context: { sessions, pace }, session, cookie }: Attempt): Promise<Outcome> {
  for (let waited = 0; waited < WAIT; waited += LOOK) {
    await pace.sleep(LOOK);
    const latest = await sessions.peek(cookie);
    if (!latest) return 'ended';
    if (latest.refreshed !== session.refreshed) return { session: latest };
  }
  return { session };
}

/** @param until when the claim ends, milliseconds since the epoch */
async function ask(attempt: Attempt, until: number): Promise<Outcome> {
  const { context, session, cookie } = attempt;
  const { config, sessions, provider, recorder } = context;
  const latest = await sessions.peek(cookie);
  // Another replica may have had the claim until just now.
  if (latest && latest.refreshed !== session.refreshed) return { session: latest };
  // Never from memory: a refresh token may be good once.
  const tokens = await sessions.tokens(session, cookie);
  if (!tokens) return 'ended';
  // What one provider gave is not another's to see.
  const connection = connectionOf(config.connections, session);
  if (!connection || tokens.refreshToken === undefined) return { session };
  let kept = tokens;
  try {
    const answer = await provider(connection).refresh(tokens, refreshToken => {
      kept = { ...tokens, refreshToken };
    });
    const person = await personOf(context, connection, answer, session.person);
    if (person.id !== session.person.id) return await end(attempt, 'ANOTHER_PERSON');
    const renewed = await write(attempt, until, { person, tokens: answer.tokens });
    recorder.sessionRefreshed(session.connection, renewed ? 'success' : 'ended');
    return renewed ? { session: renewed } : 'ended';
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    const outcome = await refused(attempt, error);
    // The answer came to nothing, and the old token may be good no more.
    if (outcome !== 'ended' && kept !== tokens) await write(attempt, until, { tokens: kept });
    return outcome;
  }
}

/** An answer without an ID token says no more than that the person still may. */
async function personOf(
  context: RefreshContext,
  connection: Connection,
  { claims, accessToken }: ProviderAnswer,
  before: Person,
): Promise<Person> {
  if (!claims) return before;
  await context.tenantsKnown(connection.name);
  const { config, policy, recorder, pace } = context;
  return (await identify({ config, policy, recorder, now: pace.now }, connection, { claims, accessToken })).person;
}

/**
 * The provider may have taken the old refresh token back with its answer: what it gave is not lost because the store is away. The
 * claim keeps every replica from trying the old one meanwhile.
 */
async function write(
  { context: { sessions, pace }, session, cookie }: Attempt,
  until: number,
  renewal: Renewal,
): Promise<Session | undefined> {
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
async function refused(attempt: Attempt, error: SignInError): Promise<Outcome> {
  const { alert, context, session } = attempt;
  const { config, log, pace, recorder } = context;
  const { connection } = session;
  const { code, detail } = error;
  const details = { code, reason: detail.why ?? detail.error, aadsts: detail.aadsts };
  if (REFUSALS.has(detail.error ?? '') || REFUSED.has(code)) return end(attempt, code);
  if (ALERT.has(code)) alert(connection, details);
  if (pace.now() - session.refreshed > config.session.refreshGrace) return end(attempt, code);
  recorder.sessionRefreshed(connection, 'failure');
  log.warn({ connection, ...details }, 'a session could not be refreshed; it is kept for now');
  return { session };
}

async function end(
  { context: { sessions, audit, recorder }, session }: Attempt,
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

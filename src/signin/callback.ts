import type { Answer, Field } from '../answers/index.ts';
import type { Connection, Portal } from '../config/index.ts';
import { methodNotAllowed } from '../pages/index.ts';
import { applicableConnections, choosePortal, mayEnter, type SignedIn } from '../policy/index.ts';
import { cookieName, foreignCookieNames, type Session, serializeCookie } from '../sessions/index.ts';
import { redirectUri, signInPath, startPage } from './addresses.ts';
import { isAdminConsent } from './admin-consent.ts';
import { notAdmittedPage } from './admission.ts';
import { clearHalo, expireCookie, setCookie } from './browser.ts';
import { providerFailure, SignInError } from './errors.ts';
import { failurePage, isOfPerson } from './failure.ts';
import { type Identity, identify } from './identify.ts';
import { liveSession } from './live-session.ts';
import { type ReturnPath, readReturnPath } from './return-path.ts';
import { tooManyAnswer } from './too-many.ts';
import type { State, Transaction } from './transaction.ts';
import type { SignInContext, Visit } from './visit.ts';

/** Parameters of an authorization response that may stand but once (RFC 6749 section 3.1). */
const SINGLE = ['code', 'state', 'error', 'iss'];
/** How long a used `state` is remembered: longer than its cookie lives, in milliseconds. */
const USED_FOR = 15 * 60 * 1000;

/** A `state` of ours as a callback carries it: its text, and what it says. */
export interface OurState {
  readonly text: string;
  readonly state: State;
}

/**
 * The `state` of ours among a callback's parameters.
 * @returns undefined where the callback is not the gateway's: it is Halo's own
 */
export function ourState(
  { transactions }: Pick<SignInContext, 'transactions'>,
  parameters: URLSearchParams,
): OurState | undefined {
  for (const text of parameters.getAll('state')) {
    const state = transactions.openState(text);
    if (state) return { text, state };
  }
  return undefined;
}

/**
 * A callback with a `state` of ours: redeems the code, makes the session and leads to where the person was going.
 * @returns 303, 405 for another method than the two of a callback, or a page that says why not
 * @throws StoreUnreachableError
 */
export async function finishSignIn(context: SignInContext, visit: Visit, { text, state }: OurState): Promise<Answer> {
  const { answers, transactions } = context;
  if (visit.method !== 'GET' && visit.method !== 'POST') {
    return answers.refuse(visit.audience, {
      status: 405,
      content: methodNotAllowed(),
      headers: [['Allow', 'GET, POST']],
    });
  }
  const transaction = transactions.find(text, visit.cookies, visit.secure, context.now());
  const limited = await isLimited(context, visit, transaction);
  const wait = limited ? await context.limits.callback(visit.client) : undefined;
  if (wait !== undefined) return tooManyAnswer(context, visit, wait);
  const expired: Field = setCookie(transactions.expire(text, visit.secure));
  try {
    checkResponse(visit.parameters);
    const attempt = findAttempt(context, visit, state);
    if (isAdminConsent(visit.parameters)) return afterConsent(context, visit, state);
    if (!transaction) {
      // A second start that comes back without its cookie will never come back with one.
      if (state.again) throw new SignInError('COOKIES_BLOCKED');
      return answers.redirect(303, restart(state));
    }
    if (!(await context.once(`callback:${transactions.nameOf(text)}`, USED_FOR))) {
      return answers.redirect(303, restart(state), [expired]);
    }
    const answer = await complete(context, visit, { ...attempt, state, stateText: text, transaction });
    return { ...answer, headers: [...answer.headers, expired] };
  } catch (error) {
    const answer = failurePage(context, visit, error, state, [expired]);
    if (limited && isOfPerson(error)) await context.limits.failed(visit.client);
    return answer;
  }
}

/**
 * Whether a callback counts towards the client's limit. One without its transaction costs the provider nothing, and any page can have
 * browsers send it: counted, it would shut out a whole office. Whoever is signed in is never limited; a form_post callback, which
 * brings no session, shows it by how it started.
 */
async function isLimited(context: SignInContext, visit: Visit, transaction: Transaction | undefined): Promise<boolean> {
  if (!transaction || transaction.signedIn) return false;
  const live = await liveSession(context, visit);
  return live === undefined || live === 'unknown';
}

/** Whoever approved the app for their organisation has not signed in: that is what comes next. Whoever did not is told so. */
function afterConsent({ answers }: SignInContext, { parameters }: Visit, state: State): Answer {
  refuseError(parameters);
  return answers.redirect(303, restart(state));
}

/** @throws SignInError where the provider answers with an error */
function refuseError(parameters: URLSearchParams): void {
  const error = parameters.get('error');
  if (error !== null) throw providerFailure(error, parameters.get('error_description') ?? undefined);
}

/** An authorization response is a code or an error, once (RFC 6749 sections 3.1, 4.1.2); an administrator's approval is neither. */
function checkResponse(parameters: URLSearchParams): void {
  if (SINGLE.some(name => parameters.getAll(name).length > 1)) {
    throw new SignInError('CALLBACK_INVALID', { why: 'a parameter stands twice' });
  }
  if (parameters.has('code') === parameters.has('error') && !isAdminConsent(parameters)) {
    throw new SignInError('CALLBACK_INVALID', { why: 'neither a code nor an error, or both' });
  }
}

/** The same sign-in once more, with everything that it was started with. */
function restart({ returnPath, portal, connection, choose, loginHint }: State): string {
  return signInPath({
    returnPath,
    portal,
    connection,
    again: true,
    switchAccount: choose,
    ...(loginHint === undefined ? {} : { loginHint }),
  });
}

interface Attempt {
  readonly connection: Connection;
  readonly portal: Portal;
  /** The address that was sent as `redirect_uri`. */
  readonly redirectUri: string;
}

interface Completion extends Attempt {
  readonly state: State;
  readonly stateText: string;
  readonly transaction: Transaction;
}

/** The settings may have changed since the sign-in started; the address must be the one that was sent. */
function findAttempt({ config, policy }: SignInContext, visit: Visit, state: State): Attempt {
  const portal = visit.place.hostPortals.find(({ name }) => name === state.portal);
  if (!portal) throw new SignInError('CALLBACK_INVALID', { why: 'the portal is not one of this host' });
  const connection = applicableConnections(policy, portal).find(({ name }) => name === state.connection);
  if (!connection) throw new SignInError('CALLBACK_INVALID', { why: 'the connection does not serve the portal' });
  const address = redirectUri(portal, config.halo.authPath);
  if (new URL(address).pathname.toLowerCase() !== visit.place.target.key) {
    throw new SignInError('CALLBACK_INVALID', { why: 'not the address that was sent' });
  }
  return { portal, connection, redirectUri: address };
}

async function complete(context: SignInContext, visit: Visit, completion: Completion): Promise<Answer> {
  const { connection, transaction } = completion;
  const { claims, tokens } = await redeem(context, visit, completion);
  const signedIn: SignedIn = { connection: connection.name, person: claims.person };
  const { session, cookie } = await context.sessions.create({
    ...signedIn,
    ...(claims.sid === undefined ? {} : { sid: claims.sid }),
    ...(claims.loginHint === undefined ? {} : { loginHint: claims.loginHint }),
    tokens,
    address: visit.client,
    former: [
      ...transaction.former,
      ...context.sessions.idsOf(visit.cookies.get(cookieName('session', visit.secure)) ?? ''),
    ],
  });
  context.audit.record({
    action: 'sign-in',
    outcome: 'success',
    person: claims.person.id,
    tenant: claims.person.tid,
    connection: connection.name,
    portal: completion.portal.name,
    session: session.id,
    client: visit.client,
    requestId: visit.audience.requestId,
  });
  return welcome(context, visit, completion, session, cookie);
}

async function redeem(
  context: SignInContext,
  visit: Visit,
  { connection, redirectUri, stateText, transaction }: Completion,
): Promise<{
  claims: Identity;
  tokens: Awaited<ReturnType<ReturnType<SignInContext['provider']>['redeem']>>['tokens'];
}> {
  refuseError(visit.parameters);
  const response = new URL(redirectUri);
  // What else a response may carry is not asked for and not read.
  for (const name of SINGLE) {
    const value = visit.parameters.get(name);
    if (value !== null) response.searchParams.set(name, value);
  }
  const answer = await context.provider(connection).redeem(response, { ...transaction, state: stateText });
  await context.tenantsKnown(connection.name);
  return { claims: await identify(context, connection, answer), tokens: answer.tokens };
}

/** The cookies of a new session, and the way to where the person was going; rule 8's page where they may not go there. */
function welcome(
  context: SignInContext,
  visit: Visit,
  completion: Completion,
  session: Session,
  cookie: string,
): Answer {
  const { answers, browser, config, now, policy } = context;
  const { secure } = visit;
  const { transaction, state } = completion;
  const lastNow = browser.readLast(visit.cookies.get(cookieName('last', secure)));
  // Another tab may have signed somebody else in meanwhile: whoever was here since the start counts.
  const another = [transaction.last, lastNow].some(last => last !== undefined && browser.isAnother(last, session));
  const haloCookies = [...transaction.haloCookies, ...foreignCookieNames(String(visit.headers.cookie ?? ''))];
  const headers: readonly Field[] = [
    setCookie(
      serializeCookie(cookieName('session', secure), cookie, {
        secure,
        sameSite: 'lax',
        maxAge: Math.floor((session.expires - now()) / 1000),
      }),
    ),
    browser.remember(session, secure),
    // A form_post callback does not show whether the browser has one.
    expireCookie('out', secure),
    ...(another ? clearHalo([...new Set(haloCookies)], visit.place.hostPortals, config.halo.authPath) : []),
  ];
  const target = goal(context, visit, state, completion.portal, another);
  const portal = target ? choosePortal(policy, target.place, session, false) : completion.portal;
  const returnPath = target?.path ?? startPage(completion.portal);
  if (!mayEnter(policy, session, portal)) {
    return notAdmittedPage(context, visit, session, portal, { returnPath, headers });
  }
  return answers.redirect(303, returnPath, headers);
}

/** Where the person was going; the portal's start page (undefined) where that would go on with what another person began. */
function goal(
  { locate }: SignInContext,
  visit: Visit,
  state: State,
  portal: Portal,
  another: boolean,
): ReturnPath | undefined {
  const wanted = readReturnPath(locate, visit.origin, state.returnPath);
  const begun = wanted?.place.route.kind === 'auth' || wanted?.place.route.kind === 'own';
  return another && begun ? readReturnPath(locate, visit.origin, startPage(portal)) : wanted;
}

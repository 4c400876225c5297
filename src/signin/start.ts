import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client';
import type { Answer } from '../answers/index.ts';
import type { Connection, Portal } from '../config/index.ts';
import { askBeforeSwitching, type Choice, chooser, noConnection, notFound } from '../pages/index.ts';
import { applicableConnections, choosePortal } from '../policy/index.ts';
import { cookieName, foreignCookieNames, type Session, StoreUnreachableError } from '../sessions/index.ts';
import { redirectUri, type SignInParameters, signInPath, startPage } from './addresses.ts';
import { isOfHost } from './admission.ts';
import { carriedNames, setCookie } from './browser.ts';
import { failurePage } from './failure.ts';
import { readReturnPath } from './return-path.ts';
import { randomNonce, type State } from './transaction.ts';
import type { SignInContext, Visit } from './visit.ts';

/** A longer hint is no name of an account; it would only burst the `state`. In characters. */
const MAX_LOGIN_HINT = 320;

/** A sign-in that is about to start. */
interface Start {
  readonly portal: Portal;
  readonly returnPath: string;
  readonly again: boolean;
  /** The provider is to ask which account. */
  readonly choose: boolean;
  /** Who is about to sign in, for the provider's form. */
  readonly loginHint?: string;
}

/**
 * `/.halogate/sign-in`: leads to the provider, to the chooser where there is a choice, or back where nothing needs to be done.
 * @returns 302, or a page
 */
export async function startSignIn(context: SignInContext, visit: Visit): Promise<Answer> {
  const { answers, policy } = context;
  const start = readStart(context, visit);
  if (!start) return answers.refuse(visit.audience, { status: 404, content: notFound() });

  const connections = applicableConnections(policy, start.portal);
  const named = visit.parameters.get('connection');
  const candidates = named === null ? connections : connections.filter(({ name }) => name === named);
  const [connection, ...others] = candidates;
  if (!connection) return answers.refuse(visit.audience, { status: 404, content: noConnection() });

  if (start.again || isCrossSite(visit)) {
    const live = await liveSession(context, visit);
    if (live && start.again) return answers.redirect(302, start.returnPath);
    if (live) return askFirst(context, visit, start, live);
  }
  if (others.length > 0) {
    return answers.page(visit.audience, 200, chooser({ choices: candidates.map(choice => choiceOf(choice, start)) }));
  }
  return begin(context, visit, start, connection);
}

function readStart(context: SignInContext, visit: Visit): Start | undefined {
  const { locate, policy } = context;
  const wanted = readReturnPath(locate, visit.origin, visit.parameters.get('return') ?? undefined);
  const name = visit.parameters.get('portal');
  const portal =
    name === null
      ? choosePortal(policy, (wanted ?? { place: visit.place }).place, undefined, false)
      : visit.place.hostPortals.find(candidate => candidate.name === name);
  if (!portal) return undefined;
  const loginHint = visit.parameters.get('login_hint');
  return {
    portal,
    returnPath: wanted?.path ?? startPage(portal),
    again: visit.parameters.get('again') === '1',
    choose: visit.parameters.get('switch') === '1' || visit.cookies.has(cookieName('out', visit.secure)),
    ...(loginHint && loginHint.length <= MAX_LOGIN_HINT ? { loginHint } : {}),
  };
}

/** Without the header nobody can tell; browsers that people use for their work send it. */
function isCrossSite(visit: Visit): boolean {
  const site = visit.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** The browser's session, through whichever connection of the host, or `unknown` where the store cannot be asked about it. */
async function liveSession(
  { sessions, policy }: SignInContext,
  visit: Visit,
): Promise<Session | 'unknown' | undefined> {
  const cookie = visit.cookies.get(cookieName('session', visit.secure));
  if (cookie === undefined) return undefined;
  try {
    const session = await sessions.read(cookie, visit.client);
    return session && isOfHost(policy, session, visit.place.hostPortals) ? session : undefined;
  } catch (error) {
    if (error instanceof StoreUnreachableError) return 'unknown';
    throw error;
  }
}

/** A stranger's link must not swap the person under whom somebody is working. */
function askFirst(context: SignInContext, visit: Visit, start: Start, live: Session | 'unknown'): Answer {
  const connection = visit.parameters.get('connection');
  return context.answers.page(
    visit.audience,
    200,
    askBeforeSwitching({
      ...(live === 'unknown' ? {} : { name: live.person.name }),
      continueHref: start.returnPath,
      signInHref: signInPath({ ...parametersOf(start), again: false, ...(connection === null ? {} : { connection }) }),
    }),
  );
}

function choiceOf(connection: Connection, start: Start): Choice {
  return {
    name: connection.name,
    href: signInPath({ ...parametersOf(start), connection: connection.name }),
    last: false,
  };
}

/** What a start is asked for with, so that a page on the way loses nothing of it. */
function parametersOf({ returnPath, portal, again, choose, loginHint }: Start): SignInParameters {
  return {
    returnPath,
    portal: portal.name,
    again,
    switchAccount: choose,
    ...(loginHint === undefined ? {} : { loginHint }),
  };
}

/** Sends the person to the provider: code flow with PKCE S256 (RFC 7636), `state` and `nonce`, always. */
async function begin(context: SignInContext, visit: Visit, start: Start, connection: Connection): Promise<Answer> {
  const { answers, transactions, config, now } = context;
  const { portal } = start;
  const state: State = {
    connection: connection.name,
    portal: portal.name,
    returnPath: start.returnPath,
    time: now(),
    again: start.again,
    choose: start.choose,
    ...(start.loginHint === undefined ? {} : { loginHint: start.loginHint }),
  };
  const stateText = transactions.sealState(state);
  const nonce = randomNonce();
  const codeVerifier = randomPKCECodeVerifier();
  const loginHint = start.loginHint ?? connection.loginHint;
  const formPost = connection.responseMode === 'form_post';

  let url: URL;
  try {
    url = await context.provider(connection).authorizationUrl({
      response_type: 'code',
      scope: connection.scope,
      redirect_uri: redirectUri(portal, config.halo.authPath),
      state: stateText,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(formPost ? { response_mode: 'form_post' } : {}),
      ...promptOf(connection, start.choose),
      ...(loginHint ? { login_hint: loginHint } : {}),
      ...(connection.domainHint ? { domain_hint: connection.domainHint } : {}),
    });
  } catch (error) {
    return failurePage(context, visit, error, state);
  }

  const last = context.browser.readLast(visit.cookies.get(cookieName('last', visit.secure)));
  const transaction = {
    nonce,
    codeVerifier,
    former: context.sessions.idsOf(visit.cookies.get(cookieName('session', visit.secure)) ?? ''),
    ...(last === undefined ? {} : { last }),
    haloCookies: carriedNames(foreignCookieNames(String(visit.headers.cookie ?? ''))),
    time: state.time,
  };
  const kept = transactions.keep(stateText, transaction, visit.cookies, portal, formPost);
  return answers.redirect(302, url.href, kept.map(setCookie));
}

/** Whoever has just signed out, or was turned away, wants to choose; the provider's own session would undo it. */
function promptOf(connection: Connection, choose: boolean): { readonly prompt?: string } {
  if (choose) return { prompt: connection.provider === 'entra' ? 'select_account' : 'login' };
  return connection.prompt ? { prompt: connection.prompt } : {};
}

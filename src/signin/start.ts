import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client';
import type { Answer } from '../answers/index.ts';
import type { Connection } from '../config/index.ts';
import { askBeforeSwitching, moveOn, noConnection, notFound } from '../pages/index.ts';
import { applicableConnections } from '../policy/index.ts';
import { cookieName, foreignCookieNames, type Session } from '../sessions/index.ts';
import { redirectUri, signInPath, startPage } from './addresses.ts';
import { carriedNames, setCookie } from './browser.ts';
import { chooseConnection, chooserPage } from './choice.ts';
import { failurePage } from './failure.ts';
import { liveSession } from './live-session.ts';
import { parametersOf, readStart, type StartRequest } from './start-request.ts';
import { tooManyAnswer } from './too-many.ts';
import { randomNonce, type State } from './transaction.ts';
import type { SignInContext, Visit } from './visit.ts';

/**
 * `/.halogate/sign-in`: leads to the provider, to the chooser where there is a choice, or back where nothing needs to be done.
 * @returns 302, or a page
 */
export async function startSignIn(context: SignInContext, visit: Visit): Promise<Answer> {
  const { answers, policy } = context;
  const start = readStart(context, visit);
  if (!start) {
    const content = notFound({ startHref: startPage(visit.place.hostPortals[0]) });
    return answers.refuse(visit.audience, { status: 404, content });
  }
  const [first, ...others] = applicableConnections(policy, start.portal).filter(
    ({ name }) => start.connection === undefined || name === start.connection,
  );
  if (!first) {
    const content = noConnection({ startHref: startPage(start.portal) });
    return answers.refuse(visit.audience, { status: 404, content });
  }
  if (start.again || isCrossSite(visit)) {
    const live = await liveSession(context, visit);
    if (live && start.again) return answers.redirect(302, start.returnPath);
    if (live) return askFirst(context, visit, start, live);
  }
  const chosen = chooseConnection([first, ...others], start);
  if ('among' in chosen) return chooserPage(context, visit, start, chosen);
  // The page's `form-action 'self'` holds for what a form's answer redirects to as well: a navigation of its own is free of it.
  if (start.fromForm) {
    const href = signInPath({ ...parametersOf(start), connection: chosen.name });
    return answers.page(visit.audience, 200, moveOn({ href }));
  }
  return begin(context, visit, start, chosen);
}

/** Without the header nobody can tell; browsers that people use for their work send it. */
function isCrossSite(visit: Visit): boolean {
  const site = visit.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** A stranger's link must not swap the person under whom somebody is working. */
function askFirst({ answers }: SignInContext, visit: Visit, start: StartRequest, live: Session | 'unknown'): Answer {
  return answers.page(
    visit.audience,
    200,
    askBeforeSwitching({
      ...(live === 'unknown' ? {} : { name: live.person.name }),
      continueHref: start.returnPath,
      signInHref: signInPath({ ...parametersOf(start), again: false }),
    }),
  );
}

/** Sends the person to the provider: code flow with PKCE S256 (RFC 7636), `state` and `nonce`, always. */
async function begin(
  context: SignInContext,
  visit: Visit,
  start: StartRequest,
  connection: Connection,
): Promise<Answer> {
  const { answers, transactions, config, now } = context;
  const { portal } = start;
  const live = await liveSession(context, visit);
  const signedIn = live !== undefined && live !== 'unknown';
  const wait = signedIn ? undefined : await context.limits.start(visit.client);
  if (wait !== undefined) return tooManyAnswer(context, visit, wait);
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
    ...(signedIn ? { signedIn } : {}),
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

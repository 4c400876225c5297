import type { Answer, Field } from '../answers/index.ts';
import type { AuditEvent } from '../ops/index.ts';
import { crossOrigin, nobodySignedIn, signedOut, signOutQuestion } from '../pages/index.ts';
import { connectionOf, portalsOpenTo } from '../policy/index.ts';
import { cookieName, foreignCookieNames, type Session, StoreUnreachableError } from '../sessions/index.ts';
import { SIGNED_OUT, signInPath, startPage } from './addresses.ts';
import { clearHalo, expireCookie, markSignedOut, signedOutPortal } from './browser.ts';
import type { SignInContext, Visit } from './visit.ts';

/** `GET /.halogate/sign-out`: asks; a link from elsewhere must not sign anybody out. */
export async function askToSignOut(context: SignInContext, visit: Visit): Promise<Answer> {
  const startHref = startPage(visit.place.hostPortals[0]);
  const { session, unread } = await readSession(context, visit);
  if (!session && !unread) {
    return context.answers.page(
      visit.audience,
      200,
      nobodySignedIn({ signInHref: signInPath({ returnPath: startHref }) }),
    );
  }
  const url = session && (await providerSignOut(context, visit, session));
  return context.answers.page(
    visit.audience,
    200,
    signOutQuestion({
      ...(session ? { name: session.person.name } : {}),
      cancelHref: startHref,
      // The form's answer leads on to the provider, which the page's policy has to allow.
      formTargets: url ? [url.origin] : [],
    }),
  );
}

/**
 * `POST /.halogate/sign-out`: ends the session and goes on to the provider's sign-out.
 * @param allowed the request comes from a page of this host
 */
export async function signOut(context: SignInContext, visit: Visit, allowed: boolean): Promise<Answer> {
  const { answers } = context;
  if (!allowed) return answers.refuse(visit.audience, { status: 403, content: crossOrigin() });
  const { session } = await readSession(context, visit);
  // Read while there is something to read; what the provider does comes after.
  const hint = session && (await signOutHint(context, visit, session));
  const headers = await endSession(context, visit, session);
  const next = session && (await providerSignOut(context, visit, session, hint));
  return answers.redirect(303, next?.href ?? SIGNED_OUT, headers);
}

/** `/.halogate/signed-out`, and what rule 11 shows in place of signing a person in again at once. */
export function signedOutPage(
  { answers }: SignInContext,
  visit: Visit,
  status: 200 | 401,
  returnPath?: string,
): Answer {
  const portal = signedOutPortal(visit.cookies, visit.place.hostPortals);
  const signIn = signInPath({ returnPath: returnPath ?? startPage(portal) });
  return answers.refuse(
    { ...visit.audience, page: status === 200 || visit.audience.page },
    { status, content: signedOut({ signInHref: signIn }), ...(status === 401 ? { signIn } : {}) },
  );
}

/**
 * Ends the session of this browser, here or through Halo's own `logout`, and Halo's own with it.
 * @param session where it could be read; without it the cookie alone says what ends
 * @returns the fields that clear the browser up
 */
export async function endSession(
  context: Pick<SignInContext, 'sessions' | 'audit' | 'policy' | 'config'>,
  visit: Visit,
  session: Session | undefined,
): Promise<readonly Field[]> {
  const { secure, place } = visit;
  const cookie = visit.cookies.get(cookieName('session', secure));
  const done = cookie === undefined || (await context.sessions.end(cookie));
  context.audit.record({
    action: 'sign-out',
    outcome: 'success',
    // On a page of the gateway's own, or through Halo's `logout`.
    reason: place.route.kind === 'own' ? 'person' : 'halo',
    deferred: !done,
    ...(session ? whose(session) : {}),
    client: visit.client,
    requestId: visit.audience.requestId,
  });
  const open = session ? portalsOpenTo(context.policy, session, place.hostPortals) : [];
  return [
    expireCookie('session', secure),
    markSignedOut(open[0] ?? place.hostPortals[0]),
    ...clearHalo(
      foreignCookieNames(String(visit.headers.cookie ?? '')),
      place.hostPortals,
      context.config.halo.authPath,
    ),
  ];
}

function whose({ id, person, connection }: Session): Partial<AuditEvent> {
  return { person: person.id, tenant: person.tid, connection, session: id };
}

interface Reading {
  readonly session?: Session | undefined;
  /** Nobody can say whether there is one. */
  readonly unread?: true;
}

/** Signing out does not wait for the store: what cannot be read is ended unseen. */
async function readSession({ sessions }: SignInContext, visit: Visit): Promise<Reading> {
  const cookie = visit.cookies.get(cookieName('session', visit.secure));
  if (cookie === undefined) return {};
  try {
    return { session: await sessions.read(cookie, visit.client) };
  } catch (error) {
    if (error instanceof StoreUnreachableError) return { unread: true };
    throw error;
  }
}

/** Where the provider ends its own session; undefined where it cannot say so soon. */
async function providerSignOut(
  context: SignInContext,
  visit: Visit,
  session: Session,
  hint: SignOutHint = {},
): Promise<URL | undefined> {
  const connection = connectionOf(context.config.connections, session);
  if (!connection) return undefined;
  return context.provider(connection).endSessionUrl({ post_logout_redirect_uri: visit.origin + SIGNED_OUT, ...hint });
}

type SignOutHint = Readonly<Record<string, string>>;

/** Entra takes the `login_hint` claim and asks nothing; other providers know their session by the ID token. */
async function signOutHint({ sessions, config }: SignInContext, visit: Visit, session: Session): Promise<SignOutHint> {
  const connection = connectionOf(config.connections, session);
  if (!connection) return {};
  if (connection.provider === 'entra') return session.loginHint ? { logout_hint: session.loginHint } : {};
  const cookie = visit.cookies.get(cookieName('session', visit.secure));
  const tokens = cookie === undefined ? undefined : await sessions.tokens(session, cookie).catch(() => undefined);
  return tokens ? { id_token_hint: tokens.idToken } : {};
}

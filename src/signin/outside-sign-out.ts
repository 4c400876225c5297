import type { Answer } from '../answers/index.ts';
import type { Connection } from '../config/index.ts';
import { badRequest, signInFailed } from '../pages/index.ts';
import type { Ended } from '../sessions/index.ts';
import { signInPath } from './addresses.ts';
import { SignInError } from './errors.ts';
import { type LogoutToken, LogoutTokenError } from './logout-token.ts';
import type { SignInContext, Visit } from './visit.ts';

/** How long a logout token is remembered: longer than one is taken, in milliseconds. */
const USED_FOR = 10 * 60 * 1000;
/** A longer one is nobody's `sid`, in characters. */
const MAX_SID = 512;

/**
 * `/.halogate/front-channel-sign-out`: the provider ends its own session and has the browser tell so (OpenID Connect Front-Channel
 * Logout section 3). Mostly without cookies, and anybody can ask: whoever knows the `sid` ends the gateway's sessions, nothing more.
 * What cannot be done now is not remembered: strangers could fill the memory with it.
 * @returns 200 whether or not there was a session, 400 without a `sid`
 * @throws StoreUnreachableError
 */
export async function frontChannelSignOut(context: SignInContext, visit: Visit): Promise<Answer> {
  const { answers, sessions } = context;
  const sid = visit.parameters.get('sid');
  if (!sid || sid.length > MAX_SID) {
    return answers.refuse({ ...visit.audience, page: false }, { status: 400, content: badRequest() });
  }
  const issuer = visit.parameters.get('iss');
  const counts = await Promise.all(
    providersOf(context.config.connections, issuer).map(provider => sessions.endUnprovenSession(sid, provider)),
  );
  record(
    context,
    visit,
    'front-channel',
    counts.map(count => ({ count, done: true })),
  );
  return answers.json(200, {});
}

/**
 * Whose `sid` it may be.
 * @param issuer where the provider says it; Entra does not
 * @returns issuers; undefined stands for Entra
 */
function providersOf(connections: readonly Connection[], issuer: string | null): readonly (string | undefined)[] {
  const named = connections.filter(connection => {
    if (issuer === null) return true;
    return connection.provider === 'entra'
      ? issuer.startsWith(`${connection.authority}/`)
      : issuer === connection.issuer;
  });
  return [...new Set(named.map(({ provider, issuer }) => (provider === 'entra' ? undefined : issuer)))];
}

/**
 * `/.halogate/back-channel-sign-out`: the provider tells by itself, in a signed logout token (OpenID Connect Back-Channel Logout
 * section 2.5).
 * @returns 200, 400 for a token that does not count, 503 where it cannot be verified now
 */
export async function backChannelSignOut(context: SignInContext, visit: Visit): Promise<Answer> {
  const { answers, once, sessions } = context;
  const audience = { ...visit.audience, page: false };
  let logout: LogoutToken;
  try {
    logout = await context.readLogoutToken(visit.parameters.get('logout_token') ?? '');
  } catch (error) {
    if (error instanceof LogoutTokenError) {
      context.audit.record({
        action: 'sign-out',
        outcome: 'failure',
        reason: 'back-channel',
        detail: error.message,
        client: visit.client,
        requestId: visit.audience.requestId,
      });
      return answers.refuse(audience, { status: 400, content: badRequest() });
    }
    if (!(error instanceof SignInError)) throw error;
    const content = signInFailed('PROVIDER_UNREACHABLE', { retryHref: signInPath({}), details: {} });
    return answers.refuse(audience, { status: 503, content, headers: [['Retry-After', '10']] });
  }
  const { issuer, sid, sub, jti } = logout;
  // Ending twice does no harm; a store that cannot be asked must not keep a session alive.
  const fresh = await once(`logout:${JSON.stringify([issuer, jti])}`, USED_FOR).catch(() => true);
  if (!fresh) return answers.refuse(audience, { status: 400, content: badRequest() });
  const ended =
    sid === undefined ? await sessions.endPerson(`${issuer}|${sub}`) : await sessions.endProviderSession(sid, issuer);
  record(context, visit, 'back-channel', [ended]);
  return answers.json(200, {});
}

function record({ audit }: SignInContext, visit: Visit, kind: string, ended: readonly Ended[]): void {
  const done = ended.every(each => each.done);
  // Anybody can ask for nothing.
  if (done && ended.every(({ count }) => count === 0)) return;
  audit.record({
    action: 'sign-out',
    outcome: 'success',
    reason: kind,
    deferred: !done,
    client: visit.client,
    requestId: visit.audience.requestId,
  });
}

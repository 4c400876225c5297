import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Answer, Audience } from '../answers/index.ts';
import { badRequest, notFound, signInRequired } from '../pages/index.ts';
import { type Decision, decide, isSeen, sessionMatters } from '../policy/index.ts';
import { identityHeaderNames, misleadingField, type RawHeaders } from '../proxy/index.ts';
import type { Session } from '../sessions/index.ts';
import type { Visit } from '../signin/index.ts';
import type { Ending } from './arrival.ts';
import type { CheckRequest, Uncheckable } from './check-request.ts';
import type { ExchangeContext } from './context.ts';
import { refusal, wayToSignIn } from './refusal.ts';
import { repeatedField } from './repeated-field.ts';
import { accessOf, readSession, visitOf } from './visit.ts';

/**
 * `/.halogate/verify`: tells a proxy that forwards to Halo itself what the gateway would do (specification: Forward-auth). A body is
 * not read: what is decided on one goes to the gateway.
 * @returns 200 with every identity header, those without a value included, so that the proxy overwrites what the client has sent;
 * else what a client is to get
 * @throws StoreUnreachableError
 */
export async function verify(
  context: ExchangeContext,
  request: IncomingMessage,
  requestId: string,
  check: CheckRequest | Uncheckable,
): Promise<Ending> {
  const { answers } = context;
  const websocket = isForWebSocket(request.headers);
  const audience: Audience = {
    page: isSeen({ headers: request.headers, websocket }),
    requestId,
    acceptLanguage: request.headers['accept-language'],
  };
  if (!context.fromTrustedProxy(request)) {
    return { answer: answers.refuse(audience, { status: 404, content: notFound() }) };
  }
  const uncheckable = (why: string): Ending => {
    return { answer: answers.refuse(audience, { status: 403, content: badRequest() }), why };
  };
  if ('why' in check) return uncheckable(check.why);
  const objection = objectionTo(context, request);
  if (objection !== undefined) return uncheckable(objection);
  const visit = visitOf(context, request, { ...check, audience });
  const access = accessOf(context, visit, websocket);
  const session = sessionMatters(context.policy, access) ? await readSession(context, visit) : undefined;
  const decision = decide(context.policy, access, session);
  if (decision.outcome === 'identity' && session) {
    return { decision, answer: permit(context, await context.identityHeaders(session, decision.portal)) };
  }
  if (decision.outcome === 'forward') return { decision, answer: permit(context, []) };
  return { decision, answer: turnAway(context, visit, decision, session, check.redirects) };
}

/**
 * Why a request may not be forwarded as it came, for one of its header fields; undefined where it may. What the gateway drops from its
 * own requests it can only refuse here. Proxies that drop such a field do so before they ask, or can be told to (docs/forward-auth.md).
 */
function objectionTo({ config }: ExchangeContext, request: IncomingMessage): string | undefined {
  const twice = repeatedField(request);
  if (twice !== undefined) return `${twice} stands twice.`;
  const misleading = misleadingField(request.rawHeaders, config.identity);
  return misleading === undefined ? undefined : `Halo must not see ${misleading}.`;
}

/** Proxies drop `Upgrade` from a check request, as it is about one connection; what else belongs to the handshake they leave. */
function isForWebSocket(headers: IncomingHttpHeaders): boolean {
  return (
    headers.upgrade?.toLowerCase().includes('websocket') === true ||
    headers['sec-websocket-key'] !== undefined ||
    headers['sec-websocket-version'] !== undefined
  );
}

function permit({ answers, config }: ExchangeContext, identity: RawHeaders): Answer {
  const values = new Map<string, string>();
  for (let index = 0; index < identity.length; index += 2) {
    values.set((identity[index] ?? '').toLowerCase(), identity[index + 1] ?? '');
  }
  return answers.empty(
    200,
    identityHeaderNames(config.identity).map(name => [name, values.get(name.toLowerCase()) ?? '']),
  );
}

/** As the gateway itself would refuse, but that addresses are whole: under which host the proxy asks says nothing. */
function turnAway(
  context: ExchangeContext,
  visit: Visit,
  decision: Decision,
  session: Session | undefined,
  redirects: boolean,
): Answer {
  if (decision.outcome !== 'sign-in') return refusal(context, visit, decision, session);
  const path = wayToSignIn(context, visit, decision.portal);
  const location = visit.origin + path;
  if (redirects) return context.answers.redirect(302, location);
  return context.answers.refuse(visit.audience, {
    status: 401,
    content: signInRequired({ signInHref: path }),
    signIn: path,
    headers: [['Location', location]],
  });
}

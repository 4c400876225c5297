import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { type Answer, HSTS, writeAnswer } from '../answers/index.ts';
import { badRequest, badTarget, clientTimeout, internalError, storeUnreachable, unknownHost } from '../pages/index.ts';
import { choosePortal, type Decision, decide, endsSession, sessionMatters } from '../policy/index.ts';
import { isMisplaced } from '../portals/index.ts';
import { discardBody } from '../proxy/index.ts';
import { cookieName, readCookies, type Session, StoreUnreachableError } from '../sessions/index.ts';
import { endSession, ourState, type Visit } from '../signin/index.ts';
import { forwardExchange } from './act.ts';
import type { Arrival, ClientUpgrade, Ending } from './arrival.ts';
import { isPageWanted } from './audience.ts';
import { BodyTimeoutError } from './body.ts';
import type { ExchangeContext } from './context.ts';
import { answerOwn } from './own-routes.ts';
import { readAhead } from './read-ahead.ts';
import { refusal } from './refusal.ts';
import { repeatedField } from './repeated-field.ts';

/** What is read of a refused request's body to keep the connection: milliseconds and bytes. */
const DISCARD_TIME = 10_000;
const DISCARD_SIZE = 1024 * 1024;
/** How soon to try again while the store cannot be asked, in seconds. */
const STORE_RETRY_AFTER = '5';

/**
 * Carries one request its way: place, session, decision, act. Never rejects.
 * @param target the raw request target
 * @param upgrade given for an upgrade to WebSocket: the client's connection, to which `response` writes
 */
export type Exchange = (
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  upgrade?: ClientUpgrade,
) => Promise<void>;

/** @param context everything that an exchange works with */
export function createExchange(context: ExchangeContext): Exchange {
  return async (request, response, target, upgrade) => {
    const requestId = randomUUID();
    const log = context.log.child({ requestId });
    const started = performance.now();
    const result = await carry(context, {
      request,
      response,
      target,
      requestId,
      ...(upgrade ? { upgrade } : {}),
    }).catch(error => failure(context, log, request, requestId, error));
    if (result.answer) answerWith(context, request, response, result.answer, result.secure);
    const level = result.decision?.outcome === 'forward' || result.decision?.outcome === 'identity' ? 'debug' : 'info';
    log[level](
      {
        method: request.method,
        host: result.place?.hostPortals[0].host,
        path: result.place?.target.path,
        portal: result.decision?.portal.name,
        rule: result.decision?.rule,
        outcome: result.decision?.outcome,
        status: result.answer?.status ?? result.status,
        code: result.answer?.code ?? result.failure,
        ms: Math.round(performance.now() - started),
      },
      'request',
    );
  };
}

interface Received {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: string;
  readonly requestId: string;
  readonly upgrade?: ClientUpgrade;
}

async function carry(context: ExchangeContext, received: Received): Promise<Ending> {
  const { request, target, requestId } = received;
  const audience = { page: isPageWanted(request), requestId };
  if (repeatedField(request))
    return { answer: context.answers.refuse(audience, { status: 400, content: badRequest() }) };
  const place = context.locate(request.method ?? '', target, request.headers.host);
  if (isMisplaced(place)) {
    return {
      answer: context.answers.refuse(
        audience,
        place.refused === 'UNKNOWN_HOST'
          ? { status: 421, content: unknownHost() }
          : { status: 400, content: badTarget() },
      ),
    };
  }
  const [root] = place.hostPortals;
  const visit: Visit = {
    method: request.method ?? '',
    place,
    headers: request.headers,
    cookies: readCookies(request.headers.cookie),
    secure: root.secure,
    origin: root.origin,
    client: context.clientAddress(request),
    parameters: new URLSearchParams(place.target.query),
    audience,
  };
  const ending = await decideAndAct(context, await arrive(context, received, visit));
  return { ...ending, place, secure: root.secure };
}

/** Reads ahead where the decision is made on the body: token requests and callbacks. */
async function arrive(
  context: ExchangeContext,
  { request, response, upgrade }: Received,
  visit: Visit,
): Promise<Arrival> {
  const ahead = await readAhead(request, response, visit, context.config.halo.timeout);
  const parameters = ahead?.parameters ?? visit.parameters;
  const stateText = ahead?.callback ? ourState(context.signIn, parameters) : undefined;
  return {
    request,
    response,
    visit: { ...visit, parameters },
    ...(upgrade ? { upgrade } : {}),
    ...(ahead?.bodyStart ? { bodyStart: ahead.bodyStart } : {}),
    ...(stateText === undefined ? {} : { stateText }),
    access: {
      method: visit.method,
      place: visit.place,
      headers: request.headers,
      websocket: upgrade !== undefined,
      ourCallback: stateText !== undefined,
      ...(ahead?.token ? { token: ahead.token } : {}),
      emergency: context.emergency(visit.client),
      signedOut: visit.cookies.has(cookieName('out', visit.secure)),
    },
  };
}

async function decideAndAct(context: ExchangeContext, arrival: Arrival): Promise<Ending> {
  const { access, visit } = arrival;
  let session: Session | undefined;
  try {
    session = sessionMatters(context.policy, access) ? await readSession(context, visit) : undefined;
  } catch (error) {
    if (error instanceof StoreUnreachableError) return { answer: await withoutStore(context, arrival) };
    throw error;
  }
  const decision = decide(context.policy, access, session);
  auditNativeSignIn(context, visit, decision);
  if (decision.outcome === 'own') return { decision, answer: await answerOwn(context, arrival) };
  if (decision.outcome === 'forward' || decision.outcome === 'identity') {
    return { decision, ...(await forwardExchange(context, arrival, decision, session)) };
  }
  return { decision, answer: refusal(context, visit, decision, session) };
}

async function readSession({ sessions }: ExchangeContext, visit: Visit): Promise<Session | undefined> {
  const cookie = visit.cookies.get(cookieName('session', visit.secure));
  return cookie === undefined ? undefined : sessions.read(cookie, visit.client);
}

/** Nobody can tell who asks: 503, with the cookie left alone. Signing out alone does not wait: this browser's session ends here. */
async function withoutStore(context: ExchangeContext, { visit, access }: Arrival): Promise<Answer> {
  const portal = choosePortal(context.policy, visit.place, undefined, access.emergency);
  const cleared = endsSession(access, portal) ? await endSession(context.signIn, visit, undefined) : [];
  return context.answers.refuse(visit.audience, {
    status: 503,
    content: storeUnreachable(),
    headers: [['Retry-After', STORE_RETRY_AFTER], ...cleared],
  });
}

function auditNativeSignIn({ audit }: ExchangeContext, visit: Visit, decision: Decision): void {
  if (decision.rule !== 4 && !decision.emergencyUse) return;
  audit.record({
    action: decision.emergencyUse ? 'emergency-use' : 'native-sign-in-refused',
    outcome: decision.emergencyUse ? 'success' : 'failure',
    detail: decision.why,
    portal: decision.portal.name,
    client: visit.client,
    requestId: visit.audience.requestId,
  });
}

/** Whatever went wrong on the way is an error page, never a way in. */
function failure(
  { answers }: ExchangeContext,
  log: FastifyBaseLogger,
  request: IncomingMessage,
  requestId: string,
  error: unknown,
): Ending {
  if (request.socket.destroyed) return { failure: 'CLIENT_GONE' };
  const audience = { page: isPageWanted(request), requestId };
  if (error instanceof StoreUnreachableError) {
    const headers = [['Retry-After', STORE_RETRY_AFTER]] as const;
    return { answer: answers.refuse(audience, { status: 503, content: storeUnreachable(), headers }) };
  }
  if (error instanceof BodyTimeoutError)
    return { answer: answers.refuse(audience, { status: 408, content: clientTimeout() }) };
  log.error({ err: error }, 'the exchange failed');
  return { answer: answers.refuse(audience, { status: 500, content: internalError() }) };
}

function answerWith(
  context: ExchangeContext,
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  secure = false,
): void {
  if (response.headersSent || response.destroyed) return;
  discardBody(request, DISCARD_TIME, DISCARD_SIZE);
  writeAnswer(response, secure ? { ...answer, headers: [...answer.headers, HSTS] } : answer, context.isDraining());
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { type Answer, HSTS, writeAnswer } from '../answers/index.ts';
import type { Portal } from '../config/index.ts';
import { badRequest, badTarget, clientTimeout, internalError, storeUnreachable, unknownHost } from '../pages/index.ts';
import { choosePortal, type Decision, decide, endsSession, sessionMatters } from '../policy/index.ts';
import { isMisplaced, type Misplaced, type Place } from '../portals/index.ts';
import { discardBody } from '../proxy/index.ts';
import { type Session, StoreUnreachableError } from '../sessions/index.ts';
import { endSession, ourState, startPage, type Visit } from '../signin/index.ts';
import { forwardExchange } from './act.ts';
import type { Arrival, ClientUpgrade, Ending } from './arrival.ts';
import { audienceOf } from './audience.ts';
import { BodyTimeoutError, BodyTooLongError } from './body.ts';
import { type CheckRequest, isCheckRequest, readCheckRequest, type Uncheckable } from './check-request.ts';
import type { ExchangeContext } from './context.ts';
import { answerOwn } from './own-routes.ts';
import { readAhead } from './read-ahead.ts';
import { refusal } from './refusal.ts';
import { repeatedField } from './repeated-field.ts';
import { verify } from './verify.ts';
import { accessOf, readSession, visitOf } from './visit.ts';

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

/** An exchange that could not be answered at all. */
const UNANSWERED: Ending = { status: 500 };
/** What is counted where the client has left before it was answered, as nginx does. */
const CLIENT_GONE = 499;

/** @param context everything that an exchange works with */
export function createExchange(context: ExchangeContext): Exchange {
  return async (request, response, target, upgrade) => {
    const requestId = randomUUID();
    const log = context.log.child({ requestId });
    const started = performance.now();
    context.recorder.requestStarted(requestId);
    let ended = UNANSWERED;
    try {
      const check = isCheckRequest(target) ? readCheckRequest(context, request, target) : undefined;
      const where = whereabouts(context, request, target, check);
      const received = { request, response, requestId, ...(upgrade ? { upgrade } : {}) };
      const carried = check ? verify(context, request, requestId, check) : carry(context, received, where);
      const ending = await carried.catch(error => failure(context, log, request, requestId, error));
      if (ending.answer) answerWith(context, request, response, ending.answer, where.root?.secure);
      ended = ending;
      logEnding(log, where, ending, Math.round(performance.now() - started));
    } catch (error) {
      log.error({ err: error }, 'the exchange could not be answered');
      request.socket.destroy();
    } finally {
      const status = ended.answer?.status ?? ended.status ?? CLIENT_GONE;
      context.recorder.requestEnded(ended.decision, status, (performance.now() - started) / 1000);
    }
  };
}

interface Received {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly upgrade?: ClientUpgrade;
}

/** Where a request belongs, known before anything can fail. */
interface Whereabouts {
  readonly method: string;
  readonly place: Place | Misplaced;
  /** The root portal of its host, which may be known even where the target is refused. */
  readonly root?: Portal;
}

/** @param check what a check request asks about: that is what counts */
function whereabouts(
  { locate }: ExchangeContext,
  request: IncomingMessage,
  target: string,
  check?: CheckRequest | Uncheckable,
): Whereabouts {
  if (check && 'place' in check) return { ...check, root: check.place.hostPortals[0] };
  const { host } = request.headers;
  const method = request.method ?? '';
  const place = locate(method, target, host);
  const site = isMisplaced(place) ? locate('GET', '/', host) : place;
  return isMisplaced(site) ? { method, place } : { method, place, root: site.hostPortals[0] };
}

function logEnding(
  log: FastifyBaseLogger,
  { method, place, root }: Whereabouts,
  { decision, answer, status, failure: reason, why }: Ending,
  ms: number,
): void {
  const level = decision?.outcome === 'forward' || decision?.outcome === 'identity' ? 'debug' : 'info';
  log[level](
    {
      method,
      host: root?.host,
      path: isMisplaced(place) ? undefined : place.target.path,
      portal: decision?.portal.name,
      rule: decision?.rule,
      outcome: decision?.outcome,
      status: answer?.status ?? status,
      code: answer?.code ?? reason,
      why,
      ms,
    },
    'request',
  );
}

async function carry(
  context: ExchangeContext,
  received: Received,
  { place, root: host }: Whereabouts,
): Promise<Ending> {
  const { request, requestId } = received;
  const audience = audienceOf(request, requestId);
  if (repeatedField(request))
    return { answer: context.answers.refuse(audience, { status: 400, content: badRequest() }) };
  if (isMisplaced(place)) {
    return {
      answer: context.answers.refuse(
        audience,
        place.refused === 'UNKNOWN_HOST'
          ? { status: 421, content: unknownHost() }
          : { status: 400, content: badTarget(host ? { startHref: startPage(host) } : {}) },
      ),
    };
  }
  const visit = visitOf(context, request, { method: request.method ?? '', place, audience });
  return decideAndAct(context, await arrive(context, received, visit));
}

/** Reads ahead where the decision is made on the body: token requests and callbacks. */
async function arrive(
  context: ExchangeContext,
  { request, response, upgrade }: Received,
  visit: Visit,
): Promise<Arrival> {
  const ahead = await readAhead(request, response, visit, context.config.halo.timeout);
  const parameters = ahead?.parameters ?? visit.parameters;
  const state = ahead?.callback ? ourState(context.signIn, parameters) : undefined;
  return {
    request,
    response,
    visit: { ...visit, parameters },
    ...(upgrade ? { upgrade } : {}),
    ...(ahead?.bodyStart ? { bodyStart: ahead.bodyStart } : {}),
    ...(state ? { ourState: state } : {}),
    access: {
      ...accessOf(context, visit, upgrade !== undefined),
      ourCallback: state !== undefined,
      ...(ahead?.token ? { token: ahead.token } : {}),
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
    action: decision.emergencyUse ? 'emergency-use' : 'refusal',
    outcome: decision.emergencyUse ? 'success' : 'failure',
    ...(decision.code ? { reason: decision.code } : {}),
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
  const audience = audienceOf(request, requestId);
  if (error instanceof StoreUnreachableError) {
    const headers = [['Retry-After', STORE_RETRY_AFTER]] as const;
    return { answer: answers.refuse(audience, { status: 503, content: storeUnreachable(), headers }) };
  }
  if (error instanceof BodyTooLongError)
    return { answer: answers.refuse(audience, { status: 413, content: badRequest() }) };
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
  if (response.destroyed || response.writableEnded) return;
  // Another answer has begun: it must not be left for a whole one.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  discardBody(request, DISCARD_TIME, DISCARD_SIZE);
  writeAnswer(response, secure ? { ...answer, headers: [...answer.headers, HSTS] } : answer, context.isDraining());
}

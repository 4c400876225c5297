import { badGateway, clientTimeout, gatewayTimeout } from '../pages/index.ts';
import { type Decision, endsSession } from '../policy/index.ts';
import type { ForwardFailure, RawHeaders } from '../proxy/index.ts';
import { cookieName, type Session } from '../sessions/index.ts';
import { endSession } from '../signin/index.ts';
import type { Arrival, ClientUpgrade, Ending } from './arrival.ts';
import type { ExchangeContext } from './context.ts';
import { askUpstream } from './upstream-record.ts';

/** Forwards a request as decided; Halo's own sign-out ends the gateway's session with it. */
export async function forwardExchange(
  context: ExchangeContext,
  arrival: Arrival,
  decision: Decision,
  session: Session | undefined,
): Promise<Ending> {
  const { request, response, visit, access, bodyStart } = arrival;
  const identity =
    decision.outcome === 'identity' && session ? await context.identityHeaders(session, decision.portal) : [];
  if (arrival.upgrade) return upgradeExchange(context, arrival, arrival.upgrade, decision, identity);
  const leaves = visit.cookies.has(cookieName('session', visit.secure)) && endsSession(access, decision.portal);
  const cleared = leaves ? await endSession(context.signIn, visit, session) : [];
  const asking = askUpstream(context, decision.portal);
  const result = await context.forwarder.forward({
    request,
    response,
    portal: decision.portal,
    target: visit.place.target,
    client: visit.client,
    identity: asking.fields(identity),
    ...(bodyStart ? { bodyStart: bodyStart.bytes } : {}),
    answerHeaders: cleared.flat(),
    onAnswer: asking.answered,
  });
  asking.ended(result.failure, result.answered ? result.status : undefined);
  if (result.answered) {
    return { status: result.status, ...(result.failure ? { failure: result.failure.code } : {}) };
  }
  const { answer } = answerTo(context, arrival, result.failure);
  // Halo does not know of it, but this browser has signed out.
  const told = answer && { answer: { ...answer, headers: [...answer.headers, ...cleared] } };
  return { failure: result.failure.reason, ...told };
}

/** An upgrade to WebSocket: Halo is dialled first, and who holds the socket is remembered for as long as it is open. */
async function upgradeExchange(
  context: ExchangeContext,
  arrival: Arrival,
  { socket, head }: ClientUpgrade,
  decision: Decision,
  identity: RawHeaders,
): Promise<Ending> {
  const { request, visit } = arrival;
  const { portal } = decision;
  const { target } = visit.place;
  const asking = askUpstream(context, portal);
  const fields = asking.fields(identity);
  const result = await context.upgrade({
    request,
    socket,
    head,
    portal,
    target,
    client: visit.client,
    identity: fields,
  });
  asking.ended('failure' in result ? result.failure : undefined, 'tunnel' in result ? 101 : undefined);
  if ('failure' in result) return { failure: result.failure.reason, ...answerTo(context, arrival, result.failure) };
  const cookie = visit.cookies.get(cookieName('session', visit.secure));
  const holder = decision.outcome === 'identity' && cookie !== undefined ? { cookie, portal } : undefined;
  context.sockets.add(result.tunnel, holder);
  context.recorder.webSocketOpened(portal.name);
  void result.tunnel.closed.then(() => context.recorder.webSocketClosed(portal.name));
  return { status: 101 };
}

/** Nothing has been written yet: the person is told what is wrong. */
function answerTo({ answers }: ExchangeContext, { visit }: Arrival, failure: ForwardFailure): Pick<Ending, 'answer'> {
  switch (failure.code) {
    case 'UPSTREAM_UNREACHABLE':
      return { answer: answers.refuse(visit.audience, { status: 502, content: badGateway() }) };
    case 'UPSTREAM_TIMEOUT':
      return { answer: answers.refuse(visit.audience, { status: 504, content: gatewayTimeout() }) };
    case 'CLIENT_TIMEOUT':
      return { answer: answers.refuse(visit.audience, { status: 408, content: clientTimeout() }) };
    case 'CLIENT_GONE':
      return {};
  }
}

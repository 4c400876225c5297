import type { Registry } from 'prom-client';
import type { OutcomeName, Recorder } from '../recorder.ts';
import { definitions } from './definitions.ts';
import { createInstruments } from './instruments.ts';

const OUTCOMES: readonly OutcomeName[] = ['own', 'forward', 'identity', 'sign-in', 'refuse'];
const CODES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** Nothing goes with a request to Halo. */
const NO_FIELDS: readonly string[] = [];

/** Halo may answer an upgrade with whatever status: for a label the kind of status is enough. */
const ANSWERED = /^answered-(\d)\d\d$/;

/**
 * Counts and measures. What requests need is prepared once for each portal, so that recording one builds no label and looks little up.
 * @param registry where the metrics are made
 */
export function createMetricsRecorder(registry: Registry): Recorder {
  const { counter, gauge, histogram } = createInstruments(registry);
  const requests = counter(definitions.requests);
  const requestSeconds = histogram(definitions.requestSeconds);
  const inFlight = gauge(definitions.inFlight);
  const upstreamSeconds = histogram(definitions.upstreamSeconds);
  const upstreamErrors = counter(definitions.upstreamErrors);
  const webSockets = gauge(definitions.webSockets);
  const signIns = counter(definitions.signIns);
  const signOuts = counter(definitions.signOuts);
  const refreshes = counter(definitions.refreshes);
  const providerSeconds = histogram(definitions.providerSeconds);
  const providerErrors = counter(definitions.providerErrors);
  const storeSeconds = histogram(definitions.storeSeconds);
  const storeErrors = counter(definitions.storeErrors);
  const rateLimited = counter(definitions.rateLimited);
  const auditErrors = counter(definitions.auditErrors);
  const auditLost = counter(definitions.auditLost);

  const ofPortal = remembered(portal => {
    const children = OUTCOMES.map(outcome => ({
      codes: CODES.map(code => requests.labels(portal, outcome, code)),
      seconds: requestSeconds.labels(portal, outcome),
    }));
    return new Map(OUTCOMES.map((outcome, at) => [outcome, children[at]]));
  });
  const upstreamOf = remembered(portal => upstreamSeconds.labels(portal));
  const openOf = remembered(portal => webSockets.labels(portal));
  const storeOf = remembered(operation => storeSeconds.labels(operation));

  return {
    requestStarted() {
      inFlight.inc();
    },
    requestEnded(decision, status, seconds) {
      inFlight.dec();
      // What has no place, or could not be decided, is refused.
      const children = ofPortal(decision?.portal.name ?? '').get(decision?.outcome ?? 'refuse');
      children?.codes[Math.trunc(status / 100) - 1]?.inc();
      children?.seconds.observe(seconds);
    },
    upstreamAsked: () => NO_FIELDS,
    upstreamAnswered(portal, seconds, _status, failure) {
      upstreamOf(portal).observe(seconds);
      if (failure !== undefined) upstreamErrors.inc({ portal, reason: failure.replace(ANSWERED, 'answered-$1xx') });
    },
    webSocketOpened(portal) {
      openOf(portal).inc();
    },
    webSocketClosed(portal) {
      openOf(portal).dec();
    },
    providerAnswered(connection, endpoint, seconds, failure) {
      providerSeconds.observe({ connection, endpoint }, seconds);
      if (failure !== undefined) providerErrors.inc({ connection, endpoint, reason: failure });
    },
    sessionRefreshed(connection, result) {
      refreshes.inc({ connection, result });
    },
    storeAnswered(operation, seconds, failed) {
      storeOf(operation).observe(seconds);
      if (failed) storeErrors.inc({ operation });
    },
    rateLimited(kind) {
      rateLimited.inc({ kind });
    },
    signedIn(connection, result, reason) {
      signIns.inc({ connection, result, reason });
    },
    signedOut(kind) {
      signOuts.inc({ kind });
    },
    auditFailed() {
      auditErrors.inc();
    },
    auditLost(count) {
      auditLost.inc(count);
    },
  };
}

/** Makes what belongs to a name once. The names are those of the settings and the code. */
function remembered<T>(make: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return name => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const made = make(name);
    known.set(name, made);
    return made;
  };
}

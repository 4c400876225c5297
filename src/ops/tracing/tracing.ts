import type { IncomingMessage } from 'node:http';
import type { ExchangeRecorder, Recorder, SignInRecorder, StoreRecorder } from '../recorder.ts';

/** What a trace is made of. */
export type TraceRecorder = Pick<
  ExchangeRecorder & SignInRecorder & StoreRecorder,
  'requestStarted' | 'requestEnded' | 'upstreamAsked' | 'upstreamAnswered' | 'providerAnswered' | 'storeAnswered'
>;

/** Answers one request. */
type Carry<Rest extends readonly unknown[]> = (request: IncomingMessage, ...rest: Rest) => Promise<void>;

/**
 * Has what is recorded while a request is carried belong to that request.
 * @param isTrusted whether the trace that a request names is gone on with. Whoever else names one could have every request of theirs
 *   recorded, or none, and could hang them into the traces of others
 */
export type Trace = <Rest extends readonly unknown[]>(
  carry: Carry<Rest>,
  isTrusted: (request: IncomingMessage) => boolean,
) => Carry<Rest>;

/** Traces that go to a collector. */
export interface Tracing {
  readonly recorder: TraceRecorder;
  readonly trace: Trace;
  /** Resolves when what has been recorded has been sent, or cannot be. */
  close(): Promise<void>;
}

/** There is no tracing: nothing is done, and nothing costs anything. */
export const untraced: Trace = carry => carry;

/** Tells both. Fields for Halo are those of the trace. */
export function recordBoth(recorder: Recorder, traces: TraceRecorder): Recorder {
  return {
    ...recorder,
    requestStarted(requestId) {
      recorder.requestStarted(requestId);
      traces.requestStarted(requestId);
    },
    requestEnded(decision, status, seconds) {
      recorder.requestEnded(decision, status, seconds);
      traces.requestEnded(decision, status, seconds);
    },
    upstreamAsked: traces.upstreamAsked,
    upstreamAnswered(portal, seconds, status, failure) {
      recorder.upstreamAnswered(portal, seconds, status, failure);
      traces.upstreamAnswered(portal, seconds, status, failure);
    },
    providerAnswered(connection, endpoint, seconds, failure) {
      recorder.providerAnswered(connection, endpoint, seconds, failure);
      traces.providerAnswered(connection, endpoint, seconds, failure);
    },
    storeAnswered(operation, seconds, failed) {
      recorder.storeAnswered(operation, seconds, failed);
      traces.storeAnswered(operation, seconds, failed);
    },
  };
}

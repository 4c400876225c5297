import type { Portal } from '../config/index.ts';
import type { ForwardFailure, RawHeaders } from '../proxy/index.ts';
import type { ExchangeContext } from './context.ts';

/** A request to Halo that is under way, for the record. */
interface Asking {
  /** What goes with the request, beside the fields given. */
  fields(own: RawHeaders): RawHeaders;
  /** Halo has begun to answer. */
  readonly answered: () => void;
  /** It is over. @param failure of whoever. @param status of Halo's answer, where there was one */
  ended(failure: ForwardFailure | undefined, status: number | undefined): void;
}

/** Begins to measure how long Halo takes. A client that leaves or is too slow is nothing that Halo has done. */
export function askUpstream({ recorder }: Pick<ExchangeContext, 'recorder'>, { name }: Portal): Asking {
  const started = performance.now();
  let answered: number | undefined;
  const added = recorder.upstreamAsked();
  return {
    fields: own => (added.length === 0 ? own : [...own, ...added]),
    answered() {
      answered = performance.now();
    },
    ended(failure, status) {
      const failed = failure?.code === 'UPSTREAM_UNREACHABLE' || failure?.code === 'UPSTREAM_TIMEOUT';
      if (!failed && status === undefined) return;
      const seconds = ((answered ?? performance.now()) - started) / 1000;
      recorder.upstreamAnswered(name, seconds, status, failed ? failure.reason : undefined);
    },
  };
}

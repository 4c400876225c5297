import type { AuditRecorder } from '../recorder.ts';
import { toEcs } from './ecs.ts';
import type { Audit, AuditEvent } from './event.ts';
import type { AuditSink } from './sink.ts';

/** How long a refusal of a session stands for those that follow it, in milliseconds: a page asks for much, and asks again. */
const REFUSAL_TIME = 60_000;
/** How many refusals are remembered; a forgotten one is told once too often. */
const MOST_REFUSALS = 10_000;

interface AuditOptions {
  readonly sink: Pick<AuditSink, 'write'>;
  /** What is told of people is counted too. */
  readonly recorder: Pick<AuditRecorder, 'signedIn' | 'signedOut'>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Writes each event as one line of JSON; of refusals of one session at one portal, one a minute. */
export function createAudit({ sink, recorder, now = Date.now }: AuditOptions): Audit {
  const refused = new Map<string, number>();

  function isRepeated({ action, session, portal }: AuditEvent, time: number): boolean {
    if (action !== 'refusal' || session === undefined) return false;
    const key = JSON.stringify([session, portal]);
    if (time - (refused.get(key) ?? Number.NEGATIVE_INFINITY) < REFUSAL_TIME) return true;
    if (refused.size >= MOST_REFUSALS) refused.clear();
    refused.set(key, time);
    return false;
  }

  return {
    record(event) {
      const time = now();
      count(recorder, event);
      if (!isRepeated(event, time)) sink.write(`${JSON.stringify(toEcs(event, time))}\n`);
    },
  };
}

function count(
  recorder: AuditOptions['recorder'],
  { action, outcome, reason = '', connection = '' }: AuditEvent,
): void {
  if (action === 'sign-in') recorder.signedIn(connection, outcome, outcome === 'success' ? '' : reason);
  if (action === 'sign-out' && outcome === 'success') recorder.signedOut(reason);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from '../answers/index.ts';
import type { AccessRequest, Decision } from '../policy/index.ts';
import type { OurState, Visit } from '../signin/index.ts';
import type { BodyStart } from './body.ts';

/** What the `upgrade` event of node:http gives. */
export interface ClientUpgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** What is known of a request once it has a place. */
export interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly visit: Visit;
  readonly access: AccessRequest;
  readonly bodyStart?: BodyStart;
  readonly upgrade?: ClientUpgrade;
  /** The `state` of ours that a callback carries. */
  readonly ourState?: OurState;
}

/** How an exchange ended, for its log line. */
export interface Ending {
  readonly decision?: Decision;
  /** What is still to be written. */
  readonly answer?: Answer;
  /** What Halo has answered, where it was forwarded. */
  readonly status?: number;
  readonly failure?: string;
  /** One sentence for the log: why a check request could not be answered with yes. */
  readonly why?: string;
}

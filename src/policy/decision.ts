import type { Portal } from '../config/index.ts';
import type { Place } from '../portals/index.ts';

/** What a token request carries: one grant, or nothing that can be read without doubt. */
export type TokenRequest = { readonly grant: string } | { readonly unreadable: string };

/** What a decision is made on. Header names are in lower case, as node:http gives them. */
export interface AccessRequest {
  readonly method: string;
  readonly place: Place;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** An upgrade to WebSocket. */
  readonly websocket: boolean;
  /** A callback address with a `state` that opens under our secret. */
  readonly ourCallback: boolean;
  /** Given for a POST to `token` on an auth path. */
  readonly token?: TokenRequest;
  /** The client is one of `emergency.from` and it is before `emergency.until`. */
  readonly emergency: boolean;
  /** The browser has just signed out (`__Host-halogate-out`). */
  readonly signedOut: boolean;
}

export type Outcome = 'own' | 'forward' | 'identity' | 'sign-in' | 'refuse';

export type RefusalCode =
  | 'NATIVE_SIGN_IN_REFUSED'
  | 'CROSS_ORIGIN'
  | 'NOT_ADMITTED'
  | 'SIGN_IN_REQUIRED'
  | 'SIGNED_OUT';

/** A row of the table, and what follows from it. */
export interface Decision {
  /** The row: 1 to 12. */
  readonly rule: number;
  readonly outcome: Outcome;
  readonly portal: Portal;
  /** One sentence that names the reason; for `explain` and the log. */
  readonly why: string;
  /** `refuse` alone: the status and the stable code of the answer. */
  readonly status?: 401 | 403;
  readonly code?: RefusalCode;
  /** `refuse` alone: a person is looking: answer with a page, else with a problem document. */
  readonly page?: boolean;
  /** Rule 11 in a frame: the page links the address in a new window. */
  readonly framed?: boolean;
  /** Rule 4 would have refused it but for Emergency: an audit event. */
  readonly emergencyUse?: boolean;
}

/** Something that happened to people's access, worth keeping apart from the log. */
export interface AuditEvent {
  readonly action: 'sign-in' | 'refusal' | 'sign-out' | 'revocation' | 'emergency-use' | 'reload';
  readonly outcome: 'success' | 'failure';
  /** A stable code; of a sign-out its kind: `person`, `halo`, `front-channel` or `back-channel`. */
  readonly reason?: string;
  /** Which check failed; for the operator. */
  readonly detail?: string;
  /** Not done yet: it waits for the store. */
  readonly deferred?: boolean;
  readonly person?: string;
  /** The person's tenant, or the one that was turned away, so that it can be copied into the settings. */
  readonly tenant?: string;
  readonly connection?: string;
  readonly portal?: string;
  /** The id of a session, which is written as a hash: it tells which events are about the same one. */
  readonly session?: string;
  /** The client's address; left out where no request asked for it. */
  readonly client?: string;
  readonly requestId?: string;
  /** Of the settings, once they have been loaded again. */
  readonly configHash?: string;
}

/** Takes down what happened. Never throws, and nobody waits for it. */
export interface Audit {
  record(event: AuditEvent): void;
}

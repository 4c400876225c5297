/** As `explain` prints it. */
export type OutcomeName = 'own' | 'forward' | 'identity' | 'sign-in' | 'refuse';

/** What was decided of a request. */
export interface DecidedRequest {
  readonly rule: number;
  readonly outcome: OutcomeName;
  readonly portal: { readonly name: string };
}

/** What became of asking the provider about a session again. */
export type RefreshResult = 'success' | 'ended' | 'failure';

/** What is limited by client address. */
export type LimitKind = 'sign-in' | 'callback';

/** What is asked of a provider. */
export type ProviderEndpoint = 'discovery' | 'token' | 'keys' | 'graph';

/** Why a provider has not answered as it should: too late, not at all, or with a status that says so. */
export type ProviderFailure = 'timeout' | 'network' | 'throttled' | '4xx' | '5xx';

/**
 * What carrying requests tells of its work, for metrics and traces. Durations are in seconds. Every text is one that the settings or the
 * code name: nothing that a stranger sends.
 */
export interface ExchangeRecorder {
  /** A request has arrived. @param requestId by which the log knows it */
  requestStarted(requestId: string): void;
  /**
   * It has been answered.
   * @param decision undefined where none was made: it has no place, or the store could not be asked
   * @param status of the answer; 499 where the client left before there was one
   */
  requestEnded(decision: DecidedRequest | undefined, status: number, seconds: number): void;
  /**
   * Halo is about to be asked.
   * @returns header fields, name and value in turn, that go with the request
   */
  upstreamAsked(): readonly string[];
  /**
   * Halo has begun to answer, or has failed to: before its answer, or in the middle of it.
   * @param seconds to the first byte, or to the failure where there was none
   * @param status undefined without an answer
   */
  upstreamAnswered(portal: string, seconds: number, status: number | undefined, failure?: string): void;
  webSocketOpened(portal: string): void;
  webSocketClosed(portal: string): void;
}

/** What signing in tells of its work. */
export interface SignInRecorder {
  /** An answer of a connection's provider, or of Microsoft Graph, or none. */
  providerAnswered(connection: string, endpoint: ProviderEndpoint, seconds: number, failure?: ProviderFailure): void;
  /** The provider has been asked about a session again. */
  sessionRefreshed(connection: string, result: RefreshResult): void;
}

/** What the session store tells of its work. */
export interface StoreRecorder {
  storeAnswered(operation: string, seconds: number, failed: boolean): void;
}

/** What limits tell of their work. */
export interface LimitRecorder {
  /** A client has asked too often. */
  rateLimited(kind: LimitKind): void;
}

/** What the audit log tells of its work. */
export interface AuditRecorder {
  /** @param connection empty where it is not known which. @param reason a code; empty where it succeeded */
  signedIn(connection: string, result: 'success' | 'failure', reason: string): void;
  signedOut(kind: string): void;
  /** Events could not be written, and are tried again. */
  auditFailed(): void;
  /** Events are lost. */
  auditLost(count: number): void;
}

export interface Recorder extends ExchangeRecorder, SignInRecorder, StoreRecorder, LimitRecorder, AuditRecorder {}

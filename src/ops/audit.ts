import type { FastifyBaseLogger } from 'fastify';

/** Something that happened to a person's access, worth keeping apart from the log. */
export interface AuditEvent {
  readonly action: 'sign-in' | 'sign-out' | 'revocation' | 'native-sign-in-refused' | 'emergency-use';
  readonly outcome: 'success' | 'failure';
  /** A stable code; the kind of sign-out. */
  readonly reason?: string;
  /** Which check failed; for the operator. */
  readonly detail?: string;
  readonly person?: string;
  /** The tenant that was turned away, so that it can be copied into the settings. */
  readonly tenant?: string;
  readonly connection?: string;
  readonly portal?: string;
  /** Left out where no request asked for it. */
  readonly client?: string;
  readonly requestId?: string;
}

export interface Audit {
  record(event: AuditEvent): void;
}

/** Writes audit events beside the log, under the Elastic Common Schema's names. */
export function createAudit(log: FastifyBaseLogger): Audit {
  // Whoever wants a quiet log still wants these.
  const audit = log.child({}, { level: 'info' });
  return {
    record(event) {
      audit.info(
        {
          event: {
            kind: 'event',
            category: ['authentication', 'session'],
            action: event.action,
            outcome: event.outcome,
            reason: event.reason,
          },
          user: { id: event.person },
          organization: { id: event.tenant },
          source: { ip: event.client },
          halogate: { connection: event.connection, portal: event.portal, detail: event.detail },
          http: { request: { id: event.requestId } },
        },
        'audit',
      );
    },
  };
}

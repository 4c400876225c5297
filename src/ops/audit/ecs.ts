import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { AuditEvent } from './event.ts';

/** The version of the Elastic Common Schema whose names are used. */
const ECS_VERSION = '8.17.0';
/** What tells audit events from log lines on the same stream. */
const DATASET = 'halogate.audit';

/** What kind of event each is, in the schema's own words: `event.category` and `event.type`. */
const KINDS: Readonly<Record<AuditEvent['action'], readonly [categories: readonly string[], type: string]>> = {
  'sign-in': [['authentication', 'session'], 'start'],
  refusal: [['authentication'], 'denied'],
  'sign-out': [['authentication', 'session'], 'end'],
  revocation: [['session'], 'end'],
  'emergency-use': [['authentication'], 'allowed'],
  reload: [['configuration'], 'change'],
};

/** An event as it is written: nested objects of names of the Elastic Common Schema; `halogate` holds what that has no names for. */
export function toEcs(event: AuditEvent, now: number): object {
  const [category, type] = KINDS[event.action];
  return {
    '@timestamp': new Date(now).toISOString(),
    ecs: { version: ECS_VERSION },
    event: {
      dataset: DATASET,
      kind: 'event',
      category,
      type: [type],
      action: event.action,
      outcome: event.outcome,
      ...given('reason', event.reason),
    },
    ...group('user', given('id', event.person)),
    ...group('organization', given('id', event.tenant)),
    ...group('source', given('ip', addressOf(event.client))),
    ...group('http', group('request', given('id', event.requestId))),
    ...group('halogate', {
      ...given('connection', event.connection),
      ...given('portal', event.portal),
      ...group('session', given('hash', event.session && hashOf(event.session))),
      ...group('config', given('hash', event.configHash)),
      ...given('detail', event.detail),
      ...(event.deferred ? { deferred: true } : {}),
    }),
  };
}

/** Names a session to whoever compares events, and nobody finds it in the store by that. */
function hashOf(session: string): string {
  return createHash('sha256').update(session).digest('hex').slice(0, 32);
}

/** The schema takes nothing but an address there. */
function addressOf(client: string | undefined): string | undefined {
  return client !== undefined && isIP(client) !== 0 ? client : undefined;
}

function given(name: string, value: string | undefined): object {
  return value === undefined || value === '' ? {} : { [name]: value };
}

function group(name: string, fields: object): object {
  return Object.keys(fields).length === 0 ? {} : { [name]: fields };
}

/** What a metric's name, labels and meaning are: the registry, the reference page and the checks of alerts are made of this. */
export interface Definition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Without the prefix. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly LabelName[];
  /** Upper bounds of a histogram, in seconds. */
  readonly buckets?: readonly number[];
}

export const PREFIX = 'halogate_';

/** What a label's values are. Each is bounded: by the code, or by the settings. */
export const labels = {
  portal: 'the name of a portal of the settings; empty where no portal was decided on',
  outcome: '`own`, `forward`, `identity`, `sign-in` or `refuse`, as `halogate explain` prints it',
  code: '`1xx` to `5xx`; `4xx` too where the client left before it was answered',
  connection: 'the name of a connection of the settings; empty where it is not known which',
  result: 'what came of it: `success` or `failure`; of a refresh also `ended`, where the session was not to go on',
  reason: 'a stable word or code for what went wrong; empty where nothing did',
  kind: 'of a sign-out `person`, `halo`, `front-channel` or `back-channel`; of a limit `sign-in` or `callback`',
  endpoint: '`discovery`, `token`, `keys` or `graph`',
  operation: 'what was asked of the store, such as `read`, `create`, `touch`, `delete` or `ping`',
  source: '`settings` or `csp`',
  hash: 'SHA-256 of the settings',
  version: 'of Halogate',
  node: 'the version of Node.js',
} as const;

export type LabelName = keyof typeof labels;

/** From a cached answer to `halo.timeout` and long polling. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** From Redis beside the gateway to the time in which it has to answer. */
const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2];
/** To the time in which a provider has to answer. */
const PROVIDER_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const definitions = {
  requests: {
    type: 'counter',
    name: 'http_requests_total',
    help: 'Requests on the public listener that have been answered.',
    labels: ['portal', 'outcome', 'code'],
  },
  requestSeconds: {
    type: 'histogram',
    name: 'http_request_duration_seconds',
    help: 'From the head of a request to the end of its answer; of a WebSocket, to its opening.',
    labels: ['portal', 'outcome'],
    buckets: REQUEST_SECONDS,
  },
  inFlight: {
    type: 'gauge',
    name: 'http_requests_in_flight',
    help: 'Requests that are being answered now, without open WebSockets.',
    labels: [],
  },
  upstreamSeconds: {
    type: 'histogram',
    name: 'upstream_request_duration_seconds',
    help: 'How long Halo took to begin its answer, or to fail to.',
    labels: ['portal'],
    buckets: REQUEST_SECONDS,
  },
  upstreamErrors: {
    type: 'counter',
    name: 'upstream_errors_total',
    help: 'Requests that Halo has not answered, or not to the end.',
    labels: ['portal', 'reason'],
  },
  webSockets: { type: 'gauge', name: 'websockets_open', help: 'WebSockets that are open now.', labels: ['portal'] },
  signIns: {
    type: 'counter',
    name: 'sign_ins_total',
    help: 'Sign-ins that came back from the provider or could not be begun. The reasons of failures are those of the pages.',
    labels: ['connection', 'result', 'reason'],
  },
  signOuts: {
    type: 'counter',
    name: 'sign_outs_total',
    help: "Sign-outs: on the gateway's own page, by Halo's, or told by the provider.",
    labels: ['kind'],
  },
  refreshes: {
    type: 'counter',
    name: 'session_refreshes_total',
    help: 'How often a provider was asked whether a person still may. After a failure the session is kept for a while.',
    labels: ['connection', 'result'],
  },
  sessions: {
    type: 'gauge',
    name: 'sessions_active',
    help: 'Sessions that this replica has seen and that have not ended: a person may be counted by several replicas.',
    labels: [],
  },
  providerSeconds: {
    type: 'histogram',
    name: 'provider_request_duration_seconds',
    help: 'How long an identity provider, or Microsoft Graph, took to answer.',
    labels: ['connection', 'endpoint'],
    buckets: PROVIDER_SECONDS,
  },
  providerErrors: {
    type: 'counter',
    name: 'provider_errors_total',
    help: 'Requests to a provider that were not answered as they should be. A refused code or refresh token is no error.',
    labels: ['connection', 'endpoint', 'reason'],
  },
  storeSeconds: {
    type: 'histogram',
    name: 'store_operation_duration_seconds',
    help: 'How long the session store took to answer, errors included.',
    labels: ['operation'],
    buckets: STORE_SECONDS,
  },
  storeErrors: {
    type: 'counter',
    name: 'store_errors_total',
    help: 'Operations that the session store has not answered.',
    labels: ['operation'],
  },
  rateLimited: {
    type: 'counter',
    name: 'rate_limited_total',
    help: 'Requests that were refused because a client had asked too often.',
    labels: ['kind'],
  },
  tenants: {
    type: 'gauge',
    name: 'tenants',
    help: 'Tenants that a multi-tenant connection admits.',
    labels: ['connection', 'source'],
  },
  tenantsRead: {
    type: 'gauge',
    name: 'tenants_read_timestamp_seconds',
    help: "When the list of a partner's customers was last read; 0 where it never was.",
    labels: ['connection'],
  },
  credentialEnds: {
    type: 'gauge',
    name: 'credential_expiry_timestamp_seconds',
    help: 'When the certificate of a connection ends. Of a client secret only the provider knows.',
    labels: ['connection'],
  },
  auditErrors: {
    type: 'counter',
    name: 'audit_write_errors_total',
    help: 'Failed attempts to write to the audit log. What could not be written is tried again.',
    labels: [],
  },
  auditLost: {
    type: 'counter',
    name: 'audit_events_lost_total',
    help: 'Audit events that were never written, because writing failed for too long.',
    labels: [],
  },
  reloadSuccessful: {
    type: 'gauge',
    name: 'config_last_reload_successful',
    help: '1 where the settings were good when they were last read, 0 where the former ones are still in use.',
    labels: [],
  },
  reloadedAt: {
    type: 'gauge',
    name: 'config_last_reload_success_timestamp_seconds',
    help: 'When the settings in use were read.',
    labels: [],
  },
  config: {
    type: 'gauge',
    name: 'config_info',
    help: 'Always 1: which settings are in use. Replicas with the same settings have the same hash.',
    labels: ['hash'],
  },
  build: { type: 'gauge', name: 'build_info', help: 'Always 1: what is running.', labels: ['version', 'node'] },
} as const satisfies Readonly<Record<string, Definition>>;

/** The series that Prometheus has of a metric. */
export function seriesOf({ name, type }: Pick<Definition, 'name' | 'type'>): readonly string[] {
  const full = PREFIX + name;
  return type === 'histogram' ? [`${full}_bucket`, `${full}_count`, `${full}_sum`] : [full];
}

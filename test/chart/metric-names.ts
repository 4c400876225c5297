/** The metrics of the gateway, without the prefix `halogate_`; a histogram has three series. */
const COUNTERS_AND_GAUGES = [
  'http_requests_total',
  'http_requests_in_flight',
  'upstream_errors_total',
  'websockets_open',
  'sign_ins_total',
  'sign_outs_total',
  'session_refreshes_total',
  'sessions_active',
  'provider_errors_total',
  'store_errors_total',
  'rate_limited_total',
  'tenants',
  'config_last_reload_successful',
  'config_last_reload_success_timestamp_seconds',
  'config_info',
  'build_info',
];
const HISTOGRAMS = [
  'http_request_duration_seconds',
  'upstream_request_duration_seconds',
  'provider_request_duration_seconds',
  'store_operation_duration_seconds',
];

/** Every series that an alert or a panel may ask for. */
export const series: ReadonlySet<string> = new Set([
  ...COUNTERS_AND_GAUGES.map(name => `halogate_${name}`),
  ...HISTOGRAMS.flatMap(name => ['bucket', 'count', 'sum'].map(part => `halogate_${name}_${part}`)),
]);

/** The series of the gateway that an expression of Prometheus names. */
export function seriesIn(expression: string): readonly string[] {
  // What stands in quotes is the value of a label.
  return expression.replace(/"[^"]*"/g, '""').match(/\bhalogate_\w+/g) ?? [];
}

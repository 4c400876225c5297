{{- /* What all alerts look at: the pods of this release. */ -}}
{{- define "halogate.metricsSelector" -}}
{{- default (printf `namespace="%s",job="%s-ops"` .Release.Namespace (include "halogate.fullname" .)) .Values.prometheusRule.selector -}}
{{- end -}}

{{- /* A list of alerts. docs/alerts.md has a section for each. Braces of Prometheus's own templates are written as texts. */ -}}
{{- define "halogate.alerts" -}}
{{- $pods := include "halogate.metricsSelector" . }}
{{- $budget := subf 1 (divf .Values.prometheusRule.availability 100) }}
{{- range list (dict "name" "Fast" "long" "1h" "short" "5m" "factor" 14.4 "for" "2m" "severity" "critical") (dict "name" "Slow" "long" "6h" "short" "30m" "factor" 6.0 "for" "15m" "severity" "warning") }}
{{- $threshold := mulf .factor $budget | printf "%.6f" }}
- alert: HalogateErrorBudget{{ .name }}Burn
  expr: |
    sum(rate(halogate_http_requests_total{ {{- $pods }},code="5xx"}[{{ .long }}]))
      / sum(rate(halogate_http_requests_total{ {{- $pods }}}[{{ .long }}])) > {{ $threshold }}
    and
    sum(rate(halogate_http_requests_total{ {{- $pods }},code="5xx"}[{{ .short }}]))
      / sum(rate(halogate_http_requests_total{ {{- $pods }}}[{{ .short }}])) > {{ $threshold }}
  for: {{ .for }}
  severity: {{ .severity }}
  summary: Answers with 5xx use up the error budget of {{ $.Values.prometheusRule.availability }} % {{ .factor }} times too fast.
{{- end }}
- alert: HalogateAbsent
  expr: absent(halogate_build_info{ {{- $pods }}})
  for: 5m
  severity: critical
  summary: No gateway can be asked for its metrics.
- alert: HalogateUpstreamErrors
  expr: |
    sum by (portal) (rate(halogate_upstream_errors_total{ {{- $pods }}}[5m]))
      / sum by (portal) (rate(halogate_http_requests_total{ {{- $pods }},outcome=~"forward|identity"}[5m])) > 0.05
  for: 10m
  severity: critical
  summary: {{ `"Halo does not answer more than 5 % of the requests to the portal {{ $labels.portal }}."` }}
- alert: HalogateSignInsFail
  expr: |
    sum(rate(halogate_sign_ins_total{ {{- $pods }},result!="success"}[15m]))
      / sum(rate(halogate_sign_ins_total{ {{- $pods }}}[15m])) > 0.5
    and sum(increase(halogate_sign_ins_total{ {{- $pods }}}[15m])) > 10
  for: 5m
  severity: warning
  summary: More than half of all sign-ins fail.
- alert: HalogateSignInMisconfigured
  expr: sum by (connection) (increase(halogate_sign_ins_total{ {{- $pods }},reason="SIGN_IN_MISCONFIGURED"}[15m])) > 0
  for: 1m
  severity: critical
  summary: {{ `"The provider of {{ $labels.connection }} refuses the gateway itself: nobody can sign in through it."` }}
- alert: HalogateCredentialExpires
  expr: min by (connection) (halogate_credential_expiry_timestamp_seconds{ {{- $pods }}}) - time() < 14 * 86400
  for: 1h
  severity: warning
  summary: {{ `"The certificate of the connection {{ $labels.connection }} ends within two weeks."` }}
- alert: HalogateProviderUnavailable
  expr: |
    sum by (connection) (rate(halogate_provider_errors_total{ {{- $pods }}}[5m]))
      / sum by (connection) (rate(halogate_provider_request_duration_seconds_count{ {{- $pods }}}[5m])) > 0.5
  for: 5m
  severity: critical
  summary: {{ `"More than half of the requests to the identity provider of {{ $labels.connection }} fail."` }}
{{- /* The list is read once a day at least. */}}
- alert: HalogateCustomersStale
  expr: time() - max by (connection) (halogate_tenants_read_timestamp_seconds{ {{- $pods }}}) > 27 * 3600
  for: 10m
  severity: warning
  summary: {{ `"The list of customers of {{ $labels.connection }} has not been read for more than a day."` }}
- alert: HalogateStoreErrors
  expr: |
    sum(rate(halogate_store_errors_total{ {{- $pods }}}[5m]))
      / sum(rate(halogate_store_operation_duration_seconds_count{ {{- $pods }}}[5m])) > 0.01
  for: 5m
  severity: critical
  summary: More than 1 % of the operations on the session store fail.
- alert: HalogateStoreSlow
  expr: |
    histogram_quantile(0.99, sum by (le) (rate(halogate_store_operation_duration_seconds_bucket{ {{- $pods }}}[5m]))) > 0.25
  for: 10m
  severity: warning
  summary: One in a hundred operations on the session store takes longer than 250 ms.
- alert: HalogateAuditFails
  expr: |
    increase(halogate_audit_write_errors_total{ {{- $pods }}}[10m]) > 0
    or increase(halogate_audit_events_lost_total{ {{- $pods }}}[10m]) > 0
  for: 5m
  severity: warning
  summary: {{ `"{{ $labels.pod }} cannot write its audit log."` }}
- alert: HalogateReloadFailed
  expr: min by (pod) (halogate_config_last_reload_successful{ {{- $pods }}}) == 0
  for: 5m
  severity: warning
  summary: {{ `"{{ $labels.pod }} goes on with its former settings: the new ones are wrong."` }}
{{- /* The kubelets hand a ConfigMap on within some two minutes of one another. */}}
- alert: HalogateSettingsDiffer
  expr: count(count by (hash) (halogate_config_info{ {{- $pods }}})) > 1
  for: 15m
  severity: warning
  summary: Replicas run with different settings.
{{- end -}}

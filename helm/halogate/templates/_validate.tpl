{{- /* What the schema cannot see: values that are right one by one and wrong together. */ -}}
{{- define "halogate.validate" -}}
{{- $most := ternary .Values.autoscaling.maxReplicas .Values.replicaCount .Values.autoscaling.enabled | int -}}
{{- if and (gt $most 1) (not (include "halogate.sharesSessions" .)) -}}
{{- fail "more than one replica needs config.session.redis: without it each replica knows its own sessions alone" -}}
{{- end -}}
{{- $deadline := include "halogate.seconds" (dig "drain" "deadline" "25s" .Values.config) | int -}}
{{- if le (int .Values.terminationGracePeriodSeconds) $deadline -}}
{{- fail (printf "terminationGracePeriodSeconds (%d) has to be more than config.drain.deadline (%ds), or the drain is cut short" (int .Values.terminationGracePeriodSeconds) $deadline) -}}
{{- end -}}
{{- if and .Values.ca.trust (not (or .Values.ca.existingSecret .Values.ca.existingConfigMap)) -}}
{{- fail "ca.trust needs ca.existingSecret or ca.existingConfigMap" -}}
{{- end -}}
{{- if and .Values.existingSecretMountPath (not .Values.existingSecret) -}}
{{- fail "existingSecretMountPath needs existingSecret" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- fail "httpRoute.parentRefs is required: the Gateway that the route belongs to" -}}
{{- end -}}
{{- if and (or .Values.metrics.serviceMonitor.enabled .Values.prometheusRule.enabled) (not .Values.metrics.enabled) -}}
{{- fail "metrics.serviceMonitor and prometheusRule need metrics.enabled" -}}
{{- end -}}
{{- end -}}

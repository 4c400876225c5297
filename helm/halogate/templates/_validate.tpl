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
{{- include "halogate.validateAuditFile" . -}}
{{- include "halogate.validateEgress" . -}}
{{- if and (or .Values.metrics.serviceMonitor.enabled .Values.prometheusRule.enabled) (not .Values.metrics.enabled) -}}
{{- fail "metrics.serviceMonitor and prometheusRule need metrics.enabled" -}}
{{- end -}}
{{- end -}}

{{- /* Where the root is read-only, a file can be written only to what is mounted. */ -}}
{{- define "halogate.validateAuditFile" -}}
{{- $file := dig "audit" "file" "" .Values.config -}}
{{- if and $file .Values.securityContext.readOnlyRootFilesystem -}}
{{- $there := false -}}
{{- range .Values.extraVolumeMounts -}}
{{- if and (not .readOnly) (hasPrefix (printf "%s/" (trimSuffix "/" .mountPath)) $file) }}{{ $there = true }}{{ end -}}
{{- end -}}
{{- if not $there -}}
{{- fail (printf "config.audit.file (%s) cannot be written: mount a volume there by extraVolumes and extraVolumeMounts, or leave it out, and the audit log goes to standard output" $file) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "halogate.validateEgress" -}}
{{- if .Values.networkPolicy.enabled -}}
{{- $root := . -}}
{{- range $name, $configured := include "halogate.configuredPorts" . | fromJson -}}
{{- $open := list -}}
{{- range include "halogate.egressPorts" (list $name $root) | fromJsonArray }}{{ $open = append $open (toString .) }}{{ end -}}
{{- range $configured -}}
{{- if not (has . $open) -}}
{{- fail (printf "networkPolicy.egress.%s.ports lacks %s, which config names: the pods would not get there" $name .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Names of the environment variables that a value asks for by {env: NAME}, a line each. */ -}}
{{- define "halogate.envNamesIn" -}}
{{- if kindIs "map" . -}}
{{- if and (eq (len .) 1) (hasKey . "env") }}
{{ .env }}
{{- else -}}
{{- range . }}{{ include "halogate.envNamesIn" . }}{{ end -}}
{{- end -}}
{{- else if kindIs "slice" . -}}
{{- range . }}{{ include "halogate.envNamesIn" . }}{{ end -}}
{{- end -}}
{{- end -}}

{{- /* Those that the Secret has to give: all but what extraEnv sets. A JSON list. */ -}}
{{- define "halogate.secretEnvNames" -}}
{{- $wanted := include "halogate.envNamesIn" .Values.config | trim | splitList "\n" -}}
{{- $wanted = concat $wanted (keys .Values.existingSecretKeys) | uniq | compact | sortAlpha -}}
{{- $given := list -}}
{{- range .Values.extraEnv }}{{ $given = append $given .name }}{{ end -}}
{{- $missing := list -}}
{{- range $wanted }}{{ if not (has . $given) }}{{ $missing = append $missing . }}{{ end }}{{ end -}}
{{- toJson $missing -}}
{{- end -}}

{{- /* The container's environment. */ -}}
{{- define "halogate.env" -}}
{{- $secret := .Values.existingSecret -}}
{{- $keys := .Values.existingSecretKeys -}}
{{- $names := include "halogate.secretEnvNames" . | fromJsonArray -}}
{{- if $secret }}
{{- range $names }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $secret | quote }}, key: {{ default . (get $keys .) | quote }} } }
{{- end }}
{{- else if and $names (not .Values.extraEnvFrom) }}
{{- fail (printf "nothing gives %s: name a Secret in existingSecret, or set it in extraEnv or extraEnvFrom" (join ", " $names)) }}
{{- end }}
{{- if .Values.ca.trust }}
- name: NODE_EXTRA_CA_CERTS
  value: {{ printf "%s/%s" .Values.ca.mountPath .Values.ca.key | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

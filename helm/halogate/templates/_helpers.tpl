{{- define "halogate.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* At most 57: "-ops" and "-test" are put behind it. */ -}}
{{- define "halogate.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 57 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 57 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* Fixed for ever: those of a Deployment cannot be changed. */ -}}
{{- define "halogate.selectorLabels" -}}
app.kubernetes.io/name: {{ include "halogate.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "halogate.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: halogate
{{- end -}}

{{- /* (list labels… $): of the same label the first counts; what selects is the chart's own. */ -}}
{{- define "halogate.labels" -}}
{{- $root := last . -}}
{{- $labels := include "halogate.selectorLabels" $root | fromYaml -}}
{{- range initial . }}{{ $labels = merge $labels (default dict .) }}{{ end -}}
{{- merge $labels $root.Values.commonLabels (include "halogate.commonLabels" $root | fromYaml) | toYaml -}}
{{- end -}}

{{- /* name, labels and annotations of an object: (dict "root" $ "suffix" "-ops" "labels" … "annotations" …) */ -}}
{{- define "halogate.metadata" -}}
name: {{ include "halogate.fullname" .root }}{{ .suffix }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "halogate.labels" (list .labels .root) | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "halogate.serviceAccountName" -}}
{{- default (ternary (include "halogate.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "halogate.image" -}}
{{- $image := .Values.image -}}
{{- if not $image.registry -}}
{{- fail "image.registry is required: build the image (docs/image.md), push it, and say where it lies" -}}
{{- end -}}
{{- $name := printf "%s/%s" (trimSuffix "/" $image.registry) $image.repository -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{- /* The port of an address such as 0.0.0.0:8080. */ -}}
{{- define "halogate.port" -}}
{{- regexFind "[0-9]+$" . -}}
{{- end -}}

{{- /* What running gateways cannot load (src/config/fixed.ts), as far as the values tell. JSON. */ -}}
{{- define "halogate.fixedSettings" -}}
{{- $config := .Values.config -}}
{{- $fixed := pick $config "listen" "opsListen" "audit" "tracing" -}}
{{- merge (dict "tls" (hasKey $config "tls") "redis" (dig "session" "redis" dict $config)) $fixed | toJson -}}
{{- end -}}

{{- /* The annotation by which ingress-nginx speaks TLS to a gateway that does. */ -}}
{{- define "halogate.backendProtocol" -}}
{{- if hasKey .Values.config "tls" }}nginx.ingress.kubernetes.io/backend-protocol: HTTPS{{ end -}}
{{- end -}}

{{- /* How many replicas there are at least. */ -}}
{{- define "halogate.leastReplicas" -}}
{{- ternary .Values.autoscaling.minReplicas .Values.replicaCount .Values.autoscaling.enabled -}}
{{- end -}}

{{- /* Whether sessions are in Redis, as far as the values tell: a ConfigMap of somebody else's cannot be looked into. */ -}}
{{- define "halogate.sharesSessions" -}}
{{- if or .Values.existingConfigMap (dig "session" "redis" "" .Values.config) -}}true{{- end -}}
{{- end -}}

{{- /* The hosts of config.portals, each once, without a port: a JSON list. */ -}}
{{- define "halogate.portalHosts" -}}
{{- $hosts := list -}}
{{- range .Values.config.portals -}}
{{- $hosts = append $hosts (regexReplaceAll ":[0-9]+$" (urlParse .url).host "" | lower) -}}
{{- end -}}
{{- uniq $hosts | toJson -}}
{{- end -}}

{{- /* (list given "ingress.hosts" $): the hosts that were given, else the portals'. A JSON list. */ -}}
{{- define "halogate.hosts" -}}
{{- $hosts := default (include "halogate.portalHosts" (index . 2) | fromJsonArray) (index . 0) -}}
{{- if not $hosts -}}
{{- fail (printf "%s is required: with existingConfigMap the hosts of the portals are not known here" (index . 1)) -}}
{{- end -}}
{{- toJson $hosts -}}
{{- end -}}

{{- /* Seconds of a duration such as 500ms, 30s, 15m, 12h, rounded up. */ -}}
{{- define "halogate.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- if eq $unit "ms" -}}{{- div (add $number 999) 1000 -}}
{{- else -}}{{- mul $number (get (dict "s" 1 "m" 60 "h" 3600) $unit) -}}
{{- end -}}
{{- end -}}

{{- /* Other than those of the gateway's pods, or the Services would send requests to the test. */ -}}
{{- define "halogate.testLabels" -}}
app.kubernetes.io/name: {{ include "halogate.name" . }}-test
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

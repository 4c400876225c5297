{{- /* The port that an address leads to, given or by its scheme. */ -}}
{{- define "halogate.urlPort" -}}
{{- $url := urlParse . -}}
{{- $given := regexFind ":[0-9]+$" $url.host | trimPrefix ":" -}}
{{- default (get (dict "http" "80" "https" "443" "redis" "6379" "rediss" "6379") (lower $url.scheme)) $given -}}
{{- end -}}

{{- /* The ports that `config` names, by the rule of networkPolicy.egress that has to let them through: a JSON map of lists of texts. */ -}}
{{- define "halogate.configuredPorts" -}}
{{- $config := .Values.config -}}
{{- $halo := list -}}
{{- range prepend (default list $config.portals) (dict "upstream" (dig "halo" "upstream" "" $config)) -}}
{{- with .upstream -}}{{- $halo = append $halo (include "halogate.urlPort" (ternary . (get (ternary dict . (kindIs "string" .)) "url") (kindIs "string" .))) -}}{{- end -}}
{{- end -}}
{{- $provider := list -}}
{{- $graph := list -}}
{{- range $config.connections -}}
{{- if eq (default "entra" .provider) "entra" -}}
{{- $provider = append $provider (include "halogate.urlPort" (default "https://login.microsoftonline.com" .authority)) -}}
{{- $graph = append $graph (include "halogate.urlPort" (default "https://graph.microsoft.com" .graph)) -}}
{{- else -}}
{{- $provider = append $provider (include "halogate.urlPort" .issuer) -}}
{{- end -}}
{{- end -}}
{{- $redis := list -}}
{{- with dig "session" "redis" "" $config -}}
{{- if .entra }}{{ $provider = append $provider "443" }}{{ end -}}
{{- if kindIs "string" .url }}{{ $redis = append $redis (include "halogate.urlPort" .url) }}{{ end -}}
{{- range concat (default list .cluster) (dig "sentinel" "nodes" list .) }}{{ $redis = append $redis (regexFind "[0-9]+$" .) }}{{ end -}}
{{- end -}}
{{- dict "provider" (uniq $provider) "graph" (uniq $graph) "redis" (uniq $redis) "halo" (uniq $halo) | toJson -}}
{{- end -}}

{{- /* (list "redis" $): the ports of a rule of networkPolicy.egress: those that were given, else those of `config`, else the usual ones. A JSON list. */ -}}
{{- define "halogate.egressPorts" -}}
{{- $root := index . 1 -}}
{{- $name := index . 0 -}}
{{- $ports := get (get $root.Values.networkPolicy.egress $name) "ports" -}}
{{- if not $ports -}}
{{- $ports = get (include "halogate.configuredPorts" $root | fromJson) $name -}}
{{- /* Sentinels tell where Redis is; mostly it is there. */ -}}
{{- if and (eq $name "redis") (dig "session" "redis" "sentinel" "" $root.Values.config) }}{{ $ports = append $ports "6379" | uniq }}{{ end -}}
{{- end -}}
{{- default (get (dict "dns" (list "53") "provider" (list "443") "graph" (list "443") "redis" (list "6379") "halo" (list "80" "443")) $name) $ports | toJson -}}
{{- end -}}

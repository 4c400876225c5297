import type { Schema } from './settings-schema.ts';
import { choice, count, flag, map, only, portOrNothing, text, texts } from './words.ts';

/** Parts of Kubernetes' own API: the cluster knows best what may stand in them. */
const kubernetes = { type: 'object' } as const;
const kubernetesList = { type: 'array', items: kubernetes } as const;

const labelled = { labels: map, annotations: map };
const probe = only({
  initialDelaySeconds: count,
  periodSeconds: count,
  timeoutSeconds: count,
  failureThreshold: count,
  successThreshold: count,
});
const amount = { anyOf: [{ type: 'null' }, count, { type: 'string', pattern: '^[0-9]{1,3}%$' }] };
const percentage = { anyOf: [{ type: 'null' }, { type: 'integer', minimum: 1 }] };
const duration = { type: 'string', pattern: '^[0-9]+(ms|s|m|h)$' };
const host = { type: 'string', pattern: '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$' };
const path = { type: 'string', pattern: '^/[^\\s]+$' };
const pathOrNothing = { type: 'string', pattern: '^(/[^\\s]+)?$' };
const egress = only({
  to: kubernetesList,
  ports: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 65535 } },
});

const values = {
  global: kubernetes,
  replicaCount: count,
  revisionHistoryLimit: count,
  updateStrategy: only({ type: choice('RollingUpdate', 'Recreate'), rollingUpdate: kubernetes }),
  nameOverride: text,
  fullnameOverride: text,
  commonLabels: map,
  image: only({
    registry: text,
    repository: { type: 'string', minLength: 1 },
    tag: text,
    digest: { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
    pullPolicy: choice('Always', 'IfNotPresent', 'Never'),
  }),
  imagePullSecrets: { type: 'array', items: { ...only({ name: text }), required: ['name'] } },
  config: { type: 'object' },
  existingConfigMap: text,
  existingSecret: text,
  existingSecretKeys: { ...map, propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' } },
  existingSecretMountPath: pathOrNothing,
  workloadIdentity: only({ enabled: flag, clientId: text, tenantId: text }),
  tls: only({ existingSecret: text, mountPath: path }),
  ca: {
    ...only({ existingSecret: text, existingConfigMap: text, key: text, mountPath: path, trust: flag }),
    not: { properties: { existingSecret: { minLength: 1 }, existingConfigMap: { minLength: 1 } } },
  },
  serviceAccount: only({ create: flag, name: text, ...labelled, automountServiceAccountToken: flag }),
  podAnnotations: map,
  podLabels: map,
  podSecurityContext: kubernetes,
  securityContext: kubernetes,
  resources: only({ requests: kubernetes, limits: kubernetes, claims: kubernetesList }),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  terminationGracePeriodSeconds: count,
  minReadySeconds: count,
  priorityClassName: text,
  nodeSelector: map,
  tolerations: kubernetesList,
  affinity: kubernetes,
  topologySpreadConstraints: kubernetesList,
  hostAliases: kubernetesList,
  dnsPolicy: text,
  dnsConfig: kubernetes,
  extraEnv: { type: 'array', items: { type: 'object', required: ['name'] } },
  extraEnvFrom: kubernetesList,
  extraVolumes: kubernetesList,
  extraVolumeMounts: kubernetesList,
  extraObjects: { type: 'array', items: { type: ['object', 'string'] } },
  service: only({
    type: choice('ClusterIP', 'NodePort', 'LoadBalancer'),
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    nodePort: portOrNothing,
    ...labelled,
    externalTrafficPolicy: choice('', 'Cluster', 'Local'),
    loadBalancerSourceRanges: texts,
  }),
  ingress: only({
    enabled: flag,
    className: text,
    ...labelled,
    hosts: { type: 'array', items: host },
    tls: { type: 'array', items: only({ secretName: text, hosts: texts }) },
  }),
  httpRoute: only({
    enabled: flag,
    ...labelled,
    parentRefs: { type: 'array', items: { type: 'object', required: ['name'] } },
    hostnames: { type: 'array', items: host },
    timeouts: only({ request: duration, backendRequest: duration }),
  }),
  autoscaling: only({
    enabled: flag,
    minReplicas: { type: 'integer', minimum: 1 },
    maxReplicas: { type: 'integer', minimum: 1 },
    targetCPUUtilizationPercentage: percentage,
    targetMemoryUtilizationPercentage: percentage,
    metrics: kubernetesList,
    behavior: kubernetes,
  }),
  podDisruptionBudget: only({ enabled: flag, minAvailable: amount, maxUnavailable: amount }),
  networkPolicy: only({
    enabled: flag,
    ingress: only({ http: kubernetesList, ops: kubernetesList }),
    egress: only({ dns: egress, provider: egress, graph: egress, redis: egress, halo: egress, extra: kubernetesList }),
  }),
  metrics: only({
    enabled: flag,
    service: only(labelled),
    serviceMonitor: only({
      enabled: flag,
      ...labelled,
      interval: duration,
      scrapeTimeout: duration,
      relabelings: kubernetesList,
      metricRelabelings: kubernetesList,
    }),
  }),
  prometheusRule: only({
    enabled: flag,
    ...labelled,
    selector: text,
    availability: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 100 },
    disabled: texts,
    runbookBaseUrl: text,
    extraGroups: kubernetesList,
  }),
  grafanaDashboard: only({ enabled: flag, ...labelled }),
  test: only({ annotations: map }),
};

/**
 * The schema of the chart's values. Draft 7, which every Helm 3 understands.
 * @param settings the schema of `config`
 */
export function chartValuesSchema(settings: Schema): Schema {
  const addresses = { version: { const: 1 }, listen: { type: 'string' }, opsListen: { type: 'string' } };
  const ownConfigMap = { properties: { existingConfigMap: { minLength: 1 } }, required: ['existingConfigMap'] };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the Halogate chart',
    ...only(values),
    allOf: [
      { if: ownConfigMap, else: { properties: { config: { $ref: '#/definitions/config' } }, required: ['config'] } },
      // With a ConfigMap of one's own nothing but where the gateway listens is told here.
      { if: { not: ownConfigMap }, else: { properties: { config: only(addresses) } } },
    ],
    definitions: { config: settings },
  };
}

import type { VolumeSource } from './volumes.ts';

/** How a container is asked; in seconds. */
export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
  readonly timeoutSeconds?: number;
}

export interface ContainerSpec {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly securityContext: {
    readonly readOnlyRootFilesystem: boolean;
    readonly allowPrivilegeEscalation: boolean;
    readonly runAsNonRoot: boolean;
    readonly capabilities: { readonly drop: readonly string[] };
  };
}

/** A pod as it is rendered. */
export interface PodSpec {
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number; readonly fsGroup: number };
  readonly terminationGracePeriodSeconds?: number;
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames: readonly string[] }[];
  readonly containers: readonly ContainerSpec[];
  readonly volumes?: readonly VolumeSource[];
}

/** What of a pod is followed here, or decides where it runs and what it may use, which is not seen on one machine. */
const POD_KEYS = new Set([
  ...['serviceAccountName', 'automountServiceAccountToken', 'enableServiceLinks', 'terminationGracePeriodSeconds'],
  ...['securityContext', 'hostAliases', 'topologySpreadConstraints', 'containers', 'volumes', 'restartPolicy'],
]);
const CONTAINER_KEYS = new Set([
  ...['name', 'image', 'imagePullPolicy', 'securityContext', 'command', 'args', 'env', 'ports', 'resources'],
  ...['startupProbe', 'livenessProbe', 'readinessProbe', 'volumeMounts'],
]);
const SECURITY_KEYS = new Set(['readOnlyRootFilesystem', 'allowPrivilegeEscalation', 'runAsNonRoot', 'capabilities']);
const MOUNT_KEYS = new Set(['name', 'mountPath', 'readOnly']);
const PROBE_KEYS = new Set(['httpGet', 'periodSeconds', 'failureThreshold', 'timeoutSeconds']);

function refuseOthers(object: object, known: ReadonlySet<string>): void {
  const others = Object.keys(object).filter(key => !known.has(key));
  if (others.length > 0) throw new Error(`A pod is not started here with ${others.join(', ')}.`);
}

/**
 * The one container of a pod. A pod of which something is passed over proves nothing (a preStop hook, an init container, a projected
 * token), and containers here are restricted whatever the pod says.
 * @throws Error where the pod has more in it than is followed, or asks for more than it gets
 */
export function containerOf(pod: PodSpec): ContainerSpec {
  const [container, ...further] = pod.containers;
  if (container === undefined || further.length > 0) throw new Error('The pod has not one container.');
  refuseOthers(pod, POD_KEYS);
  refuseOthers(container, CONTAINER_KEYS);
  refuseOthers(container.securityContext, SECURITY_KEYS);
  for (const mount of container.volumeMounts ?? []) refuseOthers(mount, MOUNT_KEYS);
  const { readOnlyRootFilesystem, allowPrivilegeEscalation, runAsNonRoot, capabilities } = container.securityContext;
  const restricted =
    readOnlyRootFilesystem && !allowPrivilegeEscalation && runAsNonRoot && capabilities.drop.includes('ALL');
  if (!restricted) throw new Error('The container is not restricted.');
  return container;
}

export type ProbeName = 'startupProbe' | 'livenessProbe' | 'readinessProbe';

/** @throws Error where it has none, or one with more in it than is followed */
export function probeOf(container: ContainerSpec, name: ProbeName): Probe {
  const probe = container[name];
  if (probe === undefined) throw new Error(`The container has no ${name}.`);
  refuseOthers(probe, PROBE_KEYS);
  return probe;
}

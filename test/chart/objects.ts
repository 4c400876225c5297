import { type KubernetesObject, render, type Values } from './helm.ts';

/** A container of a pod, as far as these tests look at it. */
interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
  readonly [probe: `${string}Probe`]: { readonly httpGet: { readonly path: string; readonly port: string } };
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly topologySpreadConstraints: readonly { readonly labelSelector: object }[];
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly [source: string]: unknown }[];
}

/** An object together with its `spec`. */
export interface Specified<S> extends KubernetesObject {
  readonly spec: S;
}

export interface DeploymentSpec {
  readonly replicas?: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: { readonly metadata: KubernetesObject['metadata']; readonly spec: PodSpec };
}

/** The objects of this kind, those with `suffix` behind the release's full name alone. */
export function find<S>(objects: readonly KubernetesObject[], kind: string, suffix?: string): Specified<S> {
  const found = objects.filter(
    object => object.kind === kind && (suffix === undefined || object.metadata.name.endsWith(suffix)),
  );
  const [object] = found;
  if (object === undefined || found.length > 1) throw new Error(`${found.length} objects of kind ${kind}`);
  return object as Specified<S>;
}

export function has(objects: readonly KubernetesObject[], kind: string): boolean {
  return objects.some(object => object.kind === kind);
}

/** The Deployment that these values make, its pod and the one container in it. */
export async function deploymentOf(values: Values) {
  const deployment = find<DeploymentSpec>(await render(values), 'Deployment');
  const pod = deployment.spec.template.spec;
  const [container] = pod.containers;
  if (container === undefined) throw new Error('The pod has no container.');
  return { deployment, pod, container };
}

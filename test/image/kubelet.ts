import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageConfig, variablesOf } from './buildah.ts';
import { type Ended, type Run, runInside } from './container.ts';
import { type ContainerSpec, containerOf, type PodSpec } from './pod-spec.ts';
import { type Probes, probesOf } from './probes.ts';
import { type Contents, layDown, type Volume } from './volumes.ts';

type Test = Parameters<typeof runInside>[0];

/** What a pod finds in its cluster. */
export interface Cluster extends Contents {
  readonly image: { readonly rootfs: string; readonly config: ImageConfig };
  /** Names that lead to this machine. */
  readonly services: readonly string[];
}

/** A running pod of one container. */
export interface Pod extends Probes, Omit<Run, 'signal'> {
  /** Where its volumes are on this machine, by their names. */
  readonly volumes: Readonly<Record<string, Volume>>;
  /** Ends it by SIGTERM; when the time of grace is over, by SIGKILL, whose status is null. */
  stop(): Promise<Ended>;
}

/**
 * Starts a pod's container as a kubelet would, but for cgroups, seccomp and a network of its own, and waits until its startup probe holds.
 * @param t ends it with the test
 * @throws Error where the pod asks for what is not there, or for more than is imitated; with what it wrote, where it does not start
 */
export async function startPod(t: Test, spec: PodSpec, cluster: Cluster): Promise<Pod> {
  const container = containerOf(spec);
  const { runAsUser, runAsGroup, fsGroup } = spec.securityContext;
  const { rootfs, config } = cluster.image;
  const volumes: Record<string, Volume> = {};
  for (const source of spec.volumes ?? []) volumes[source.name] = await layDown(t, source, cluster, fsGroup);
  const hosts = await writeHosts(t, spec, cluster);
  const run = await runInside(
    t,
    {
      rootfs,
      uid: runAsUser,
      gid: runAsGroup,
      groups: [fsGroup],
      env: environment(container, cluster),
      binds: [{ source: hosts, target: '/etc/hosts', writable: true }, ...binds(container, volumes)],
    },
    // Whoever gives a command gives all of it.
    [...(container.command ?? config.Entrypoint), ...(container.args ?? (container.command ? [] : config.Cmd))],
  );
  const probes = probesOf(container);
  if (container.startupProbe) {
    const started = await Promise.race([probes.holds('startupProbe'), run.ended.then(() => false)]);
    if (!started) throw new Error(`The container has not started:\n${run.output()}`);
  }
  const { signal, ...others } = run;
  return {
    ...others,
    ...probes,
    volumes,
    async stop() {
      const grace = (spec.terminationGracePeriodSeconds ?? 30) * 1000;
      const kill = setTimeout(() => void signal('SIGKILL'), grace);
      await signal('SIGTERM');
      const ended = await run.ended;
      clearTimeout(kill);
      return ended;
    },
  };
}

function environment({ env = [] }: ContainerSpec, { image, secrets }: Cluster): Readonly<Record<string, string>> {
  const own = env.map(({ name, value, valueFrom }) => {
    const text = valueFrom ? secrets[valueFrom.secretKeyRef.name]?.[valueFrom.secretKeyRef.key] : value;
    if (text === undefined) throw new Error(`Nothing gives ${name}.`);
    return [name, text] as const;
  });
  // Even where links to Services are switched off.
  const ofCluster = {
    HOSTNAME: 'gate-halogate-0',
    KUBERNETES_SERVICE_HOST: '10.96.0.1',
    KUBERNETES_SERVICE_PORT: '443',
  };
  return { ...variablesOf(image.config), ...ofCluster, ...Object.fromEntries(own) };
}

function binds({ volumeMounts = [] }: ContainerSpec, volumes: Readonly<Record<string, Volume>>) {
  return volumeMounts.map(({ name, mountPath, readOnly = false }) => {
    const volume = volumes[name];
    if (volume === undefined) throw new Error(`The pod has no volume ${name}.`);
    return { source: volume.directory, target: mountPath, writable: volume.writable && !readOnly };
  });
}

/** The pod's own names, and the Services' in place of a name server. */
async function writeHosts(t: Test, { hostAliases = [] }: PodSpec, { services }: Cluster): Promise<string> {
  const { directory } = await layDown(t, { name: 'hosts', emptyDir: {} }, { configMaps: {}, secrets: {} }, 0);
  const file = join(directory, 'hosts');
  const aliases = hostAliases.map(({ ip, hostnames }) => `${ip} ${hostnames.join(' ')}`);
  await writeFile(file, [`127.0.0.1 localhost ${services.join(' ')}`, '::1 localhost', ...aliases, ''].join('\n'));
  return file;
}

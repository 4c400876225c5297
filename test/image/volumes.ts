import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMount } from '../support/mount.ts';

interface Teardown {
  teardown(end: () => unknown): void;
}

type Files = Readonly<Record<string, string>>;

/** What a volume of a pod may be of, as far as the chart's are. */
export interface VolumeSource {
  readonly name: string;
  readonly configMap?: { readonly name: string; readonly defaultMode?: number };
  readonly secret?: { readonly secretName: string; readonly defaultMode: number };
  readonly emptyDir?: object;
}

/** A volume that has been laid down on this machine. */
export interface Volume {
  readonly directory: string;
  readonly writable: boolean;
  /** Exchanges what it holds. @throws Error for an empty one */
  swap(files: Files): Promise<void>;
}

/** ConfigMaps and Secrets by their names. */
export interface Contents {
  readonly configMaps: Readonly<Record<string, Files>>;
  readonly secrets: Readonly<Record<string, Files>>;
}

const KEYS = new Set(['name', 'secretName', 'defaultMode']);

/**
 * Lays a volume down as a kubelet does: of a ConfigMap or a Secret as links, for root and the group of the pod.
 * @param group the pod's `fsGroup`
 * @throws Error where there is no such object, or for another kind of volume
 */
export async function layDown(t: Teardown, source: VolumeSource, contents: Contents, group: number): Promise<Volume> {
  const { configMap, secret, emptyDir } = source;
  const others = Object.keys({ ...configMap, ...secret, ...emptyDir }).filter(key => !KEYS.has(key));
  if (others.length > 0) throw new Error(`The volume ${source.name} is not laid down here with ${others.join(', ')}.`);
  if (configMap)
    return mounted(t, contents.configMaps[configMap.name], source.name, {
      group,
      mode: configMap.defaultMode ?? 0o644,
    });
  if (secret) {
    return mounted(t, contents.secrets[secret.secretName], source.name, { group, mode: secret.defaultMode });
  }
  if (emptyDir) return empty(t, group);
  throw new Error(`The volume ${source.name} is of a kind that is not laid down here.`);
}

async function mounted(
  t: Teardown,
  files: Files | undefined,
  name: string,
  access: { readonly group: number; readonly mode: number },
): Promise<Volume> {
  if (files === undefined) throw new Error(`What the volume ${name} is of does not exist.`);
  return { ...(await createMount(t, files, access)), writable: false };
}

async function empty(t: Teardown, group: number): Promise<Volume> {
  const directory = await mkdtemp(join(tmpdir(), 'halogate-volume-'));
  t.teardown(() => rm(directory, { recursive: true }));
  await chown(directory, 0, group);
  await chmod(directory, 0o2777);
  return {
    directory,
    writable: true,
    async swap() {
      throw new Error('Nobody but the pod writes there.');
    },
  };
}

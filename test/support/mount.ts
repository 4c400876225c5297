import { chmod, chown, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A directory as Kubernetes mounts a ConfigMap or a Secret: every file is a link into `..data`, which is itself a link to a directory of
 * its own for each version and is exchanged by a rename.
 */
export interface Mount {
  readonly directory: string;
  /** Exchanges all of it. The files themselves are never written to. @param files text by name */
  swap(files: Readonly<Record<string, string>>): Promise<void>;
}

/** Whose the files are beside root's, and what may be done with them, as a pod's `fsGroup` and a volume's `defaultMode` say. */
export interface Access {
  readonly group: number;
  readonly mode: number;
}

/** Folders keep the group for what is made in them. */
const FOLDER_MODE = 0o2755;

/** @param t takes it away with the test @param access left out: they are this process's alone */
export async function createMount(
  t: { teardown(end: () => unknown): void },
  files: Readonly<Record<string, string>>,
  access?: Access,
): Promise<Mount> {
  const directory = await mkdtemp(join(tmpdir(), 'halogate-mount-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const give = async (path: string, mode = access?.mode) => {
    if (access === undefined || mode === undefined) return;
    await chown(path, 0, access.group);
    await chmod(path, mode);
  };
  await give(directory, FOLDER_MODE);
  let version = 0;
  const mount: Mount = {
    directory,
    async swap(files) {
      version += 1;
      const name = `..version-${version}`;
      await mkdir(join(directory, name));
      await give(join(directory, name), FOLDER_MODE);
      for (const [file, text] of Object.entries(files)) {
        await writeFile(join(directory, name, file), text);
        await give(join(directory, name, file));
      }
      await symlink(name, join(directory, '..data_tmp'));
      await rename(join(directory, '..data_tmp'), join(directory, '..data'));
      const there = await readdir(directory);
      for (const file of Object.keys(files)) {
        if (!there.includes(file)) await symlink(join('..data', file), join(directory, file));
      }
      await rm(join(directory, `..version-${version - 1}`), { recursive: true, force: true });
    },
  };
  await mount.swap(files);
  return mount;
}

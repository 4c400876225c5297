import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
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

/** @param t takes it away with the test */
export async function createMount(
  t: { teardown(end: () => unknown): void },
  files: Readonly<Record<string, string>>,
): Promise<Mount> {
  const directory = await mkdtemp(join(tmpdir(), 'halogate-mount-'));
  t.teardown(() => rm(directory, { recursive: true }));
  let version = 0;
  const mount: Mount = {
    directory,
    async swap(files) {
      version += 1;
      const name = `..version-${version}`;
      await mkdir(join(directory, name));
      for (const [file, text] of Object.entries(files)) await writeFile(join(directory, name, file), text);
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

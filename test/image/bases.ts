import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/run.ts';
import type { Buildah } from './buildah.ts';
import { execute } from './execute.ts';

/** Packages of a base that is made here in place of the published one: what that has, as far as it matters. */
const RUNTIME = ['libstdc++6'];
const BUILD = [...RUNTIME, 'dash', 'coreutils', 'findutils'];

/** The two bases that the Dockerfile names. */
interface BaseNames {
  readonly build: string;
  readonly runtime: string;
}

async function namesInDockerfile(): Promise<BaseNames> {
  const text = await readFile(join(root, 'Dockerfile'), 'utf8');
  const argument = (name: string) => {
    const value = new RegExp(`^ARG ${name}=(\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`The Dockerfile has no ARG ${name}.`);
    return value;
  };
  return { build: argument('BUILD_BASE'), runtime: argument('BASE') };
}

/**
 * Makes both bases of Debian's packages and commits them under the names that the Dockerfile has: an image of a registry is not at
 * hand everywhere. The runtime's has neither a shell nor a package manager, as the published one has none.
 * @param directory for what lies in between
 */
export async function makeBases(buildah: Buildah, directory: string): Promise<void> {
  const names = await namesInDockerfile();
  await buildah.commitRoot(names.runtime, [await debian(directory, 'runtime', RUNTIME)]);
  await buildah.commitRoot(names.build, [await debian(directory, 'build', BUILD), await nodeAndNpm(directory)]);
}

/** An archive of these packages and what they depend on, unpacked and not set up. */
async function debian(directory: string, name: string, packages: readonly string[]): Promise<string> {
  const archive = join(directory, `${name}.tar`);
  const release = await readFile('/etc/os-release', 'utf8');
  const suite = /^VERSION_CODENAME=(\S+)$/m.exec(release)?.[1] ?? 'stable';
  await execute('mmdebstrap', ['--quiet', '--variant=extract', `--include=${packages.join(',')}`, suite, archive]);
  return archive;
}

/** A folder with Node (the one that runs this) and npm, laid out as in the image of Node. */
async function nodeAndNpm(directory: string): Promise<string> {
  const folder = join(directory, 'node');
  const local = join(folder, 'usr', 'local');
  await mkdir(join(local, 'bin'), { recursive: true });
  await copyFile(process.execPath, join(local, 'bin', 'node'));
  await chmod(join(local, 'bin', 'node'), 0o755);
  const version = await execute('npm', ['--version']);
  await execute('npm', ['install', '--global', '--ignore-scripts', '--prefix', local, `npm@${version}`]);
  await mkdir(join(folder, 'etc'));
  await writeFile(join(folder, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  return folder;
}

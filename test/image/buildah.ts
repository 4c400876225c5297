import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/run.ts';
import { execute } from './execute.ts';

interface Teardown {
  teardown(end: () => unknown): void;
}

/** What the configuration of an image says, as Docker reads it. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts: Readonly<Record<string, unknown>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

/** The variables that an image sets. */
export function variablesOf({ Env }: Pick<ImageConfig, 'Env'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Env.map(line => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=/, '')]));
}

/** Builds images without an engine, in a store of its own that goes with the test. */
export interface Buildah {
  /** A folder for what a test lays down; it goes with the test. */
  readonly directory: string;
  /** Makes an image of archives and folders, laid over one another. */
  commitRoot(name: string, layers: readonly string[]): Promise<void>;
  /** Builds the Dockerfile of the project; nothing but npm packages is fetched. */
  build(name: string, args: Readonly<Record<string, string>>): Promise<void>;
  inspect(name: string): Promise<ImageConfig>;
  /** The root of a new container, which may be changed. */
  mount(name: string): Promise<string>;
}

export async function createBuildah(t: Teardown): Promise<Buildah> {
  const directory = await mkdtemp(join(tmpdir(), 'halogate-image-'));
  const env = { STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' };
  const store = ['--root', join(directory, 'store'), '--runroot', join(directory, 'run')];
  const buildah = (...args: readonly string[]) => execute('buildah', [...store, ...args], { cwd: root, env });
  t.teardown(async () => {
    await buildah('rm', '--all');
    await rm(directory, { recursive: true, force: true });
  });

  return {
    directory,
    async commitRoot(name, layers) {
      const container = await buildah('from', 'scratch');
      for (const layer of layers) await buildah('add', '--quiet', container, layer, '/');
      await buildah('config', '--env', 'PATH=/usr/local/bin:/usr/bin:/bin', container);
      await buildah('commit', '--quiet', '--rm', container, name);
    },
    async build(name, args) {
      const npm = await npmSettings(directory);
      const values = Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
      await buildah('build', '--pull-never', '--format', 'docker', ...npm, ...values, '--tag', name, '.');
    },
    async inspect(name) {
      const { Docker } = JSON.parse(await buildah('inspect', '--type', 'image', name)) as {
        Docker: { config: ImageConfig };
      };
      return Docker.config;
    },
    async mount(name) {
      return buildah('mount', await buildah('from', '--pull-never', name));
    },
  };
}

/** Where the build sees npm's cache. */
const CACHE = '/npm-cache';

/** What makes npm in the build reach the registry as npm here does, its cache included. Nothing of it gets into the image. */
async function npmSettings(directory: string): Promise<readonly string[]> {
  const [registry, authorities, cache] = await Promise.all(
    ['registry', 'cafile', 'cache'].map(key => execute('npm', ['config', 'get', key])),
  );
  const trusted = authorities === undefined || authorities === 'null' ? [] : [authorities];
  const file = join(directory, 'npmrc');
  await writeFile(
    file,
    [
      `registry=${registry}`,
      'prefer-offline=true',
      `cache=${CACHE}`,
      ...trusted.map(path => `cafile=${path}`),
      '',
    ].join('\n'),
  );
  const mounts = trusted.flatMap(path => ['--volume', `${path}:${path}:ro`]);
  const packages = cache ?? join(directory, 'npm');
  await mkdir(packages, { recursive: true });
  return ['--secret', `id=npmrc,src=${file}`, ...mounts, '--volume', `${packages}:${CACHE}`];
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageConfig } from './buildah.ts';

interface Teardown {
  teardown(end: () => unknown): void;
}

/** A root file system, and what is mounted over it and set in it. */
export interface Container {
  readonly rootfs: string;
  readonly config: ImageConfig;
  /** A folder of the machine, seen at `/etc/halogate`. */
  readonly settings: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Run {
  /** Resolves with the exit status and everything that was written. */
  readonly ended: Promise<{ readonly status: number | null; readonly output: string }>;
  /** Sends a signal to process 1 of the container. */
  signal(name: NodeJS.Signals): Promise<void>;
}

/** Mount points, as every runtime makes them. The root is read-only from here on. */
const ENTER = `set -e
root=$1; settings=$2
shift 2
mount --bind "$root" "$root"
mount --bind "$settings" "$root/etc/halogate"
mount -t proc proc "$root/proc"
mount -o remount,ro,bind "$root"
exec env -i "$@"`;

/**
 * Runs a command in a container: as the image's user, with the root read-only, as process 1 of its own, on the network of the machine.
 * @param command left out: what the image starts
 */
export async function runInside(t: Teardown, container: Container, command?: readonly string[]): Promise<Run> {
  const { rootfs, config, settings, env } = container;
  await mkdir(join(rootfs, 'proc'), { recursive: true });
  await mkdir(join(rootfs, 'etc', 'halogate'), { recursive: true });
  // Nothing of this process's environment gets in, nor what a test runner adds to that of every child.
  const variables = [...config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const enter = ['/usr/sbin/chroot', `--userspec=${config.User}`, '--groups=', rootfs];
  const child = spawn(
    'unshare',
    [
      ...['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', ENTER, 'sh', rootfs, settings],
      ...[...variables, ...enter, ...(command ?? [...config.Entrypoint, ...config.Cmd])],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = watch(child);
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    ended,
    async signal(name) {
      process.kill(await processOne(child), name);
    },
  };
}

async function watch(child: ChildProcess) {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', chunk => {
      output += chunk;
    });
  }
  const [status] = await once(child, 'close');
  return { status: typeof status === 'number' ? status : null, output };
}

/** unshare stays outside and has one child, which is process 1 inside. */
async function processOne({ pid }: ChildProcess): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number.parseInt(children, 10);
}

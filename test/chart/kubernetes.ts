import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { KubernetesObject } from './helm.ts';

/** The oldest version that Chart.yaml admits, and the newest that has schemas. */
export const versions = ['1.27', '1.37'] as const;

/** Objects that are not Kubernetes' own: the package and the module that know them. */
const MODELS: Readonly<Record<string, string>> = {
  'gateway.networking.k8s.io/v1': 'gateway-api/gateway.networking.k8s.io/v1',
  'monitoring.coreos.com/v1': 'prometheus-operator/monitoring.coreos.com/v1',
};

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: these tests are run by \`npm test -- test/chart/*.chart.ts\`.`);
  return value;
}

/**
 * What is wrong with an object, by the strict schema of that version of Kubernetes: unknown keys are.
 * @returns undefined where nothing is
 */
export async function findFault(
  object: KubernetesObject,
  version: (typeof versions)[number],
): Promise<string | undefined> {
  const model = MODELS[object.apiVersion];
  return model === undefined ? faultBySchema(object, version) : faultByModel(object, model);
}

function faultBySchema(object: KubernetesObject, version: string): string | undefined {
  const folder = join(variable('KUBERNETES_SCHEMAS'), `v${version}.0-local-strict`);
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
  const [group = '', api] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
  const name = [object.kind.toLowerCase(), group.replace(/\..*/, ''), api].filter(Boolean).join('-');
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(read('_definitions.json'));
  const validate = ajv.compile(read(`${name}.json`));
  return validate(object) ? undefined : ajv.errorsText(validate.errors);
}

async function faultByModel(object: KubernetesObject, model: string): Promise<string | undefined> {
  const { href } = pathToFileURL(join(variable('CRD_MODELS'), model, 'index.js'));
  const kinds = (await import(href)) as Readonly<Record<string, new (object: object) => { validate(): void }>>;
  const Kind = kinds[object.kind];
  if (Kind === undefined) return `unknown kind ${object.kind}`;
  try {
    new Kind(object).validate();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

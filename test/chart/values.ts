import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../../scripts/run.ts';
import type { Values } from './helm.ts';

const folder = join(root, 'helm', 'halogate', 'ci');

/** The values files of the chart's table, by their names. */
export const tables: Readonly<Record<string, Values>> = Object.fromEntries(
  readdirSync(folder).map(file => [
    file.replace('-values.yaml', ''),
    parse(readFileSync(join(folder, file), 'utf8')) as Values,
  ]),
);

/** Sound values, the least that there are. */
export const sound: Values = table('minimal');

/** Values with everything in them. */
export const full: Values = table('full');

function table(name: string): Values {
  const values = tables[name];
  if (values === undefined) throw new Error(`helm/halogate/ci has no ${name}-values.yaml.`);
  return values;
}

/**
 * Values with one of them changed.
 * @param path keys and indexes with dots between them: `config.session.redis`
 * @param value undefined leaves it out
 */
export function change(values: Values, path: string, value: unknown): Values {
  return changed(values, path.split('.'), value) as Values;
}

function changed(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(target)) {
    return target.map((entry: unknown, index) => (String(index) === key ? changed(entry, rest, value) : entry));
  }
  const map: Readonly<Record<string, unknown>> = typeof target === 'object' && target !== null ? { ...target } : {};
  const { [key]: former, ...others } = map;
  const next = changed(former, rest, value);
  return next === undefined ? others : { ...others, [key]: next };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import t from 'tap';
import { parse } from 'yaml';
import { schemaFiles } from '../../scripts/chart/files.ts';
import { root } from '../../scripts/run.ts';
import { keptSecrets, literalSecrets, wrongValues } from './secrets.ts';
import { change, sound, tables } from './values.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const defaults = parse(read('helm/halogate/values.yaml')) as Record<string, unknown>;
const schema = JSON.parse(read('helm/halogate/values.schema.json')) as { properties: Record<string, unknown> };
const validate = new Ajv({ strict: false }).compile(schema);

/** As helm does: maps are laid over one another, all else is replaced. */
function overlay(base: unknown, over: unknown): unknown {
  if (!isMap(base) || !isMap(over)) return over === undefined ? base : over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map(key => [key, overlay(base[key], over[key])]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

t.test('the schemas in files are those that src/config makes: `npm run schemas` writes them', async t => {
  for (const [path, text] of Object.entries(schemaFiles())) t.equal(read(path) === text, true, path);
});

t.test('every value has its schema, and every schema its value', async t => {
  const visit = (values: unknown, described: unknown, path: string) => {
    if (!isMap(described) || !isMap(described.properties) || !isMap(values) || path === '.config') return;
    const { properties } = described;
    t.same(
      Object.keys(values).filter(key => !(key in properties)),
      [],
      path,
    );
    for (const [key, value] of Object.entries(values)) visit(value, properties[key], `${path}.${key}`);
  };
  visit(defaults, schema, '');
  t.same(Object.keys(schema.properties).sort(), Object.keys(defaults).sort());
});

for (const [name, values] of Object.entries(tables)) {
  t.test(`takes the values of the table: ${name}`, async t => {
    t.equal(validate(overlay(defaults, values)), true, JSON.stringify(validate.errors));
  });
}

for (const [path, literal] of literalSecrets) {
  t.test(`refuses a literal secret: ${path} ${JSON.stringify(literal)}`, async t => {
    t.equal(validate(overlay(defaults, change(sound, path, literal))), false);
  });
}

for (const [path, value] of keptSecrets) {
  t.test(`takes the place of a secret: ${path} ${JSON.stringify(value)}`, async t => {
    t.equal(validate(overlay(defaults, change(sound, path, value))), true, JSON.stringify(validate.errors));
  });
}

for (const [path, value] of wrongValues) {
  t.test(`refuses ${path}: ${JSON.stringify(value)}`, async t => {
    t.equal(validate(overlay(defaults, change(sound, path, value))), false);
  });
}

t.test('values that the guide shows are values that the schema takes', async t => {
  const blocks = [...read('docs/deploy-kubernetes.md').matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    match => match[1] ?? '',
  );
  t.ok(blocks.length > 1);
  for (const block of blocks) {
    t.equal(validate(overlay(defaults, overlay(sound, parse(block)))), true, JSON.stringify(validate.errors));
  }
});

t.test('the chart is of the version of the program', async t => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  t.match(parse(read('helm/halogate/Chart.yaml')), { appVersion: version });
});

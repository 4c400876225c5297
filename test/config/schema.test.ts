import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { parse } from 'yaml';
import { findingCodes, settingsJsonSchema } from '../../src/config/index.ts';
import { sound } from '../support/settings.ts';

const file = new URL('../../config/halogate.schema.json', import.meta.url);

t.test('config/halogate.schema.json is what `halogate schema` prints', async t => {
  t.equal(readFileSync(file, 'utf8'), `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`);
});

interface Node {
  type?: string;
  description?: string;
  additionalProperties?: unknown;
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
}

t.test('every key has a description, and every map says which keys it has', async t => {
  const visit = (node: Node, path: string) => {
    if (node.properties !== undefined) t.equal(node.additionalProperties, false, path);
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      t.match(child.description, /^.{4,}/, `${path}.${key}`);
      visit(child, `${path}.${key}`);
    }
    for (const branch of node.anyOf ?? []) visit(branch, path);
    if (node.items !== undefined) visit(node.items, `${path}[]`);
  };
  visit(settingsJsonSchema(), '');
});

t.test('an editor can validate with it: draft 2020-12, without an id of its own', async t => {
  const schema = settingsJsonSchema();
  t.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
  t.notOk('$id' in schema);
  const validate = new Ajv2020({ strict: false }).compile(schema);
  t.equal(validate(parse(sound)), true);
  for (const [sounds, bad] of [
    ['autoRedirect: true', 'autoRedirct: true'],
    ['allow: agents-and-users', 'allow: all'],
    ['{secret: example}', '{secret: {env: A, file: b}}'],
    ['10.0.0.0/24', 'proxy.internal'],
  ] as const) {
    t.equal(validate(parse(sound.replace(sounds, bad))), false, bad);
  }
});

t.test('the defaults that editors show are values that the schema takes', async t => {
  const ajv = new Ajv2020({ strict: false });
  const visit = (node: Node & { default?: unknown }, path: string) => {
    if (node.default !== undefined) t.equal(ajv.validate(node, node.default), true, path);
    for (const [key, child] of Object.entries(node.properties ?? {})) visit(child, `${path}.${key}`);
    for (const branch of node.anyOf ?? []) visit(branch, path);
    if (node.items !== undefined) visit(node.items, `${path}[]`);
  };
  visit(settingsJsonSchema(), '');
});

t.test('every code of a finding has a meaning', async t => {
  for (const [code, { meaning }] of Object.entries(findingCodes)) t.match(meaning, /^[`A-Z].*\.$/, code);
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parse, stringify } from 'yaml';
import { formatFinding, loadSettings, settingsJsonSchema } from '../../src/config/index.ts';
import { type CodeBlock, docPages, root } from '../support/docs.ts';

const blocks = docPages().flatMap(page => page.blocks);
const inLanguage = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));

const settingsKeys = new Set(Object.keys(Object(settingsJsonSchema().properties)));
const valuesSchema: { readonly properties: object } = JSON.parse(
  readFileSync(join(root, 'helm/halogate/values.schema.json'), 'utf8'),
);
const valuesKeys = new Set(Object.keys(valuesSchema.properties));
const minimal: object = parse(readFileSync(join(root, 'config/minimal.yaml'), 'utf8'));

/** What the proxies begin with that can stand in front: Envoy and Traefik. */
const proxyKeys = new Set(['entryPoints', 'http', 'static_resources']);

/** What a block of YAML is, by its keys. */
function kindOf(value: unknown): 'settings' | 'values' | 'proxy' | 'object' | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const keys = Object.keys(value);
  if (keys.every(key => settingsKeys.has(key))) return 'settings';
  if (keys.every(key => valuesKeys.has(key))) return 'values';
  if (keys.every(key => proxyKeys.has(key))) return 'proxy';
  return 'apiVersion' in value && 'kind' in value ? 'object' : undefined;
}

/** What `check --static` finds wrong with a piece of settings; what a whole needs beside it comes from the smallest example. */
async function errorsOf(t: Test, piece: object): Promise<readonly string[]> {
  const text = 'version' in piece ? stringify(piece) : stringify({ ...minimal, ...piece });
  const directory = t.testdir({ 'halogate.yaml': text });
  const { findings } = await loadSettings(join(directory, 'halogate.yaml'), { static: true });
  return findings.filter(({ severity }) => severity === 'error').map(formatFinding);
}

t.test('every block of settings loads', async t => {
  const kinds = new Map<string, number>();
  for (const { at, text } of inLanguage('yaml')) {
    const value: unknown = parse(text);
    const kind = kindOf(value);
    kinds.set(String(kind), (kinds.get(String(kind)) ?? 0) + 1);
    if (!t.ok(kind, `${at}: of settings, of the chart, of a proxy or of Kubernetes`)) continue;
    const settings: unknown =
      kind === 'settings' ? value : kind === 'values' ? Reflect.get(Object(value), 'config') : undefined;
    if (settings === undefined) continue;
    await t.test(at, async t => t.same(await errorsOf(t, Object(settings)), []));
  }
  t.ok((kinds.get('settings') ?? 0) > 8);
});

t.test('every block of JSON is JSON', async t => {
  for (const { at, text } of inLanguage('json')) t.doesNotThrow(() => JSON.parse(text), at);
});

t.test('every block of a shell can be read by one', async t => {
  const shells = inLanguage('sh', 'bash');
  t.ok(shells.length > 10);
  for (const block of shells) t.same(complaintsOf(block), '', block.at);
});

function complaintsOf({ text }: CodeBlock): string {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
  return status === 0 ? '' : stderr;
}

t.test('every block has a language, but for those of commands alone', async t => {
  const known = ['bash', 'indented', 'ini', 'json', 'nginx', 'sh', 'text', 'yaml'];
  for (const { at, language } of blocks) t.ok(known.includes(language), `${at}: ${language}`);
});

import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { formatFinding, loadSettings, settingsJsonSchema } from '../../src/config/index.ts';
import { unsupportedPaths } from '../../src/config/unsupported.ts';
import { schemaKeys } from '../support/schema-keys.ts';

const directory = new URL('../../config/', import.meta.url).pathname;
const examples = readdirSync(directory).filter(file => file.endsWith('.yaml'));

t.test('there are the examples that the documentation speaks of', async t => {
  t.same(examples.sort(), [
    'csp.yaml',
    'full.yaml',
    'minimal.yaml',
    'multi-tenant.yaml',
    'oidc.yaml',
    'two-hosts.yaml',
    'workload-identity.yaml',
  ]);
});

for (const example of examples) {
  t.test(`${example} loads`, async t => {
    const { findings } = await loadSettings(directory + example, { static: true });
    t.same(findings.filter(({ severity }) => severity === 'error').map(formatFinding), []);
  });
}

function writtenKeys(value: unknown, path: string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap(entry => writtenKeys(entry, [...path, '*']));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    [...path, key].join('.'),
    ...writtenKeys(child, [...path, key]),
  ]);
}

t.test('full.yaml shows every setting that is supported', async t => {
  const written = new Set(writtenKeys(parse(readFileSync(`${directory}full.yaml`, 'utf8'))));
  const isUnsupported = (key: string) => unsupportedPaths.some(path => key === path || key.startsWith(`${path}.`));
  // What else can be said of an upstream or a tenant is shown once; `limits` and `audit` hold nothing else yet; Redis is one thing.
  const elsewhere = /^(portals[.][*][.]upstream[.]|limits$|audit$|session[.]redis[.](sentinel|cluster|entra))/;
  const expected = schemaKeys(settingsJsonSchema()).filter(key => !isUnsupported(key) && !elsewhere.test(key));
  t.same(
    expected.filter(key => !written.has(key)),
    [],
  );
});

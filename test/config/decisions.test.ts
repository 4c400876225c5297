import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse, stringify } from 'yaml';
import { loadSettingsText } from '../../src/config/index.ts';

type Settings = Record<string, unknown>;

const text = readFileSync(new URL('../fixtures/decisions.yaml', import.meta.url), 'utf8');
const { base, settings }: { base: Settings; settings: Record<string, Settings> } = parse(text, { merge: true });

/** `portals` and `connections` are lists and so replace; maps merge. */
function merge(below: Settings, above: Settings): Settings {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const former = merged[key];
    merged[key] = isMap(former) && isMap(value) ? merge(former, value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

for (const [name, differences] of Object.entries(settings)) {
  t.test(`the settings "${name}" of the worked examples load`, async t => {
    const yaml = stringify({ version: 1, ...merge(base, differences) });
    const { config, findings } = await loadSettingsText(yaml, { file: `${name}.yaml`, env: {} });
    t.same(
      findings.filter(finding => finding.severity === 'error'),
      [],
    );
    t.ok(config);
  });
}

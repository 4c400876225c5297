import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { settingsPage } from '../../scripts/reference/settings.ts';
import { settingsJsonSchema } from '../../src/config/index.ts';
import { root } from '../support/docs.ts';
import { schemaKeys } from '../support/schema-keys.ts';

const page = settingsPage();

t.test('the page is what the schema makes of it', async t => {
  const file = readFileSync(join(root, 'docs/settings.md'), 'utf8');
  t.ok(file === page, '`npm run reference` makes it anew');
});

t.test('every key has a row with a type and a sentence', async t => {
  const rows = new Map(
    [...page.matchAll(/^\| `([^`]+)` \| (.+?) \| (.*?) \| (.+) \|$/gm)].map(([, key = '', type, , meaning]) => [
      key,
      { type, meaning },
    ]),
  );
  for (const key of schemaKeys(settingsJsonSchema())) {
    // Keys at the top that hold others are sections.
    if (page.includes(`\n## ${key}\n`)) continue;
    const row = rows.get(key.replaceAll('.*', '[]'));
    t.ok(row?.type && row.meaning, key);
  }
});

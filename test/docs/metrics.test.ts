import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { metricsPage } from '../../scripts/reference/metrics.ts';
import { root } from '../../scripts/run.ts';

t.test('the page of metrics is what the code makes of it', async t => {
  const file = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
  t.ok(file === metricsPage(), '`npm run reference` makes it anew');
});

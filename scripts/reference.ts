/** Writes the pages that are made of the code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsPage } from './reference/metrics.ts';
import { settingsPage } from './reference/settings.ts';
import { root } from './run.ts';

writeFileSync(join(root, 'docs/settings.md'), settingsPage());
writeFileSync(join(root, 'docs/metrics.md'), metricsPage());

/** Writes the pages that are made of the code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsPage } from './reference/settings.ts';
import { root } from './run.ts';

writeFileSync(join(root, 'docs/settings.md'), settingsPage());

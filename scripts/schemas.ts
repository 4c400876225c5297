/** Writes the schemas that are made of src/config: that of the settings, and that of the chart's values. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFiles } from './chart/files.ts';
import { root } from './run.ts';

for (const [file, text] of Object.entries(schemaFiles())) writeFileSync(join(root, file), text);

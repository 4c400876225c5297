/** Makes `dist/` from `src/`, from nothing each time: what was deleted in `src/` must not live on. */
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, tool } from './run.ts';

rmSync(join(root, 'dist'), { recursive: true, force: true });
const status = run(tool('tsc'), ['-p', 'tsconfig.build.json']);
if (status === 0) chmodSync(join(root, 'dist', 'cli.js'), 0o755);
process.exitCode = status;

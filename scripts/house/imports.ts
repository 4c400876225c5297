import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { root } from '../run.ts';
import { filesUnder } from './files.ts';

/** Folders whose imports have rules. */
const FOLDERS = ['src', 'demo', 'test', 'bench', 'scripts'];

async function cruiseFolders(folders: readonly string[]): Promise<ICruiseResult> {
  const options = await extractDepcruiseOptions(join(root, '.dependency-cruiser.cjs'));
  const tsConfig = extractTsConfig(join(root, 'tsconfig.json'));
  const { output } = await cruise([...folders], { ...options, baseDir: root }, undefined, { tsConfig });
  if (typeof output === 'string') throw new Error(output);
  return output;
}

/** A line for each import that breaks a rule, and for each file that dependency-cruiser did not see. */
export async function reportImports(): Promise<readonly string[]> {
  const folders = FOLDERS.filter(folder => existsSync(join(root, folder)));
  const { modules, summary } = await cruiseFolders(folders);
  // With a compiler that it cannot use it sees nothing and finds nothing wrong: compare with what is there.
  const seen = new Set(modules.map(({ source }) => source));
  const unseen = folders.flatMap(filesUnder).filter(file => file.endsWith('.ts') && !seen.has(file));
  return [
    ...unseen.map(file => `${file}: not seen by dependency-cruiser, so no rule was checked`),
    ...summary.violations.map(({ from, to, rule, cycle }) => {
      const way = cycle ? cycle.map(({ name }) => name).join(' -> ') : to;
      return `${from}: ${rule.name}: -> ${way}`;
    }),
  ];
}

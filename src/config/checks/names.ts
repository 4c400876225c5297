import { entries } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';

/** Reports every entry of a list whose name an earlier one has. Names differ by more than case. */
export function checkNames(
  list: readonly ({ readonly name?: string | undefined } | undefined)[] | undefined,
  path: Path,
  report: Report,
): void {
  const seen = new Set<string>();
  for (const entry of entries(list, path)) {
    const name = entry.value.name?.toLowerCase();
    if (name === undefined) continue;
    if (seen.has(name))
      report('DUPLICATE_NAME', [...entry.path, 'name'], `another one is called ${quote(entry.value.name)}`);
    seen.add(name);
  }
}

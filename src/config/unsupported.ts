import { leaveOut } from './draft.ts';
import type { Report } from './findings.ts';
import type { Path } from './location.ts';

/** A setting that is known and not supported. */
interface Row {
  /** `*` stands for any entry of a list. */
  readonly path: string;
}

/** Deleting a row makes `check` and `serve` accept the setting. */
const rows: readonly Row[] = [{ path: 'bridge' }];

/** Reports what the document asks for and this version cannot do, and leaves it out. Values themselves are never quoted. */
export function checkSupported(settings: unknown, report: Report): void {
  for (const row of rows) {
    for (const path of matches(settings, row.path.split('.'), [])) {
      report('NOT_SUPPORTED_YET', path, 'not supported yet; leave it out', 'key');
      leaveOut(settings, path);
    }
  }
}

/** The paths of all rows, for documentation and tests. */
export const unsupportedPaths: readonly string[] = rows.map(({ path }) => path);

function matches(value: unknown, steps: readonly string[], path: Path): Path[] {
  const [step, ...rest] = steps;
  if (step === undefined) return asksForSomething(value) ? [path] : [];
  if (step === '*') {
    return Array.isArray(value) ? value.flatMap((entry, index) => matches(entry, rest, [...path, index])) : [];
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return [];
  return matches(Reflect.get(value, step), rest, [...path, step]);
}

/** `false` and an empty list ask for nothing. */
function asksForSomething(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

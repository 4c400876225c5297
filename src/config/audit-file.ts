import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { quote, type Report } from './findings.ts';
import type { Path } from './location.ts';
import type { Surroundings } from './secrets.ts';

/**
 * Where the audit log is to be written, absolute. The file itself need not be there yet; a place where it cannot be is reported.
 * @returns undefined where none is named, or nothing outside is looked at
 */
export function locateAuditFile(
  file: string | undefined,
  path: Path,
  surroundings: Surroundings,
  report: Report,
): string | undefined {
  if (file === undefined || surroundings.static) return undefined;
  const absolute = resolve(surroundings.directory, file);
  const problem = whyUnwritable(absolute);
  if (problem !== undefined) report('FILE_UNWRITABLE', path, `the file ${quote(file)} cannot be written: ${problem}`);
  return absolute;
}

function whyUnwritable(file: string): string | undefined {
  const directory = dirname(file);
  try {
    if (!statSync(directory).isDirectory()) return `${quote(directory)} is no directory`;
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory()) return 'it is a directory';
    accessSync(there ? file : directory, constants.W_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no directory ${quote(directory)}`;
    return code === 'EACCES' || code === 'EROFS' ? 'this user may not write there' : code;
  }
}

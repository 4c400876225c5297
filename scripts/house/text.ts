import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from '../run.ts';
import { filesUnder } from './files.ts';

/** Folders whose text is the product's, and the files beside them. */
const FOLDERS = ['src', 'demo', 'test', 'bench', 'scripts', 'config', 'docs', 'helm'];
const FILES = ['README.md', 'CHANGELOG.md', 'package.json'];

const MOST_LINES = 300;

/** A character class around one letter keeps a pattern from finding itself. */
const MARKS: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b/, what: 'a mark of unfinished work' },
  { pattern: /\b(?:t|it|test|describe)\.(?:ski[p]|onl[y]|tod[o])\b/, what: 'a test that is left out' },
  { pattern: /\b(?:ski[p]|onl[y]|tod[o]): *(?:true|['"`])/, what: 'a test that is left out' },
  { pattern: /biome-ignor[e]|eslint-disabl[e]|@ts-(?:ignor[e]|expect-erro[r]|nochec[k])/, what: 'a silenced finding' },
  { pattern: /\bas an[y](?:[;,)\]}>.]|$)/, what: 'a type that says nothing' },
  { pattern: /registry\.npmj[s]|\.\.\/share[d]\b/, what: 'something outside the project' },
];

/** A line for each rule that a file's text breaks; a picture has none. */
export function reportText(): readonly string[] {
  const files = [...FOLDERS.flatMap(filesUnder), ...FILES].filter(file => !file.endsWith('.png'));
  return files.flatMap(reportFile);
}

function reportFile(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const lines = text.split('\n');
  const findings = lines.flatMap((line, index) => reportLine(line).map(what => `${file}:${index + 1}: ${what}`));
  // The final newline makes a last, empty line.
  const length = lines.length - 1;
  if (file.endsWith('.ts') && length > MOST_LINES) findings.push(`${file}: ${length} lines, more than ${MOST_LINES}`);
  return findings;
}

function reportLine(line: string): readonly string[] {
  const found = MARKS.filter(({ pattern }) => pattern.test(line)).map(({ what }) => what);
  if (namesThisMachine(line)) found.push('a path of the machine that it was written on');
  return found;
}

function namesThisMachine(line: string): boolean {
  return [root, homedir()].some(folder => folder.length > 1 && line.includes(`${folder}/`));
}

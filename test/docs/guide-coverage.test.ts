import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { USAGE } from '../../src/commands/usage.ts';
import { settingsJsonSchema } from '../../src/config/index.ts';
import { unsupportedPaths } from '../../src/config/unsupported.ts';
import { schemaKeys } from '../support/schema-keys.ts';

const page = new URL('../../docs/guide-coverage.md', import.meta.url);
const keys = new Set(schemaKeys(settingsJsonSchema()));

/** The cells of each row of the page's tables, heads and rules left out. */
const rows = readFileSync(page, 'utf8')
  .split('\n')
  .filter((line, index, lines) => isRow(line) && !isRule(line) && !isRule(lines[index + 1] ?? ''))
  .map(line =>
    line
      .slice(1, -1)
      .split('|')
      .map(cell => cell.trim()),
  );

function isRow(line: string): boolean {
  return line.startsWith('|') && line.endsWith('|');
}

function isRule(line: string): boolean {
  return isRow(line) && /^[|\s:-]+$/.test(line);
}

function quoted(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

t.test('every cell is filled', async t => {
  t.ok(rows.length > 50);
  for (const cells of rows) {
    const [what = ''] = cells;
    t.equal(cells.length, 3, what);
    t.notOk(cells.includes(''), what);
  }
});

t.test('every setting exists and is supported, and every command too', async t => {
  for (const [what = '', setting = ''] of rows) {
    const named = quoted(setting);
    t.ok(named.length > 0 || setting === 'none, always', what);
    for (const name of named) {
      const [, command] = /^halogate ([a-z-]+)$/.exec(name) ?? [];
      if (command !== undefined) {
        t.match(USAGE, new RegExp(`^  ${command} `, 'm'), name);
        continue;
      }
      const key = name.replaceAll('[]', '.*');
      t.ok(keys.has(key), `${name} is a setting`);
      t.notOk(
        unsupportedPaths.some(path => key === path || key.startsWith(`${path}.`)),
        `${name} is supported`,
      );
    }
  }
});

t.test('every test exists, one of each row end to end', async t => {
  for (const [what = '', , tests = ''] of rows) {
    const links = [...tests.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => new URL(link, page));
    t.ok(
      links.some(({ pathname }) => /\/test\/e2e\/[a-z-]+\.test\.ts$/.test(pathname)),
      what,
    );
    for (const link of links) t.ok(existsSync(fileURLToPath(link)), link.pathname.replace(/^.*\/test\//, 'test/'));
  }
});

import { readFileSync } from 'node:fs';
import t from 'tap';
import type { Command } from '../../src/commands/command.ts';
import { COMMANDS } from '../../src/commands/table.ts';

const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map(text => [text.slice(0, text.indexOf('\n')), text]),
);
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

t.test('every command has a section and a row, and no other', async t => {
  t.strictSame([...sections.keys()], Object.keys(COMMANDS));
  t.strictSame(rowsOf(page), Object.keys(COMMANDS));
  t.strictSame(rowsOf(readme), Object.keys(COMMANDS));
});

t.test('every option of a command stands in its section, and no other', async t => {
  for (const [name, { options, withoutSettings }] of Object.entries<Command>(COMMANDS)) {
    const calls = sections.get(name)?.match(/^ {4}halogate .*$/gm) ?? [];
    const named = new Set(calls.flatMap(call => [...call.matchAll(/--([a-z]+)/g)].map(([, option]) => option)));
    const taken = new Set([...Object.keys(options), ...(withoutSettings ? [] : ['config'])]);
    t.strictSame([...named].sort(), [...taken].sort(), name);
  }
});

/** The commands in the first column of the table of commands. */
function rowsOf(text: string): readonly (string | undefined)[] {
  const table = /^\| Command .*\n\|[- |]+\n((?:\|.*\n)+)/m.exec(text)?.[1] ?? '';
  return [...table.matchAll(/^\| `([a-z-]+)` /gm)].map(([, name]) => name);
}

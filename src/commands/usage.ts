import type { Command } from './command.ts';
import { COMMANDS, type CommandName } from './table.ts';

/** The column in which the summaries begin. */
const COLUMN = 34;

/** What the program can do. */
export const USAGE = `Usage: halogate <command> [options]

Commands:
${Object.entries<Command>(COMMANDS).map(describe).join('')}
Options:
  --config FILE  the settings; without it, the file that HALOGATE_CONFIG names
  --help         print this
  --version      print the version

Exit status: 0, 64 for a command line that is not understood, 78 for bad settings, 1 for anything else.
`;

/** Where to find out what the program can do. */
export const HELP = 'halogate --help says what there is.\n';

/** How one command is called. */
export function usageOf(name: CommandName): string {
  return `Usage: halogate ${call(name, COMMANDS[name])}\n`;
}

function describe([name, command]: [string, Command]): string {
  const called = `  ${call(name, command)}`;
  const [first = '', ...others] = command.summary;
  const start = called.length < COLUMN ? called.padEnd(COLUMN) : `${called}\n${' '.repeat(COLUMN)}`;
  return [start + first, ...others.map(line => ' '.repeat(COLUMN) + line)].map(line => `${line}\n`).join('');
}

function call(name: string, { synopsis }: Command): string {
  return `${name} ${synopsis}`.trimEnd();
}

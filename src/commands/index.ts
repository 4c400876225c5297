import { UsageError } from './command.ts';
import { readCommandLine } from './command-line.ts';
import { BAD_USAGE } from './exit-status.ts';
import { COMMANDS } from './table.ts';
import { HELP, USAGE, usageOf } from './usage.ts';

/**
 * Does what a command line asks for.
 * @param args what follows the program's name
 * @returns the exit status
 */
export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const line = readCommandLine(args, env);
  if ('problem' in line) return refuse(line.problem, line.command ? usageOf(line.command) : HELP);
  if (!('given' in line)) {
    process.stdout.write(line.command === 'help' ? USAGE : `${(await import('../ops/index.ts')).readVersion()}\n`);
    return 0;
  }
  try {
    return await COMMANDS[line.command].run(line.given);
  } catch (error) {
    if (error instanceof UsageError) return refuse(error.message, usageOf(line.command));
    process.stderr.write(`halogate: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function refuse(problem: string, advice: string): number {
  process.stderr.write(`halogate: ${problem}\n${advice}`);
  return BAD_USAGE;
}

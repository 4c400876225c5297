import { type CommandLine, readCommandLine } from './command-line.ts';
import { BAD_USAGE, USAGE } from './usage.ts';

/**
 * Does what a command line asks for.
 * @param args what follows the program's name
 * @returns the exit status
 */
export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const line = readCommandLine(args, env);
  if ('problem' in line) {
    process.stderr.write(`halogate: ${line.problem}\n\n${USAGE}`);
    return BAD_USAGE;
  }
  try {
    return await run(line);
  } catch (error) {
    process.stderr.write(`halogate: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** Commands are imported when they are asked for: the short ones need not load the server. */
async function run(line: Exclude<CommandLine, { readonly problem: string }>): Promise<number> {
  switch (line.command) {
    case 'serve':
      return (await import('./serve.ts')).serve(line);
    case 'check':
      return (await import('./check.ts')).check(line);
    case 'redirect-uris':
      return (await import('./redirect-uris.ts')).redirectUris(line);
    case 'tenants':
      return (await import('./tenants.ts')).tenants(line);
    case 'schema':
      return (await import('./schema.ts')).schema(line);
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case 'version':
      process.stdout.write(`${(await import('../ops/index.ts')).readVersion()}\n`);
      return 0;
  }
}

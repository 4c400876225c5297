import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs a program to its end.
 * @returns what it wrote on standard output, without white space around it
 * @throws Error with what it wrote on standard error, where it fails
 */
export async function execute(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { env, ...others } = options;
  const { stdout } = await run(program, args, {
    ...others,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
  });
  return stdout.trim();
}

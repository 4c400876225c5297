import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json: every script works from here, wherever it was started. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The path of a tool that `npm ci` has installed. */
export function tool(name: string): string {
  return join(root, 'node_modules', '.bin', name);
}

/**
 * Runs a program in the foreground to its end.
 * @param env variables beside those of this process
 * @returns its exit status; 1 where a signal ended it or it could not be started
 */
export function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (error) console.error(`${program}: ${error.message}`);
  return status ?? 1;
}

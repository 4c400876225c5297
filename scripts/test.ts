/**
 * Runs the tests: sees to what they need, builds, and hands its arguments on to tap. `npm test -- test/policy` runs that folder alone.
 * A program that is missing ends it; no test is passed over for the want of one.
 */
import { availableParallelism } from 'node:os';
import { needs } from './needs.ts';
import { run, tool } from './run.ts';

/** More files at once than this make tests wait for each other's processes. */
const MOST_JOBS = 4;

function test(args: readonly string[]): number {
  const env = needs(args.filter(arg => !arg.startsWith('-')));
  const built = run(process.execPath, ['scripts/build.ts']);
  if (built !== 0) return built;
  // Much of a test's time goes by in waiting for processes.
  const jobs = Math.min(MOST_JOBS, availableParallelism() + 1);
  return run(process.execPath, [tool('tap'), `--jobs=${jobs}`, ...args], env);
}

try {
  process.exitCode = test(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

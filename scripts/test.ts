/**
 * Runs the tests: sees to what they need, builds, and hands its arguments on to tap. `npm test -- test/policy` runs that folder alone.
 * A program that is missing ends it; no test is passed over for the want of one.
 */
import { availableParallelism } from 'node:os';
import { findOrInstall } from './programs.ts';
import { run, tool } from './run.ts';

/** More files at once than this make tests wait for each other's processes. */
const MOST_JOBS = 4;

/** The programs that the tests start, as variables that the tests read. */
function needs(): Readonly<Record<string, string>> {
  // Also beside REDIS_URL: the tests that stop and restart a server start one of their own.
  findOrInstall({
    names: ['redis-server'],
    aptPackage: 'redis-server',
    service: 'redis-server',
    advice: 'install Redis 6.2 or later and put redis-server on PATH (Debian, Ubuntu: apt-get install redis-server).',
  });
  const chromium =
    process.env.CHROMIUM_PATH ||
    findOrInstall({
      names: ['chromium', 'chromium-browser', 'google-chrome'],
      aptPackage: 'chromium',
      advice: 'install Chromium or Chrome, or name its program in CHROMIUM_PATH (Debian: apt-get install chromium).',
    });
  return { CHROMIUM_PATH: chromium };
}

function test(args: readonly string[]): number {
  const env = needs();
  const built = run(process.execPath, ['scripts/build.ts']);
  if (built !== 0) return built;
  const jobs = Math.min(MOST_JOBS, availableParallelism());
  return run(process.execPath, [tool('tap'), `--jobs=${jobs}`, ...args], env);
}

try {
  process.exitCode = test(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

import { defaults } from '../defaults.ts';
import { type Draft, entries } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import type { Settings } from '../schema/index.ts';
import { parseDuration } from '../units.ts';

/** Reports durations that could only be a slip, and those that a timer or a cookie could not carry. */
export function checkTimes(settings: Draft<Settings>, report: Report): void {
  const { session, timeouts, drain, identity } = settings;
  const assertion = identity?.assertion === false ? undefined : identity?.assertion;

  const range = (value: string | undefined, path: Path, least: string, most: string) => {
    if (value === undefined) return;
    const length = parseDuration(value);
    if (length >= parseDuration(least) && length <= parseDuration(most)) return;
    report('INVALID_DURATION', path, `expected ${least} to ${most}, found ${quote(value)}`);
  };
  range(settings.halo?.timeout, ['halo', 'timeout'], '1ms', '24h');
  range(session?.idle, ['session', 'idle'], '1ms', '9600h');
  range(session?.absolute, ['session', 'absolute'], '1ms', '9600h');
  range(session?.refresh === 0 ? undefined : session?.refresh, ['session', 'refresh'], '1ms', '9600h');
  range(session?.refreshGrace, ['session', 'refreshGrace'], '0s', '9600h');
  range(session?.outageGrace, ['session', 'outageGrace'], '0s', '24h');
  range(assertion?.lifetime, ['identity', 'assertion', 'lifetime'], '1s', '1h');
  range(timeouts?.headers, ['timeouts', 'headers'], '1ms', '24h');
  range(timeouts?.idle, ['timeouts', 'idle'], '1ms', '24h');
  for (const { value, path } of entries(settings.connections, ['connections'])) {
    range(value.csp?.refresh, [...path, 'csp', 'refresh'], '1s', '24h');
  }
  range(drain?.wait, ['drain', 'wait'], '0s', '24h');
  range(drain?.deadline, ['drain', 'deadline'], '0s', '24h');
  range(settings.storeReadiness, ['storeReadiness'], '0s', '24h');

  const idle = session?.idle ?? defaults.idle;
  const absolute = session?.absolute ?? defaults.absolute;
  if (parseDuration(idle) > parseDuration(absolute)) {
    const key = session?.idle === undefined ? 'absolute' : 'idle';
    report('IDLE_BEYOND_ABSOLUTE', ['session', key], `idle (${idle}) is longer than absolute (${absolute})`);
  }
  warnOfGrace(session, report);
  const wait = drain?.wait ?? defaults.drainWait;
  const deadline = drain?.deadline ?? defaults.drainDeadline;
  if (parseDuration(wait) > parseDuration(deadline)) {
    const key = drain?.wait === undefined ? 'deadline' : 'wait';
    report('DRAIN_ORDER', ['drain', key], `wait (${wait}) is longer than deadline (${deadline})`);
  }
}

/** Where the grace is over before the provider is asked again, its first silence ends sessions. */
function warnOfGrace(session: Draft<Settings>['session'], report: Report): void {
  const refresh = session?.refresh ?? defaults.refresh;
  const grace = session?.refreshGrace ?? defaults.refreshGrace;
  if (refresh === 0 || parseDuration(refresh) <= parseDuration(grace)) return;
  const key = session?.refreshGrace === undefined ? 'refresh' : 'refreshGrace';
  const message = `refreshGrace (${grace}) is shorter than refresh (${refresh}): a session ends the first time that the provider cannot be asked`;
  report('NO_REFRESH_GRACE', ['session', key], message);
}

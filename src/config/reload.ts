import type { Config } from './config.ts';
import { fingerprintOf } from './files.ts';
import { type Finding, formatFinding } from './findings.ts';
import { keepFixed } from './fixed.ts';
import { type Loaded, loadSettings } from './load.ts';
import { watchFiles } from './watch.ts';

/** How long after the first sign of a change it is looked, in milliseconds: a change is often several. */
const SETTLING = 100;
/** How often it is looked without a sign, in milliseconds. */
const POLL_INTERVAL = 10_000;

/** A pino logger fits. */
interface ReloadLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The settings of the process, and how it last went with loading them. Times are milliseconds since the epoch. */
export interface LoadState {
  /** Those in use. */
  readonly config: Config;
  /** Since when. */
  readonly at: number;
  /** Why the last attempt did not bring others; left out where it did. */
  readonly failure?: { readonly at: number; readonly why: string };
  /** Keys of settings that have changed and count from the next start on. */
  readonly waiting: readonly string[];
}

export interface ReloadOptions {
  /** The settings file. */
  readonly file: string;
  /** What the process began with. */
  readonly loaded: Pick<Loaded, 'files'> & { readonly config: Config; readonly at: number };
  /** Puts settings to use, all of them or, where it rejects, none. */
  readonly apply: (config: Config) => Promise<void>;
  readonly log: ReloadLog;
  /** Told what has come of each attempt. */
  readonly ended?: (state: LoadState) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Milliseconds between two looks without a sign of a change. */
  readonly interval?: number;
}

/** Settings that are loaded again when they change. */
export interface Reload {
  /** Loads the settings again, whether or not they have changed. */
  demand(): void;
  state(): LoadState;
  /** Looks no more. Resolves when a change that is being applied has been. */
  close(): Promise<void>;
}

/**
 * Watches the settings file and every file that it names, from now on, and applies what is good. Settings that are not good change
 * nothing: those in use stay, and the log says why.
 */
export function createReload({
  file,
  loaded,
  apply,
  log,
  ended = () => {},
  now = Date.now,
  interval = POLL_INTERVAL,
}: ReloadOptions): Reload {
  let state: LoadState = { config: loaded.config, at: loaded.at, waiting: [] };
  let paths = loaded.files.paths();
  let seen = loaded.files.fingerprint();
  let wanted: 'look' | 'load' | undefined;
  let working: Promise<void> | undefined;
  let settling: NodeJS.Timeout | undefined;
  let closed = false;

  const watch = watchFiles(sign);
  follow();
  const poll = setInterval(look, interval).unref();

  function sign(): void {
    settling ??= setTimeout(look, SETTLING).unref();
  }

  function follow(): void {
    watch.follow(paths);
    // What changed between the reading and now gave no sign.
    sign();
  }

  function look(): void {
    settling = undefined;
    want('look');
  }

  /** One at a time; what is wanted meanwhile is done afterwards. */
  function want(what: 'look' | 'load'): void {
    if (closed) return;
    wanted = wanted === 'load' ? wanted : what;
    working ??= work().finally(() => {
      working = undefined;
    });
  }

  async function work(): Promise<void> {
    while (wanted && !closed) {
      const what = wanted;
      wanted = undefined;
      if (what === 'load' || fingerprintOf(paths) !== seen) await load();
    }
  }

  async function load(): Promise<void> {
    try {
      const { config, findings, files } = await loadSettings(file);
      paths = files.paths();
      seen = files.fingerprint();
      follow();
      if (config) await use(config, findings);
      else refuse(findings);
    } catch (error) {
      log.error({ err: error }, 'the settings could not be applied: the old ones stay');
      fail(error instanceof Error ? error.message : String(error));
    }
    ended(state);
  }

  async function use(next: Config, findings: readonly Finding[]): Promise<void> {
    const { config, waiting } = keepFixed(state.config, next);
    await apply(config);
    state = { config, at: now(), waiting };
    for (const finding of findings) log.warn({ finding: formatFinding(finding) }, 'a finding in the settings');
    for (const key of waiting) log.warn({ key }, 'this setting has changed and counts from the next start on');
    log.info({ configHash: config.hash }, 'the settings have been loaded again');
  }

  function fail(why: string): void {
    state = { ...state, failure: { at: now(), why } };
  }

  function refuse(findings: readonly Finding[]): void {
    const errors = findings.filter(({ severity }) => severity === 'error').map(formatFinding);
    for (const finding of errors) log.error({ finding }, 'the settings are not good: the old ones stay');
    const [first = '', ...others] = errors;
    fail(others.length === 0 ? first : `${first} (and ${others.length} more)`);
  }

  return {
    demand: () => want('load'),
    state: () => state,
    async close() {
      closed = true;
      clearInterval(poll);
      clearTimeout(settling);
      watch.close();
      await working;
    },
  };
}

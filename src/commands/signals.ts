import { EventEmitter, once } from 'node:events';

/** What the platform asks of the process. */
interface Signals {
  /** Resolves with the name of the first signal that asks the process to end. */
  readonly stop: Promise<string>;
  /** Aborted by a second one: end at once. */
  readonly hurry: AbortSignal;
  /** Has somebody told when the settings are to be loaded again (SIGHUP), also when that was asked for before. */
  onReload(listener: () => void): void;
}

/** Listens for SIGTERM, SIGINT and SIGHUP, for the rest of the process's life. */
export function listenForSignals(): Signals {
  const stops = new EventEmitter();
  const hurry = new AbortController();
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) hurry.abort();
      asked = true;
      stops.emit('stop', signal);
    });
  }
  let reload: (() => void) | undefined;
  let reloadAsked = false;
  process.on('SIGHUP', () => {
    if (reload) reload();
    else reloadAsked = true;
  });
  return {
    stop: once(stops, 'stop').then(([signal]) => String(signal)),
    hurry: hurry.signal,
    onReload(listener) {
      reload = listener;
      if (reloadAsked) listener();
    },
  };
}

import type { ListenAddress, RateLimit } from './config.ts';

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration that the schema has found well-formed: `500ms`, `30s`, `15m`, `12h`. */
export function parseDuration(text: string): number {
  const unit = text.replace(/^[0-9]+/, '');
  return Number.parseInt(text, 10) * (milliseconds[unit] ?? Number.NaN);
}

/** How many in what time, of a text that the schema has found well-formed: `600/1m`. */
export function parseRate(text: string): RateLimit {
  const [count = '', period = ''] = text.split('/');
  return { count: Number(count), period: parseDuration(period) };
}

/** The parts of `0.0.0.0:8080` or `[::]:8080`; undefined where it is neither. Port 0 lets the system choose. */
export function parseListen(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9][A-Za-z0-9.-]*)):([0-9]{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

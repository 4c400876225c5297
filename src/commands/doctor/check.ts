/** One thing that was tried. */
export interface Check {
  readonly verdict: 'ok' | 'warn' | 'FAIL';
  /** What it is about. */
  readonly subject: string;
  /** What came of it, and where it is not good, a way to mend it: sentences without a secret. */
  readonly said: string;
}

export const ok = (subject: string, said: string): Check => ({ verdict: 'ok', subject, said });
export const warn = (subject: string, said: string): Check => ({ verdict: 'warn', subject, said });
export const fail = (subject: string, said: string): Check => ({ verdict: 'FAIL', subject, said });

/** Why something that fetch or the system did failed, in a word: never an address or what came back. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'too late';
  const { cause } = error;
  const code = 'code' in error ? error.code : cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : error.name;
}

import { readFileSync } from 'node:fs';

/** The version of this build, as package.json has it: the file lies two folders up from here, built or not. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

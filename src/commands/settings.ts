import { type Config, type Finding, formatFinding, loadSettings } from '../config/index.ts';
import type { Streams } from './streams.ts';

/** Loads the settings for a command that cannot do without all of them; where they are bad, it says so. */
export async function readConfig(file: string, { err }: Pick<Streams, 'err'>): Promise<Config | undefined> {
  const { config, findings } = await loadSettings(file);
  if (!config) printFindings(findings, err);
  return config;
}

/** A line for each finding. */
export function printFindings(findings: readonly Finding[], write: (text: string) => void): void {
  for (const finding of findings) write(`${formatFinding(finding)}\n`);
}

import { loadSettings } from '../config/index.ts';
import { BAD_CONFIGURATION } from './exit-status.ts';
import { printFindings } from './settings.ts';

/**
 * `halogate check`: prints every finding, then a summary.
 * @param args `config` is the file; `static` leaves out what lies outside it
 * @returns the exit status: 0, warnings included, or 78
 */
export async function check(
  args: { readonly config: string; readonly static: boolean },
  write: (text: string) => void = text => process.stdout.write(text),
): Promise<number> {
  const { findings } = await loadSettings(args.config, { static: args.static });
  printFindings(findings, write);
  const errors = findings.filter(finding => finding.severity === 'error').length;
  const warnings = findings.length - errors;
  write(`${args.config}: ${count(errors, 'error')}, ${count(warnings, 'warning')}\n`);
  return errors === 0 ? 0 : BAD_CONFIGURATION;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

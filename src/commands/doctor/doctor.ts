import { formatFinding, loadSettings } from '../../config/index.ts';
import { type Check, fail, ok, warn } from './check.ts';
import { examineConnection } from './connections.ts';
import { examineNames } from './names.ts';
import { examineStore } from './store.ts';
import { examineUpstreams } from './upstreams.ts';

/** The width of the longest verdict. */
const WIDTH = 4;

/**
 * `halogate doctor`: tries what the gateway will need, and prints a line for each thing tried: what came of it, and how to mend it.
 * Nothing takes longer than some ten seconds, and it changes nothing that lasts.
 * @param args `config` is the settings file
 * @param now milliseconds since the epoch
 * @returns the exit status: 0, warnings included, or 1
 */
export async function doctor(
  args: { readonly config: string },
  write: (text: string) => void = text => process.stdout.write(text),
  now: () => number = Date.now,
): Promise<number> {
  const checks = await examine(args.config, now);
  for (const check of checks) write(line(check));
  return checks.some(({ verdict }) => verdict === 'FAIL') ? 1 : 0;
}

async function examine(file: string, now: () => number): Promise<readonly Check[]> {
  const { config, findings } = await loadSettings(file);
  const settings = findings.map(finding =>
    (finding.severity === 'error' ? fail : warn)('settings', formatFinding(finding)),
  );
  if (!config) return [...settings, fail('everything else', 'It was not tried: mend the settings first.')];
  const [names, upstreams, store, ...connections] = await Promise.all([
    examineNames(config.portals),
    examineUpstreams(config),
    examineStore(config.session),
    ...config.connections.map(connection => examineConnection(connection, now)),
  ]);
  return [
    ...(settings.length === 0 ? [ok('settings', `${file} has no findings.`)] : settings),
    ...names,
    ...upstreams,
    ...store,
    ...connections.flat(),
  ];
}

/** What others say, the provider's names for example, does not break the line. */
function line({ verdict, subject, said }: Check): string {
  return `${`${verdict.padEnd(WIDTH)}  ${subject}: ${said}`.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')}\n`;
}

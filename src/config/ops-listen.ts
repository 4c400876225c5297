import type { Parsed } from './addresses.ts';
import type { ListenAddress } from './config.ts';
import { defaults } from './defaults.ts';
import { parseSettings } from './document.ts';
import { readText } from './secrets.ts';
import { parseListen } from './units.ts';

/**
 * Where a gateway with this settings file listens for health and metrics. Nothing else of the file is looked at: a gateway goes on with
 * what it has loaded while the file is being changed, and secrets are none of a probe's business.
 * @param file the settings, YAML or JSON
 * @returns the address, or a problem that names the file
 */
export function readOpsListen(file: string): Parsed<ListenAddress> {
  const { value: text, problem = '' } = readText(file, { directory: '.', env: {}, static: false });
  if (text === undefined) return { problem };
  const { value: settings } = parseSettings(text);
  if (typeof settings !== 'object' || settings === null)
    return { problem: `${file}: the settings cannot be read as YAML` };
  const opsListen = 'opsListen' in settings ? settings.opsListen : defaults.opsListen;
  const address = typeof opsListen === 'string' ? parseListen(opsListen) : undefined;
  if (address === undefined)
    return { problem: `${file}: opsListen: expected an address and port such as 127.0.0.1:9090` };
  return address.port === 0
    ? { problem: `${file}: opsListen: on port 0 the system chooses, and nobody else knows` }
    : { value: address };
}

import type { Test } from 'tap';
import { connectionTo } from '../../../demo/connection.ts';
import { startHalo } from '../../../demo/halo/index.ts';
import { doctor } from '../../../src/commands/doctor/doctor.ts';
import { startProviders } from '../../signin/csp/support.ts';
import { writeSettings } from '../../support/gateway.ts';
import { SESSION_SECRET } from '../../support/world.ts';

export const URL_OF_AGENTS = 'http://localhost';

/** Settings in good health, and the stand-ins that they lead to. */
export async function started(t: Test) {
  const { entra, graph } = await startProviders(t);
  const halo = await startHalo();
  t.teardown(() => halo.close());
  const settings = {
    version: 1,
    listen: '127.0.0.1:8080',
    halo: { upstream: halo.url },
    portals: [
      { name: 'agents', kind: 'agent', url: URL_OF_AGENTS },
      { name: 'customers', kind: 'user', url: `${URL_OF_AGENTS}/portal` },
    ],
    connections: [connectionTo(entra.url)],
    session: { secret: SESSION_SECRET },
  };
  const connection = (differences: object) => ({ connections: [{ ...connectionTo(entra.url), ...differences }] });
  const run = async (differences: object = {}, now?: () => number) =>
    runOn(t, await writeSettings(t, { ...settings, ...differences }), now);
  return { entra, graph, halo, settings, connection, run };
}

async function runOn(t: Test, file: string, now?: () => number) {
  let out = '';
  const status = await doctor({ config: file }, text => (out += text), now);
  t.match(out, /^((ok {2}|warn|FAIL) {2}[^:]+.*\n)+$/, 'a line for each check');
  return { status, out };
}

/** The line about something. */
export function about(out: string, subject: string): string {
  return out.split('\n').find(line => line.slice(6).startsWith(subject)) ?? `nothing about ${subject} in:\n${out}`;
}

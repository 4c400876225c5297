import { isLoopback, parseAddress } from '../addresses.ts';
import { defaults } from '../defaults.ts';
import { type Draft, entries, present } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import { isRange, rangesOverlap } from '../ranges.ts';
import type { Settings } from '../schema/index.ts';
import { parseListen } from '../units.ts';

const wildcards = ['0.0.0.0', '::'];

export function checkNetwork(settings: Draft<Settings>, report: Report): void {
  checkListeners(settings, report);
  checkCollector(settings.tracing?.endpoint, report);
  const proxies = entries(settings.trustedProxies, ['trustedProxies']);
  const from = entries(settings.emergency?.from, ['emergency', 'from']);
  for (const { value, path } of [...proxies, ...from]) {
    if (!isRange(value)) {
      report(
        'INVALID_RANGE',
        path,
        `expected an IP address or a CIDR range such as 10.0.0.0/24, found ${quote(value)}`,
      );
    }
  }
  for (const { value, path } of from.filter(range => isRange(range.value))) {
    const proxy = proxies.find(range => isRange(range.value) && rangesOverlap(range.value, value));
    if (proxy === undefined) continue;
    const message = `overlaps ${quote(proxy.value)} of trustedProxies: what a proxy sends of its own would count as an emergency client`;
    report('EMERGENCY_FROM_PROXY', path, message);
  }
  const until = settings.emergency?.until;
  if (until !== undefined && Number.isNaN(Date.parse(until))) {
    report(
      'INVALID_TIME',
      ['emergency', 'until'],
      `expected a time such as 2026-12-31T00:00:00Z, found ${quote(until)}`,
    );
  }
}

function checkCollector(endpoint: string | undefined, report: Report): void {
  const { problem } = endpoint === undefined ? {} : parseAddress(endpoint);
  if (problem !== undefined)
    report('INVALID_URL', ['tracing', 'endpoint'], `${problem}, found ${quote(endpoint ?? '')}`);
}

function checkListeners(settings: Draft<Settings>, report: Report): void {
  const listen = parseListen(settings.listen ?? defaults.listen);
  const ops = parseListen(settings.opsListen ?? defaults.opsListen);
  for (const key of ['listen', 'opsListen'] as const) {
    const value = settings[key];
    if (value !== undefined && parseListen(value) === undefined) {
      report(
        'INVALID_ADDRESS',
        [key],
        `expected an address and port such as 0.0.0.0:8080 or [::]:8080, found ${quote(value)}`,
      );
    }
  }
  if (listen === undefined || ops === undefined) return;
  const sameHost = listen.host === ops.host || [listen.host, ops.host].some(host => wildcards.includes(host));
  if (listen.port === ops.port && listen.port !== 0 && sameHost) {
    report('LISTENERS_COLLIDE', ['opsListen'], `"listen" and "opsListen" cannot both use port ${listen.port}`);
  }
  if (present(settings.trustedProxies).length === 0 && !isLoopback(listen.host)) {
    const message = `others reach ${quote(`${listen.host}:${listen.port}`)} and trustedProxies names nobody: behind a proxy every client has the proxy's address`;
    report('NO_TRUSTED_PROXIES', ['listen'], message);
  }
}

import {
  hostHeaders,
  isAtOrBelow,
  isLoopback,
  parseOrigin,
  parsePortalAddress,
  type WebAddress,
} from '../addresses.ts';
import { defaults } from '../defaults.ts';
import { type Draft, entries } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import type { Settings } from '../schema/index.ts';
import { checkUpstream } from './halo.ts';
import { checkNames } from './names.ts';

interface Placed {
  readonly name: string;
  readonly address: WebAddress;
  readonly path: Path;
}

export function checkPortals(settings: Draft<Settings>, report: Report): void {
  const placed: Placed[] = [];
  checkNames(settings.portals, ['portals'], report);
  for (const { value: portal, path } of entries(settings.portals, ['portals'])) {
    checkUpstream(portal.upstream, [...path, 'upstream'], report);
    for (const origin of entries(portal.origins, [...path, 'origins'])) {
      const { problem } = parseOrigin(origin.value);
      if (problem !== undefined) report('INVALID_URL', origin.path, `${problem}, found ${quote(origin.value)}`);
    }
    if (portal.url === undefined) continue;
    const urlPath = [...path, 'url'];
    const { value: address, problem } = parsePortalAddress(portal.url);
    if (problem !== undefined) report('INVALID_URL', urlPath, `${problem}, found ${quote(portal.url)}`);
    else placed.push({ name: portal.name ?? '', address, path: urlPath });
  }
  const authPath = settings.halo?.authPath ?? defaults.authPath;
  for (const portal of placed) {
    checkReserved(portal, authPath, report);
    warnOfPlainHttp(portal, report);
  }
  checkAddresses(placed, report);
  checkRoots(placed, report);
}

/** A portal there would never be reached: these paths have another owner on every host. */
function checkReserved({ address, path }: Placed, authPath: string, report: Report): void {
  for (const reserved of ['/.halogate', '/api', '/azure/auth', authPath]) {
    if (isAtOrBelow(address.path, reserved)) {
      report('RESERVED_PATH', path, `a portal cannot be at or below ${quote(reserved)}, found ${quote(address.path)}`);
    }
  }
}

/** The address is the one that browsers use, whoever ends TLS on the way. */
function warnOfPlainHttp({ address, path }: Placed, report: Report): void {
  if (address.secure || isLoopback(address.hostname)) return;
  const message = `browsers come to ${address.origin} without TLS: cookies travel without Secure, and Entra ID takes no such redirect URI; expected https://`;
  report('INSECURE_PORTAL', path, message);
}

function checkAddresses(placed: readonly Placed[], report: Report): void {
  for (const [index, portal] of placed.entries()) {
    for (const earlier of placed.slice(0, index)) {
      const { address } = portal;
      if (!hostHeaders(address).some(host => hostHeaders(earlier.address).includes(host))) continue;
      if (address.origin !== earlier.address.origin) {
        const message = `one host has one origin; portal ${quote(earlier.name)} is at ${earlier.address.origin}, this one at ${address.origin}`;
        report('HOST_ORIGINS_DIFFER', portal.path, message);
      } else if (address.path.toLowerCase() === earlier.address.path.toLowerCase()) {
        report('DUPLICATE_ADDRESS', portal.path, `portal ${quote(earlier.name)} has this address already`);
      }
    }
  }
}

function checkRoots(placed: readonly Placed[], report: Report): void {
  for (const [origin, portals] of Map.groupBy(placed, portal => portal.address.origin)) {
    const [first] = portals;
    if (first === undefined || portals.length < 2 || portals.some(portal => portal.address.path === '')) continue;
    report('ROOT_PORTAL_MISSING', first.path, `${origin} has several portals, so one of them must be at its root`);
  }
}

import { parsePortalAddress } from '../addresses.ts';
import type { PortalKind } from '../config.ts';
import { type Draft, entries, present } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import type { Settings } from '../schema/index.ts';
import { servedPortals } from '../serving.ts';

interface Door {
  readonly name: string;
  readonly kind: PortalKind;
  readonly origin: string | undefined;
  readonly forced: boolean;
  readonly anonymous: boolean;
  readonly native: boolean;
  readonly path: Path;
}

/** Warnings of what the settings as a whole leave open or shut. */
export function warnOfExposure(settings: Draft<Settings>, report: Report): void {
  const doors = doorsOf(settings);
  const forcedAgents = doors.find(door => door.kind === 'agent' && door.forced);
  for (const door of doors) {
    const forcedElsewhere = doors.find(other => other !== door && other.forced);
    if (door.native && forcedAgents !== undefined) {
      const message = `agents' passwords work on this host although sign-in is forced on ${quote(forcedAgents.name)}`;
      report('NATIVE_SIGN_IN_OPEN', [...door.path, 'nativeSignIn'], message, 'key');
    }
    if (door.anonymous && forcedElsewhere !== undefined) {
      const message = `requests to /api pass here without sign-in, although it is forced on ${quote(forcedElsewhere.name)}: they are Halo's to guard`;
      report('ANONYMOUS_PORTAL', [...door.path, 'anonymous'], message, 'key');
    }
    if (!door.forced && !door.native && forcedAgents !== undefined) {
      const message = `sign-in is forced on ${quote(forcedAgents.name)} but not here: Halo's passwords are refused, its refresh tokens are not`;
      report('UNFORCED_PORTAL', door.path, message, 'key');
    }
    warnOfRefusedAgents(door, doors, report);
  }
}

/** On one host the authorization path is shared, so a forced user portal shuts the login of agents too. */
function warnOfRefusedAgents(door: Door, doors: readonly Door[], report: Report): void {
  if (door.kind !== 'agent' || door.forced) return;
  const host = doors.filter(other => other.origin !== undefined && other.origin === door.origin);
  const forcedUsers = host.find(other => other.kind === 'user' && other.forced);
  if (forcedUsers === undefined || host.some(other => other.native)) return;
  const message = `agents' native login is refused, for ${quote(forcedUsers.name)} on the same host is forced; nativeSignIn opens it`;
  report('AGENT_LOGIN_REFUSED', door.path, message, 'key');
}

function doorsOf(settings: Draft<Settings>): Door[] {
  const forcing = present(settings.connections).filter(
    ({ published, autoRedirect }) => published === true && autoRedirect === true,
  );
  const doors: Door[] = [];
  for (const { value: portal, path } of entries(settings.portals, ['portals'])) {
    const { name, kind, url } = portal;
    if (name === undefined || kind === undefined) continue;
    const anonymous = portal.anonymous === true;
    const isForcedBy = ({ allow, portals }: (typeof forcing)[number]) =>
      allow !== undefined && servedPortals(allow, present(portals), [{ name, kind }]).length > 0;
    doors.push({
      name,
      kind,
      origin: url === undefined ? undefined : parsePortalAddress(url).value?.origin,
      forced: !anonymous && forcing.some(isForcedBy),
      anonymous,
      native: portal.nativeSignIn === true,
      path,
    });
  }
  return doors;
}

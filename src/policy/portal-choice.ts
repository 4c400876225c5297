import type { Portal } from '../config/index.ts';
import type { Place } from '../portals/index.ts';
import type { SignedIn } from './person.ts';
import { isForced, mayEnter, type Policy } from './policy.ts';

/** Those of a host's portals that a session's person may enter, in the order given. */
export function portalsOpenTo(policy: Policy, signedIn: SignedIn, hostPortals: readonly Portal[]): readonly Portal[] {
  return hostPortals.filter(portal => mayEnter(policy, signedIn, portal));
}

/**
 * The one portal that a request belongs to. A shared path belongs to whom it serves: first to a portal that the person may enter,
 * then to one that is open without a session, then to one where sign-in is forced.
 * @param emergency the client is one for whom, now, no portal counts as forced
 */
export function choosePortal(policy: Policy, place: Place, session: SignedIn | undefined, emergency: boolean): Portal {
  const { portals, route, shared } = place;
  if (!shared) return portals[0];
  const entered = session && portals.find(portal => mayEnter(policy, session, portal));
  return (
    entered ??
    portals.find(portal => (route.kind === 'auth' ? portal.nativeSignIn : portal.anonymous)) ??
    portals.find(portal => isForced(policy, portal, emergency)) ??
    portals[0]
  );
}

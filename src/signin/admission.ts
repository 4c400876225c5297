import type { Answer, Field } from '../answers/index.ts';
import type { Portal } from '../config/index.ts';
import { notAdmitted } from '../pages/index.ts';
import { applicableConnections, type Policy, portalsOpenTo, type SignedIn } from '../policy/index.ts';
import { signInPath, startPage } from './addresses.ts';
import type { SignInContext, Visit } from './visit.ts';

/** Whether a session counts on a host: its connection serves one of the host's portals. */
export function isOfHost(policy: Policy, signedIn: SignedIn, hostPortals: readonly Portal[]): boolean {
  return hostPortals.some(portal =>
    applicableConnections(policy, portal).some(({ name }) => name === signedIn.connection),
  );
}

/**
 * Rule 8: a person who is signed in but may not enter the portal. A page says why, with the way to the portals that they may enter,
 * another account and signing out; a program gets a problem document.
 */
export function notAdmittedPage(
  { answers, policy }: Pick<SignInContext, 'answers' | 'policy'>,
  visit: Pick<Visit, 'audience' | 'place'>,
  signedIn: SignedIn,
  portal: Portal,
  headers: readonly Field[] = [],
): Answer {
  const open = portalsOpenTo(policy, signedIn, visit.place.hostPortals);
  const content = notAdmitted({
    person: signedIn.person.name,
    username: signedIn.person.username,
    portal: portal.name,
    open: open.map(portal => ({ name: portal.name, href: startPage(portal) })),
    switchHref: signInPath({ returnPath: startPage(portal), portal: portal.name, switchAccount: true }),
  });
  return answers.refuse(visit.audience, { status: 403, content, headers });
}

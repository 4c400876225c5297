import type { Answer, Field } from '../answers/index.ts';
import type { Portal } from '../config/index.ts';
import { notAdmitted } from '../pages/index.ts';
import { portalsOpenTo, type SignedIn } from '../policy/index.ts';
import { signInPath, startPage } from './addresses.ts';
import type { SignInContext, Visit } from './visit.ts';

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
    open: open.map(({ name, url }) => ({ name, href: url })),
    switchHref: signInPath({ returnPath: startPage(portal), portal: portal.name, switchAccount: true }),
  });
  return answers.refuse(visit.audience, { status: 403, content, headers });
}

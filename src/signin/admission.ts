import type { Answer, Field } from '../answers/index.ts';
import type { Portal } from '../config/index.ts';
import { notAdmitted } from '../pages/index.ts';
import { applicableConnections, isForced, type Policy, portalsOpenTo, type SignedIn } from '../policy/index.ts';
import type { Session } from '../sessions/index.ts';
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
 * another account and signing out; a program gets a problem document. It is audited.
 * @param ways.returnPath where another account is to lead; left out: to the portal's start page
 */
export function notAdmittedPage(
  { answers, audit, config, policy }: Pick<SignInContext, 'answers' | 'audit' | 'config' | 'policy'>,
  visit: Pick<Visit, 'audience' | 'place' | 'client'>,
  session: Session,
  portal: Portal,
  { returnPath = startPage(portal), headers = [] }: { returnPath?: string; headers?: readonly Field[] } = {},
): Answer {
  const { person } = session;
  audit.record({
    action: 'refusal',
    outcome: 'failure',
    reason: 'NOT_ADMITTED',
    person: person.id,
    tenant: person.tid,
    connection: session.connection,
    portal: portal.name,
    session: session.id,
    client: visit.client,
    requestId: visit.audience.requestId,
  });
  const { hostPortals } = visit.place;
  const elsewhere = config.portals.filter(({ host }) => host !== portal.host);
  const content = notAdmitted({
    person: person.name,
    username: person.username,
    portal: portal.name,
    open: [
      ...portalsOpenTo(policy, session, hostPortals).map(open => ({ name: open.name, href: startPage(open) })),
      ...portalsOpenTo(policy, session, elsewhere).map(open => ({ name: open.name, href: entranceOf(policy, open) })),
    ],
    switchHref: signInPath({ returnPath, portal: portal.name, switchAccount: true }),
  });
  return answers.refuse(visit.audience, { status: 403, content, headers });
}

/** From another host, where this session does not reach: signing in is asked for where it is not forced. */
function entranceOf(policy: Policy, portal: Portal): string {
  if (isForced(policy, portal, false)) return portal.url;
  return portal.origin + signInPath({ returnPath: startPage(portal), portal: portal.name });
}

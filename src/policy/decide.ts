import { beforeSession, readsSession } from './before-session.ts';
import type { AccessRequest, Decision } from './decision.ts';
import type { SignedIn } from './person.ts';
import { countsFor, isForced, type Policy } from './policy.ts';
import { choosePortal } from './portal-choice.ts';
import { decideFromRow5, refuseNativeSignIn, type Situation } from './rows.ts';

/**
 * What the gateway does with a request (specification: The decision). The first row of the table that matches decides. Pure: the same
 * arguments always give the same decision.
 * @param session who is signed in on this browser and host, whatever the connection; ignored where {@link sessionMatters} is false
 */
export function decide(policy: Policy, request: AccessRequest, session: SignedIn | undefined): Decision {
  const { place, emergency } = request;
  const early = beforeSession(policy, request);
  const read = readsSession(request, early) ? session : undefined;
  const portal = choosePortal(policy, place, read, emergency);
  if (early !== undefined) return { ...early, portal };

  // Under Emergency nothing is forced, but what row 4 would have refused, had it not been for that, is told.
  const wouldBe = emergency ? choosePortal(policy, place, read, false) : portal;
  const refusal = refuseNativeSignIn(policy, request, wouldBe);
  if (refusal !== undefined && !emergency) return refusal;

  const situation = { policy, request, portal, forced: isForced(policy, portal, emergency) };
  const decision = decideFromRow5(withSession(situation, read));
  return refusal === undefined ? decision : { ...decision, emergencyUse: true };
}

/** A session of a connection that does not apply to the portal is no session there. */
function withSession(situation: Situation, session: SignedIn | undefined): Situation {
  const { policy, portal } = situation;
  return session !== undefined && countsFor(policy, session, portal) ? { ...situation, session } : situation;
}

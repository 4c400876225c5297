import type { Answer } from '../answers/index.ts';
import type { Portal } from '../config/index.ts';
import { crossOrigin, framedSignIn, nativeSignInRefused, signInRequired } from '../pages/index.ts';
import type { Decision } from '../policy/index.ts';
import type { Session } from '../sessions/index.ts';
import { notAdmittedPage, readReturnPath, signedOutPage, signInPath, startPage, type Visit } from '../signin/index.ts';
import type { ExchangeContext } from './context.ts';

/** What a decision that lets nobody through answers: the redirect of rule 11, a page, or a problem document. */
export function refusal(
  { answers, signIn }: ExchangeContext,
  visit: Visit,
  decision: Decision,
  session: Session | undefined,
): Answer {
  const { portal } = decision;
  const { target, route } = visit.place;
  const returnPath = target.path + target.query;
  if (decision.outcome === 'sign-in') return answers.redirect(302, wayToSignIn({ signIn }, visit, portal));

  const audience = { ...visit.audience, page: decision.page === true };
  if (decision.code === 'NOT_ADMITTED' && session) {
    const back = wayBack(signIn, visit, portal, returnPath);
    return notAdmittedPage(signIn, { ...visit, audience }, session, portal, { returnPath: back.returnPath });
  }
  if (decision.code === 'CROSS_ORIGIN') return answers.refuse(audience, { status: 403, content: crossOrigin() });
  if (decision.code === 'NATIVE_SIGN_IN_REFUSED') {
    const content = nativeSignInRefused({ signInHref: signInPath({ portal: portal.name }) });
    return answers.refuse(audience, { status: 403, content });
  }
  if (decision.code === 'SIGNED_OUT') {
    // Whoever comes from Halo's sign-out does not want to come back to it.
    return signedOutPage(signIn, { ...visit, audience }, 401, route.kind === 'auth' ? startPage(portal) : returnPath);
  }
  if (decision.framed) return answers.refuse(audience, { status: 401, content: framedSignIn({ href: returnPath }) });
  const path = signInPath({ returnPath: startPage(portal), portal: portal.name });
  return answers.refuse(audience, { status: 401, content: signInRequired({ signInHref: path }), signIn: path });
}

/** Where rule 11 leads: a path of the host. */
export function wayToSignIn({ signIn }: Pick<ExchangeContext, 'signIn'>, visit: Visit, portal: Portal): string {
  const { path, query } = visit.place.target;
  return signInPath(wayBack(signIn, visit, portal, path + query));
}

/** Where signing in is to lead: back to the request, or, where nobody could come back to it, to its portal's start page. */
function wayBack(
  { locate }: ExchangeContext['signIn'],
  visit: Visit,
  portal: Portal,
  returnPath: string,
): { readonly returnPath: string; readonly portal?: string } {
  const isRead = visit.method === 'GET' || visit.method === 'HEAD';
  if (isRead && readReturnPath(locate, visit.origin, returnPath)) return { returnPath };
  return { returnPath: startPage(portal), portal: portal.name };
}

import type { Portal } from '../config/index.ts';
import type { AccessRequest, Decision } from './decision.ts';
import { headerOf } from './headers.ts';
import { nativeSignInOf, tokenRequestOf } from './native-sign-in.ts';
import { isFramed, isNavigation, isSeen } from './navigation.ts';
import { mayUpgrade, mayWrite } from './origin.ts';
import type { SignedIn } from './person.ts';
import { applicableConnections, isForced, mayEnter, type Policy } from './policy.ts';
import { isLogout } from './sign-out.ts';

/** What the rows from 4 on are decided on. */
export interface Situation {
  readonly policy: Policy;
  readonly request: AccessRequest;
  readonly portal: Portal;
  /** Whether sign-in is forced on the portal, Emergency counted in. */
  readonly forced: boolean;
  /** A session of a connection that is applicable to the portal. */
  readonly session?: SignedIn;
}

/** One row of the table, or two that belong together; undefined where it does not match. */
type Row = (situation: Situation) => Decision | undefined;

/** `Bearer` and something after it. */
const BEARER = /^bearer[ \t]+[^ \t]/i;

const noConnection: Row = ({ policy, portal }) =>
  applicableConnections(policy, portal).length === 0
    ? { rule: 5, outcome: 'forward', portal, why: "No connection applies to the portal: Halo's own login serves." }
    : undefined;

const admitted: Row = ({ policy, request, portal, session }) => {
  if (session === undefined || !mayEnter(policy, session, portal)) return undefined;
  if (isFromPortal(request, portal)) {
    return { rule: 6, outcome: 'identity', portal, why: 'The person may enter the portal.' };
  }
  const why = request.websocket ? 'A WebSocket from another origin.' : 'A write from another origin.';
  return refuse(request, { rule: 7, portal, status: 403, code: 'CROSS_ORIGIN', why });
};

const notAdmitted: Row = ({ request, portal, forced, session }) =>
  forced && session !== undefined
    ? refuse(request, {
        rule: 8,
        portal,
        status: 403,
        code: 'NOT_ADMITTED',
        why: 'The person may not enter the portal.',
      })
    : undefined;

const notForced: Row = ({ portal, forced }) =>
  forced
    ? undefined
    : { rule: 9, outcome: 'forward', portal, why: "Sign-in is not forced on the portal: Halo's login screen serves." };

const machine: Row = ({ policy, request, portal }) => {
  const token = tokenRequestOf(request);
  if (token !== undefined && 'grant' in token && policy.grants.has(token.grant)) {
    return { rule: 10, outcome: 'forward', portal, why: 'A token request with a grant that needs no session.' };
  }
  if (
    policy.bearer &&
    request.place.route.kind === 'api' &&
    BEARER.test(headerOf(request.headers, 'authorization') ?? '')
  ) {
    return { rule: 10, outcome: 'forward', portal, why: 'An API request with a bearer token.' };
  }
  return undefined;
};

const navigation: Row = ({ request, portal }) => {
  if (!isNavigation(request)) return undefined;
  const shown = { rule: 11, outcome: 'refuse', portal, status: 401, page: true } as const;
  if (isFramed(request)) {
    const why = 'Sign-in is forced on the portal and cannot be shown in a frame.';
    return { ...shown, code: 'SIGN_IN_REQUIRED', framed: true, why };
  }
  if (isLogout(request)) return { ...shown, code: 'SIGNED_OUT', why: 'Nobody is signed in who could sign out.' };
  if (request.signedOut) return { ...shown, code: 'SIGNED_OUT', why: 'The browser has just signed out.' };
  return { rule: 11, outcome: 'sign-in', portal, why: 'Sign-in is forced on the portal.' };
};

const ROWS_FROM_5: readonly Row[] = [noConnection, admitted, notAdmitted, notForced, machine, navigation];

/** Row 4: while sign-in is forced, Halo's own password login is shut on the portal. Undefined where it does not match. */
export function refuseNativeSignIn(policy: Policy, request: AccessRequest, portal: Portal): Decision | undefined {
  if (portal.nativeSignIn || !(policy.agentsForced || isForced(policy, portal, false))) return undefined;
  const why = nativeSignInOf(request);
  if (why === undefined) return undefined;
  return refuse(request, { rule: 4, portal, status: 403, code: 'NATIVE_SIGN_IN_REFUSED', why });
}

/** Rows 5 to 12: the first that matches, and the last row matches always. */
export function decideFromRow5(situation: Situation): Decision {
  for (const row of ROWS_FROM_5) {
    const decision = row(situation);
    if (decision !== undefined) return decision;
  }
  const why = 'Sign-in is forced on the portal and a redirect would lead nowhere.';
  return refuse(situation.request, { rule: 12, portal: situation.portal, status: 401, code: 'SIGN_IN_REQUIRED', why });
}

function isFromPortal(request: AccessRequest, portal: Portal): boolean {
  if (request.websocket) return mayUpgrade(request, portal);
  const { method } = request;
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || mayWrite(request, portal);
}

type Refusal = Required<Pick<Decision, 'rule' | 'portal' | 'status' | 'code' | 'why'>>;

function refuse(request: AccessRequest, refusal: Refusal): Decision {
  return { ...refusal, outcome: 'refuse', page: isSeen(request) };
}

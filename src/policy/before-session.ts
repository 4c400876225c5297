import type { AccessRequest, Decision } from './decision.ts';
import { headerOf } from './headers.ts';
import type { Policy } from './policy.ts';

/** A row that decides, as far as it does without the portal. */
type Row = Pick<Decision, 'rule' | 'outcome' | 'why'>;

const CALLBACKS: ReadonlySet<string> = new Set([
  'account/azureresponse',
  'account/samlresponse',
  'account/openidresponse',
]);

const OWN_ROUTE: Row = Object.freeze({ rule: 1, outcome: 'own', why: "It is one of the gateway's own paths." });
const OWN_CALLBACK: Row = Object.freeze({
  rule: 1,
  outcome: 'own',
  why: 'It answers a sign-in that the gateway began.',
});
const CALLBACK: Row = Object.freeze({ rule: 2, outcome: 'forward', why: "It is one of Halo's own callbacks." });
const PREFLIGHT: Row = Object.freeze({ rule: 3, outcome: 'forward', why: 'It is a CORS preflight.' });
const PUBLIC: Row = Object.freeze({ rule: 3, outcome: 'forward', why: 'It is a public route.' });

/** Rows 1 to 3, which decide whoever asks. */
export function beforeSession(policy: Policy, request: AccessRequest): Row | undefined {
  const { route } = request.place;
  if (route.kind === 'own') return OWN_ROUTE;
  if (request.ourCallback) return OWN_CALLBACK;
  if (route.kind === 'import' || (route.kind === 'auth' && CALLBACKS.has(route.rest))) return CALLBACK;
  if (isPreflight(request)) return PREFLIGHT;
  return policy.publicRoutes(request.method, request.place) ? PUBLIC : undefined;
}

/**
 * Whether the decision on a request reads the session. On a shared path Halo's callbacks go to the site of the portal that the
 * person may enter, so there it does.
 */
export function sessionMatters(policy: Policy, request: AccessRequest): boolean {
  return readsSession(request, beforeSession(policy, request));
}

/** {@link sessionMatters}, where it is known which of rows 1 to 3 decides. */
export function readsSession(request: AccessRequest, row: Row | undefined): boolean {
  return row === undefined || (row.rule === 2 && request.place.shared);
}

function isPreflight({ method, headers }: AccessRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headerOf(headers, 'origin') !== undefined &&
    headerOf(headers, 'access-control-request-method') !== undefined
  );
}

import type { Answer, Field } from '../answers/index.ts';
import { signInFailed } from '../pages/index.ts';
import type { Policy } from '../policy/index.ts';
import { signInPath } from './addresses.ts';
import { adminConsentUrl } from './admin-consent.ts';
import { SignInError, type SignInFailure } from './errors.ts';
import type { State } from './transaction.ts';
import type { SignInContext, Visit } from './visit.ts';

/** The person's side is 4xx, the provider's and the gateway's 5xx. */
const STATUS: Readonly<Record<SignInFailure, number>> = {
  SIGN_IN_CANCELLED: 400,
  ACCOUNT_NOT_IN_ORGANISATION: 403,
  ACCESS_NOT_ASSIGNED: 403,
  CONSENT_REQUIRED: 403,
  ORGANISATION_NOT_SET_UP: 403,
  INTERACTION_REQUIRED: 400,
  BLOCKED_BY_POLICY: 403,
  ACCOUNT_DISABLED: 403,
  SIGN_IN_MISCONFIGURED: 500,
  SIGN_IN_LOOP: 400,
  PROVIDER_ERROR: 502,
  CODE_REJECTED: 400,
  PROVIDER_UNREACHABLE: 503,
  TOKEN_INVALID: 502,
  TENANT_NOT_ADMITTED: 403,
  GROUPS_OVERAGE: 403,
  GROUPS_UNREACHABLE: 503,
  CALLBACK_INVALID: 400,
  COOKIES_BLOCKED: 400,
};

/** Another try with the same account would end the same way: the provider is to ask which one. */
const SWITCH: ReadonlySet<SignInFailure> = new Set([
  'ACCOUNT_NOT_IN_ORGANISATION',
  'TENANT_NOT_ADMITTED',
  'ORGANISATION_NOT_SET_UP',
  'ACCOUNT_DISABLED',
]);

/** Nobody can sign in, or nobody of an organisation, until an operator has acted. */
export const ALERT: ReadonlySet<SignInFailure> = new Set(['SIGN_IN_MISCONFIGURED', 'ORGANISATION_NOT_SET_UP']);

/** The provider does not answer now: another try is worth it. */
const PASSING: ReadonlySet<SignInFailure> = new Set(['PROVIDER_UNREACHABLE', 'GROUPS_UNREACHABLE']);

/** Whether a sign-in failed on the side of whoever signs in: what the provider and the gateway do wrong is not their doing. */
export function isOfPerson(error: unknown): boolean {
  return error instanceof SignInError && STATUS[error.code] < 500;
}

/** How soon to try again then, in seconds. */
const RETRY_AFTER: Field = ['Retry-After', '10'];

/**
 * The page that a failed sign-in ends in, and its audit event; where an operator must act, an error in the log as well.
 * @param state of the attempt, where it is known: leads the way to another attempt
 * @throws whatever is not a {@link SignInError}
 */
export function failurePage(
  context: SignInContext,
  visit: Visit,
  error: unknown,
  state: State | undefined,
  headers: readonly Field[] = [],
): Answer {
  if (!(error instanceof SignInError)) throw error;
  const { answers, audit, log } = context;
  const { code, detail } = error;
  const why = [detail.why, detail.error, detail.aadsts && `AADSTS${detail.aadsts}`].filter(Boolean).join(' ');
  if (ALERT.has(code)) {
    const { requestId } = visit.audience;
    log.error(
      { reason: code, detail: why, connection: state?.connection, requestId },
      'sign-in needs an operator: halogate doctor tries the connection',
    );
  }
  audit.record({
    action: 'sign-in',
    outcome: 'failure',
    reason: code,
    detail: why,
    ...(detail.tid === undefined ? {} : { tenant: detail.tid }),
    ...(state ? { connection: state.connection, portal: state.portal } : {}),
    client: visit.client,
    requestId: visit.audience.requestId,
  });
  const switchAccount = SWITCH.has(code);
  const retry = {
    ...(state ? { returnPath: state.returnPath, portal: state.portal } : {}),
    // Another account may be at home in another connection.
    ...(state && !switchAccount ? { connection: state.connection } : {}),
    switchAccount,
  };
  const content = signInFailed(code, {
    retryHref: signInPath(retry),
    details: {
      ...(detail.tid === undefined ? {} : { tenant: tenantOf(context.policy, detail.tid) }),
      ...(detail.aadsts === undefined ? {} : { providerCode: `AADSTS${detail.aadsts}` }),
      ...(detail.correlationId === undefined ? {} : { correlationId: detail.correlationId }),
    },
    ...(code === 'CONSENT_REQUIRED' && state ? consentOf(context, state) : {}),
  });
  return answers.refuse(
    { ...visit.audience, page: true },
    { status: STATUS[code], content, headers: PASSING.has(code) ? [RETRY_AFTER, ...headers] : headers },
  );
}

/** The tenant that was turned away, with its name where another connection admits it. */
function tenantOf({ tenants }: Policy, id: string): { readonly id: string; readonly name?: string } {
  const name = [...tenants.values()].flatMap(admitted => admitted.get(id)?.name ?? [])[0];
  return { id, ...(name === undefined ? {} : { name }) };
}

/** Where an administrator approves the app, and whence they come back to the same sign-in. */
function consentOf({ config, transactions, now }: SignInContext, state: State): { readonly adminConsentHref?: string } {
  const connection = config.connections.find(({ name }) => name === state.connection);
  const portal = config.portals.find(({ name }) => name === state.portal);
  if (!connection || !portal) return {};
  const stateText = transactions.sealState({ ...state, time: now(), again: false });
  const adminConsentHref = adminConsentUrl(connection, portal, config, stateText);
  return adminConsentHref === undefined ? {} : { adminConsentHref };
}

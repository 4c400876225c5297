/** Why a sign-in failed: stable codes that the page, the log and the metrics share. */
export type SignInFailure =
  | 'SIGN_IN_CANCELLED'
  | 'ACCOUNT_NOT_IN_ORGANISATION'
  | 'ACCESS_NOT_ASSIGNED'
  | 'CONSENT_REQUIRED'
  | 'ORGANISATION_NOT_SET_UP'
  | 'INTERACTION_REQUIRED'
  | 'BLOCKED_BY_POLICY'
  | 'ACCOUNT_DISABLED'
  | 'SIGN_IN_MISCONFIGURED'
  | 'SIGN_IN_LOOP'
  | 'PROVIDER_ERROR'
  | 'CODE_REJECTED'
  | 'PROVIDER_UNREACHABLE'
  | 'TOKEN_INVALID'
  | 'TENANT_NOT_ADMITTED'
  | 'GROUPS_OVERAGE'
  | 'GROUPS_UNREACHABLE'
  | 'CALLBACK_INVALID'
  | 'COOKIES_BLOCKED';

/** What the log may say beside the code, and the page shows as small print. Never a code, token, state or secret. */
export interface FailureDetail {
  /** For the log alone: which check failed. */
  readonly why?: string;
  /** The tenant that was turned away, to be copied into the settings. */
  readonly tid?: string;
  /** The provider's `error`, as it came. */
  readonly error?: string;
  /** The provider's AADSTS number. */
  readonly aadsts?: string;
  /** By which the provider's own log knows the attempt. */
  readonly correlationId?: string;
}

/** A sign-in that ends in a page; no session comes of it. */
export class SignInError extends Error {
  readonly code: SignInFailure;
  readonly detail: FailureDetail;
  constructor(code: SignInFailure, detail: FailureDetail = {}, options?: ErrorOptions) {
    super(`Sign-in failed: ${code}`, options);
    this.name = 'SignInError';
    this.code = code;
    this.detail = detail;
  }
}

/** Numbers of Entra (AADSTS…) whose meaning is narrower than their `error`. */
const BY_NUMBER: Readonly<Record<string, SignInFailure>> = {
  65004: 'SIGN_IN_CANCELLED',
  50020: 'ACCOUNT_NOT_IN_ORGANISATION',
  90072: 'ACCOUNT_NOT_IN_ORGANISATION',
  50034: 'ACCOUNT_NOT_IN_ORGANISATION',
  51004: 'ACCOUNT_NOT_IN_ORGANISATION',
  16000: 'ACCOUNT_NOT_IN_ORGANISATION',
  500200: 'ACCOUNT_NOT_IN_ORGANISATION',
  50105: 'ACCESS_NOT_ASSIGNED',
  65001: 'CONSENT_REQUIRED',
  90094: 'CONSENT_REQUIRED',
  90095: 'CONSENT_REQUIRED',
  700016: 'ORGANISATION_NOT_SET_UP',
  90002: 'ORGANISATION_NOT_SET_UP',
  50194: 'ORGANISATION_NOT_SET_UP',
  50058: 'INTERACTION_REQUIRED',
  50076: 'INTERACTION_REQUIRED',
  50079: 'INTERACTION_REQUIRED',
  53000: 'BLOCKED_BY_POLICY',
  53003: 'BLOCKED_BY_POLICY',
  530032: 'BLOCKED_BY_POLICY',
  50057: 'ACCOUNT_DISABLED',
  50173: 'CODE_REJECTED',
  70008: 'CODE_REJECTED',
  700082: 'CODE_REJECTED',
  70043: 'CODE_REJECTED',
  7000215: 'SIGN_IN_MISCONFIGURED',
  7000222: 'SIGN_IN_MISCONFIGURED',
  700027: 'SIGN_IN_MISCONFIGURED',
  50196: 'SIGN_IN_LOOP',
};

/** RFC 6749 section 4.1.2.1 and 5.2, OpenID Connect Core section 3.1.2.6. */
const BY_ERROR: Readonly<Record<string, SignInFailure>> = {
  access_denied: 'SIGN_IN_CANCELLED',
  consent_required: 'CONSENT_REQUIRED',
  login_required: 'INTERACTION_REQUIRED',
  interaction_required: 'INTERACTION_REQUIRED',
  account_selection_required: 'INTERACTION_REQUIRED',
  unauthorized_client: 'ORGANISATION_NOT_SET_UP',
  invalid_client: 'SIGN_IN_MISCONFIGURED',
  invalid_request: 'SIGN_IN_MISCONFIGURED',
  invalid_scope: 'SIGN_IN_MISCONFIGURED',
  unsupported_response_type: 'SIGN_IN_MISCONFIGURED',
  unsupported_grant_type: 'SIGN_IN_MISCONFIGURED',
  invalid_grant: 'CODE_REJECTED',
};

/**
 * The failure that a provider's answer tells of. The description is read for its numbers alone and shown to nobody: whoever
 * can send a person to the callback writes it.
 */
export function providerFailure(error: string, description: string | undefined): SignInError {
  const aadsts = description?.match(/AADSTS(\d{5,8})/)?.[1];
  const correlationId = description?.match(/Correlation ID: ([0-9a-f-]{36})/i)?.[1];
  const code = (aadsts && BY_NUMBER[aadsts]) || BY_ERROR[error] || 'PROVIDER_ERROR';
  return new SignInError(code, {
    error: /^[\x21-\x7e]{1,64}$/.test(error) ? error : 'unreadable',
    ...(aadsts ? { aadsts } : {}),
    ...(correlationId ? { correlationId } : {}),
  });
}

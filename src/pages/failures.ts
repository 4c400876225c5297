/** The action that each failed sign-in offers; none where another attempt would only fail again. The codes are those of the sign-in. */
export const RETRY = {
  SIGN_IN_CANCELLED: 'tryAgain',
  ACCOUNT_NOT_IN_ORGANISATION: 'useAnother',
  TENANT_NOT_ADMITTED: 'useAnother',
  ACCESS_NOT_ASSIGNED: 'tryAgain',
  CONSENT_REQUIRED: 'tryAgain',
  ORGANISATION_NOT_SET_UP: 'useAnother',
  INTERACTION_REQUIRED: 'signInAgain',
  BLOCKED_BY_POLICY: 'tryAgain',
  ACCOUNT_DISABLED: 'useAnother',
  SIGN_IN_MISCONFIGURED: 'none',
  SIGN_IN_LOOP: 'signInAgain',
  PROVIDER_ERROR: 'tryAgain',
  CODE_REJECTED: 'signInAgain',
  PROVIDER_UNREACHABLE: 'tryAgain',
  TOKEN_INVALID: 'tryAgain',
  GROUPS_OVERAGE: 'none',
  GROUPS_UNREACHABLE: 'tryAgain',
  CALLBACK_INVALID: 'signInAgain',
  COOKIES_BLOCKED: 'signInAgain',
} as const satisfies Readonly<Record<string, 'tryAgain' | 'useAnother' | 'signInAgain' | 'none'>>;

/** The codes of failed sign-ins that have words. */
export type SignInFailedCode = keyof typeof RETRY;

import type { ErrorContent, PageAction } from './api.ts';
import { type FailureWords, texts } from './texts/index.ts';

/** The codes of failed sign-ins that have words. */
export type SignInFailedCode = keyof typeof texts.signInFailed;

/** What is known of a failed sign-in and may be shown; every part is optional. */
export interface SignInFacts {
  /** The organisation that the person came from; its name where it is known. */
  readonly tenant?: { readonly id: string; readonly name?: string };
  /** The provider's own number of the error. */
  readonly providerCode?: string;
  /** By which the provider's own log knows the attempt. */
  readonly correlationId?: string;
}

/**
 * Tells why a sign-in failed and what to do about it.
 * @param code which failure it was
 * @param input.retryHref starts another sign-in
 * @param input.details shown small, for whoever is asked for help
 * @param input.adminConsentHref where an administrator of the person's organisation approves the app: shown under CONSENT_REQUIRED
 */
export function signInFailed(
  code: SignInFailedCode,
  input: { readonly retryHref: string; readonly details: SignInFacts; readonly adminConsentHref?: string },
): ErrorContent {
  const { heading, action }: FailureWords = texts.signInFailed[code];
  const retry: PageAction[] =
    action === undefined ? [] : [{ kind: 'link', href: input.retryHref, label: action, primary: true }];
  return {
    heading,
    paragraphs: paragraphsOf(code, input.details),
    actions: [...retry, ...consent(code, input.adminConsentHref)],
    code,
    details: smallPrint(input.details),
  };
}

function paragraphsOf(code: SignInFailedCode, { tenant }: SignInFacts): readonly string[] {
  const { paragraphs }: FailureWords = texts.signInFailed[code];
  return typeof paragraphs === 'function' ? paragraphs(tenant && (tenant.name ?? tenant.id)) : paragraphs;
}

function consent(code: SignInFailedCode, href: string | undefined): PageAction[] {
  if (code !== 'CONSENT_REQUIRED' || href === undefined) return [];
  return [{ kind: 'link', href, label: texts.signInFailed.CONSENT_REQUIRED.approve }];
}

function smallPrint({ tenant, providerCode, correlationId }: SignInFacts): NonNullable<ErrorContent['details']> {
  const { smallPrint: labels } = texts;
  const rows = [
    { label: labels.tenant, value: tenant?.id },
    { label: labels.providerCode, value: providerCode },
    { label: labels.correlationId, value: correlationId },
  ];
  return rows.flatMap(({ label, value }) => (value === undefined ? [] : [{ label, value }]));
}

import type { ErrorContent, PageAction, Said } from './api.ts';
import { RETRY, type SignInFailedCode } from './failures.ts';
import { isolated } from './names.ts';
import { primaryLink } from './said.ts';
import type { Texts } from './texts/index.ts';

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
  const { retryHref, details, adminConsentHref } = input;
  const retry = RETRY[code];
  return {
    say: texts => {
      const [heading, ...paragraphs] = texts.signInFailed[code];
      return {
        heading,
        paragraphs: code === 'TENANT_NOT_ADMITTED' ? naming(details, paragraphs, texts) : paragraphs,
        actions: [
          ...(retry === 'none' ? [] : [primaryLink(retryHref, texts.actions[retry])]),
          ...(code === 'CONSENT_REQUIRED' ? consent(adminConsentHref, texts) : []),
        ],
        details: smallPrint(details, texts),
      };
    },
    code,
  };
}

function naming({ tenant }: SignInFacts, [first, ...more]: readonly string[], texts: Texts): readonly string[] {
  const opening = tenant ? texts.organisationNotAdmitted(isolated(tenant.name ?? tenant.id)) : first;
  return opening === undefined ? more : [opening, ...more];
}

function consent(href: string | undefined, { actions }: Texts): readonly PageAction[] {
  return href === undefined ? [] : [{ kind: 'link', href, label: actions.approve }];
}

function smallPrint(
  { tenant, providerCode, correlationId }: SignInFacts,
  { smallPrint: labels }: Texts,
): NonNullable<Said['details']> {
  const rows = [
    { label: labels.organisation, value: tenant?.id },
    { label: labels.providerCode, value: providerCode },
    { label: labels.correlationId, value: correlationId },
  ];
  return rows.flatMap(({ label, value }) => (value === undefined ? [] : [{ label, value }]));
}

import type { ErrorContent } from './api.ts';
import { type FailureWords, texts } from './texts/index.ts';

/** The codes of failed sign-ins that have words. */
export type SignInFailedCode = keyof typeof texts.signInFailed;

/**
 * Tells why a sign-in failed and what to do about it.
 * @param code which failure it was
 * @param input.retryHref starts another sign-in
 * @param input.details small print for whoever is asked for help, such as the provider's correlation id
 */
export function signInFailed(
  code: SignInFailedCode,
  input: { readonly retryHref: string; readonly details: NonNullable<ErrorContent['details']> },
): ErrorContent {
  const { heading, paragraphs, action }: FailureWords = texts.signInFailed[code];
  return {
    heading,
    paragraphs,
    actions: action === undefined ? [] : [{ kind: 'link', href: input.retryHref, label: action, primary: true }],
    code,
    details: input.details,
  };
}

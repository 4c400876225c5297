import { domainToASCII } from 'node:url';

/** Letters (of any script), digits, `-`, `_` and `.`: in anything else the conversion would read more than is written. */
const DOMAIN = /^[\p{L}\p{M}\p{N}._-]+$/u;
const ASCII = /^[\x21-\x7e]+$/;

/**
 * A domain for comparison: in lower-case ASCII (RFC 5891 A-labels), so that both spellings of an internationalised one are the same.
 * Undefined for what is no domain, and for a label of ASCII that is written in other signs: they only look like it.
 */
export function comparableDomain(domain: string): string | undefined {
  if (!DOMAIN.test(domain)) return undefined;
  const labels = domain.split('.');
  const converted = domainToASCII(domain).split('.');
  if (converted.length !== labels.length) return undefined;
  const isSame = converted.every(
    (label, at) => label !== '' && (label.startsWith('xn--') || ASCII.test(labels[at] ?? '')),
  );
  return isSame ? converted.join('.') : undefined;
}

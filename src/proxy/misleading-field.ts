import type { IdentityConfig } from '../config/index.ts';
import type { RawHeaders } from './api.ts';
import { canonicalName } from './field-name.ts';
import { identityHeaderNames } from './identity-names.ts';

/** Fields that make another method of a request than the one that was decided on. */
export const METHOD_OVERRIDES: readonly string[] = ['x-http-method', 'x-http-method-override', 'x-method-override'];

/**
 * The first field by which Halo would see another request, or another person, than was decided on, were it forwarded as it came: a
 * method override, or an identity header in a spelling that an answer with the true one does not overwrite.
 * @returns its name in lower case
 */
export function misleadingField(raw: RawHeaders, identity: IdentityConfig): string | undefined {
  const overwritten = new Set(identityHeaderNames(identity).map(name => name.toLowerCase()));
  const misleading = new Set([...METHOD_OVERRIDES, ...[...overwritten].map(canonicalName)]);
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    if (misleading.has(canonicalName(name)) && !overwritten.has(name)) return name;
  }
  return undefined;
}

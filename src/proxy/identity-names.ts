import { defaultIdentityHeaders, type IdentityConfig } from '../config/index.ts';
import { canonicalName } from './field-name.ts';

/**
 * The names of the fields that say who somebody is: those of the settings, and the default ones, which Halo may trust whatever the
 * settings use. Nobody but the gateway sends them.
 */
export function identityHeaderNames({ headers, assertion }: IdentityConfig): readonly string[] {
  const configured = headers.map(({ name }) => name);
  if (assertion !== undefined) configured.push(assertion.header);
  const known = new Set(configured.map(canonicalName));
  return [...configured, ...defaultIdentityHeaders.filter(name => !known.has(canonicalName(name)))];
}

import type { Person } from '../policy/index.ts';
import { invalid, optionalText, type RawClaims, requiredText, textList } from './claim-values.ts';

/**
 * The person whom the claims of a general OpenID provider name: `iss` and `sub`, no tenant, no guest.
 * @throws SignInError `TOKEN_INVALID`
 */
export function oidcPerson(claims: RawClaims): Omit<Person, 'groups'> {
  const iss = requiredText(claims, 'iss');
  const sub = requiredText(claims, 'sub');
  const verified = claims.email_verified;
  if (verified !== undefined && typeof verified !== 'boolean') throw invalid('email_verified is not a boolean');
  const username = optionalText(claims, 'preferred_username') ?? sub;
  const email = optionalText(claims, 'email') ?? '';
  return {
    id: `${iss}|${sub}`,
    tid: '',
    oid: sub,
    username,
    email: verified === true ? email : '',
    name: optionalText(claims, 'name') ?? username,
    roles: textList(claims, 'roles'),
    guest: false,
  };
}

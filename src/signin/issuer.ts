import * as oidc from 'openid-client';
import type { Connection } from '../config/index.ts';
import { GUID, invalid, type RawClaims } from './claim-values.ts';
import { SignInError } from './errors.ts';

type Authority = Pick<Connection, 'authority'>;

/** Stands for the tenant in the issuer that the metadata for many tenants name. */
const TEMPLATE = '{tenantid}';

/** The issuer of a tenant's tokens at an authority (version 2.0). @param tenant its id in lower case */
export function issuerOf({ authority }: Authority, tenant: string): string {
  return `${authority}/${tenant}/v2.0`;
}

/** The one address at whose origin `openid-client` takes metadata with a templated issuer, and fills it in with a token's `tid`. */
const PUBLIC_CLOUD = 'https://login.microsoftonline.com/organizations/v2.0';
const WELL_KNOWN = '/.well-known/openid-configuration';

/**
 * Discovers the metadata for people of many tenants. The library asks for those of the public cloud; what is asked is the connection's
 * own authority, whichever that is, and every other address comes from its answer.
 * @returns a configuration that takes ID tokens whose `iss` is that of their own `tid`: which tenants are admitted is the caller's to check
 * @throws SignInError `PROVIDER_UNREACHABLE` where the authority describes another issuer, and what the library throws
 */
export async function discoverTenants(
  connection: Connection,
  authentication: oidc.ClientAuth,
  options: oidc.DiscoveryRequestOptions & { readonly [oidc.customFetch]: oidc.CustomFetch },
): Promise<oidc.Configuration> {
  const { [oidc.customFetch]: ask } = options;
  const configuration = await oidc.discovery(new URL(PUBLIC_CLOUD), connection.clientId, undefined, authentication, {
    ...options,
    [oidc.customFetch]: (url, request) =>
      ask(url === PUBLIC_CLOUD + WELL_KNOWN ? connection.issuer + WELL_KNOWN : url, request),
  });
  // For the public cloud the library does not compare it.
  if (configuration.serverMetadata().issuer !== issuerOf(connection, TEMPLATE)) {
    throw new SignInError('PROVIDER_UNREACHABLE', { why: 'the authority describes another issuer' });
  }
  return configuration;
}

/**
 * An authorization response as the library can check it: it knows the issuer's template alone, so the template takes the place of the
 * tenant's issuer (RFC 9207 section 2.4).
 * @returns the response, and the issuer that it named, which is to be compared with the token's
 * @throws SignInError `CALLBACK_INVALID` for the issuer of no tenant of this authority: the code is not sent to anybody
 */
export function templateIssuer(
  connection: Authority,
  response: URL,
): { readonly response: URL; readonly named: string | null } {
  const named = response.searchParams.get('iss');
  if (named === null) return { response, named };
  const [before = '', after = ''] = issuerOf(connection, TEMPLATE).split(TEMPLATE);
  const tenant = named.slice(before.length, -after.length);
  if (!GUID.test(tenant) || named !== issuerOf(connection, tenant)) throw foreignResponse();
  const templated = new URL(response);
  templated.searchParams.set('iss', issuerOf(connection, TEMPLATE));
  return { response: templated, named };
}

/**
 * The token is of the tenant that the response named, if it named one, and signed with a key that may sign for that tenant: where any
 * tenant may sign in, keys are published that may sign for one alone, private accounts for example (Microsoft identity platform,
 * "Validate the signing key issuer").
 * @throws SignInError
 */
export function checkTokenIssuer(
  configuration: oidc.Configuration,
  named: string | null,
  { idToken, claims }: { readonly idToken: string; readonly claims: RawClaims },
): void {
  if (named !== null && named !== claims.iss) throw foreignResponse();
  const header: unknown = JSON.parse(Buffer.from(idToken.split('.')[0] ?? '', 'base64url').toString());
  const kid = typeof header === 'object' && header !== null && 'kid' in header ? header.kid : undefined;
  const keys = oidc.getJwksCache(configuration)?.jwks.keys ?? [];
  for (const key of keys.filter(key => kid === undefined || key.kid === kid)) {
    const issuer: unknown = 'issuer' in key ? key.issuer : undefined;
    if (issuer === undefined) continue;
    if (String(issuer).replace(TEMPLATE, String(claims.tid)) !== claims.iss) {
      throw invalid('the key may not sign for this tenant');
    }
  }
}

function foreignResponse(): SignInError {
  return new SignInError('CALLBACK_INVALID', { why: 'iss is of another issuer' });
}

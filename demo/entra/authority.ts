import { EntraError } from './errors.ts';
import { type Person, TENANTS } from './people.ts';

/** The authorities through which any organisation may sign in. */
const MULTI_TENANT = new Set(['organizations', 'common']);

/** What the first segment of a path names: one tenant, or any. */
export type Authority = { readonly tenant: string } | 'any';

/** Reads the first segment of a path. @throws {EntraError} for a tenant that does not exist. */
export function authorityOf(segment: string): Authority {
  const name = segment.toLowerCase();
  if (MULTI_TENANT.has(name)) return 'any';
  const tenant = TENANTS.find(known => known.id === name || known.domain === name);
  if (!tenant) throw new EntraError('invalid_tenant', 90002);
  return { tenant: tenant.id };
}

/** The tenant that issues tokens for a person at an authority; undefined where it does not know them. */
export function issuingTenant(authority: Authority, person: Person): string | undefined {
  if (authority === 'any') return person.home;
  return person.oids[authority.tenant] ? authority.tenant : undefined;
}

/** The discovery document. Like the real one it names no `code_challenge_methods_supported`. */
export function discoveryDocument(url: string, segment: string): Record<string, unknown> {
  const authority = authorityOf(segment);
  const name = authority === 'any' ? segment.toLowerCase() : authority.tenant;
  return {
    issuer: `${url}/${authority === 'any' ? '{tenantid}' : name}/v2.0`,
    authorization_endpoint: `${url}/${name}/oauth2/v2.0/authorize`,
    token_endpoint: `${url}/${name}/oauth2/v2.0/token`,
    end_session_endpoint: `${url}/${name}/oauth2/v2.0/logout`,
    jwks_uri: `${url}/${name}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_modes_supported: ['query', 'form_post'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    request_uri_parameter_supported: false,
    http_logout_supported: true,
  };
}

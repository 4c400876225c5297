import type { Connection } from '../config/index.ts';
import { clientToken } from './client-token.ts';
import { SignInError } from './errors.ts';
import { issuerOf } from './issuer.ts';

/** Entra's number for a tenant that does not know the application. */
const UNKNOWN_APPLICATION = '700016';
/** At how many tenants a credential is tried at most. */
const MOST_TENANTS = 5;

/** What came of trying a connection's credential. */
export type CredentialTrial =
  /** The provider took it; `tenant` is where, of a multi-tenant connection. */
  | { readonly result: 'accepted'; readonly tenant?: string }
  /** There is no way to try it but a sign-in. */
  | { readonly result: 'untried'; readonly why: 'no-grant' | 'no-tenant' }
  | { readonly result: 'refused'; readonly error: SignInError; readonly tenant?: string };

/**
 * Asks for a token for the application itself, so that the provider examines its credential. The token is thrown away.
 * @param signal gives up
 */
export async function tryCredential(connection: Connection, signal: AbortSignal): Promise<CredentialTrial> {
  if (connection.provider === 'oidc') return tryAt(connection, { issuer: connection.issuer }, signal);
  const scope = `${connection.graph}/.default`;
  if (connection.tenantType === 'single') return tryAt(connection, { issuer: connection.issuer, scope }, signal);

  let last: CredentialTrial = { result: 'untried', why: 'no-tenant' };
  for (const tenant of tenantsOf(connection).slice(0, MOST_TENANTS)) {
    const trial = await tryAt(connection, { issuer: issuerOf(connection, tenant), scope }, signal);
    last = trial.result === 'untried' ? trial : { ...trial, tenant };
    // A customer may not have approved the application yet; that says nothing of the credential.
    if (trial.result !== 'refused' || trial.error.detail.aadsts !== UNKNOWN_APPLICATION) break;
  }
  return last;
}

/** The partner's own first: it has the application for sure. */
function tenantsOf({ csp, tenants }: Connection): readonly string[] {
  return [...new Set([...(csp ? [csp.partnerTenant] : []), ...tenants.map(({ id }) => id)])];
}

async function tryAt(
  connection: Connection,
  request: Parameters<typeof clientToken>[1],
  signal: AbortSignal,
): Promise<CredentialTrial> {
  try {
    const token = await clientToken(connection, request, signal);
    return token === undefined ? { result: 'untried', why: 'no-grant' } : { result: 'accepted' };
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    const said = connection.provider === 'oidc' ? error.detail.error : undefined;
    // RFC 6749 section 5.2: the client has proved itself, and may not use this grant, or not for that.
    if (said === 'unauthorized_client' || said === 'invalid_scope') return { result: 'accepted' };
    if (said === 'unsupported_grant_type') return { result: 'untried', why: 'no-grant' };
    return { result: 'refused', error };
  }
}

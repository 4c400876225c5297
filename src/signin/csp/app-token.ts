import * as oidc from 'openid-client';
import type { Connection, CspConfig } from '../../config/index.ts';
import { createClientAuthentication } from '../credentials.ts';
import { SignInError } from '../errors.ts';
import { GraphError } from '../graph.ts';
import { failed, isHttp, reasonOf } from '../provider.ts';

/** How long the provider may take to answer, in seconds. */
const PROVIDER_TIMEOUT = 10;

/**
 * A token with which the application itself asks Graph in the partner's tenant: client credentials (RFC 6749 section 4.4), with what
 * the connection proves itself by.
 * @param signal gives up
 * @throws GraphError `PROVIDER_UNREACHABLE`, `TOKEN_REFUSED`
 */
export async function appToken(connection: Connection, csp: CspConfig, signal: AbortSignal): Promise<string> {
  const issuer = `${connection.authority}/${csp.partnerTenant}/v2.0`;
  try {
    const configuration = await oidc.discovery(
      new URL(issuer),
      connection.clientId,
      undefined,
      createClientAuthentication(connection),
      {
        timeout: PROVIDER_TIMEOUT,
        execute: isHttp(issuer) ? [oidc.allowInsecureRequests] : [],
        [oidc.customFetch]: (url, options) =>
          fetch(url, {
            ...options,
            body: options.body ?? null,
            signal: options.signal ? AbortSignal.any([options.signal, signal]) : signal,
          }),
      },
    );
    const scope = `${connection.graph}/.default`;
    return (await oidc.clientCredentialsGrant(configuration, { scope })).access_token;
  } catch (error) {
    throw tokenError(error, csp);
  }
}

function tokenError(error: unknown, { partnerTenant }: CspConfig): GraphError {
  // Entra does not describe tenants that it does not know.
  if (error instanceof oidc.ClientError && isRefusal(error.cause)) {
    return new GraphError('TOKEN_REFUSED', `the provider knows no tenant ${partnerTenant}`, { cause: error });
  }
  const { code, detail } = signInError(error);
  if (code === 'PROVIDER_UNREACHABLE') {
    return new GraphError('PROVIDER_UNREACHABLE', `the provider could not be reached (${detail.why})`, {
      cause: error,
    });
  }
  const why = [detail.error, detail.aadsts && `AADSTS${detail.aadsts}`, detail.why].filter(Boolean).join(' ');
  return new GraphError('TOKEN_REFUSED', `the provider gave no token (${why})`, { cause: error });
}

function isRefusal(cause: unknown): boolean {
  return cause instanceof Response && cause.status >= 400 && cause.status < 500 && cause.status !== 429;
}

function signInError(error: unknown): SignInError {
  try {
    return failed(error);
  } catch (told) {
    return told instanceof SignInError ? told : new SignInError('PROVIDER_ERROR', { why: reasonOf(told) });
  }
}

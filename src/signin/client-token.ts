import * as oidc from 'openid-client';
import type { Connection } from '../config/index.ts';
import { createClientAuthentication } from './credentials.ts';
import { SignInError } from './errors.ts';
import { failed, isHttp, reasonOf } from './provider.ts';
import type { ProviderFetch } from './recorded-fetch.ts';

/** How long the provider may take to answer, in seconds. */
const PROVIDER_TIMEOUT = 10;

/** Where the application asks for a token of its own, and for what. */
export interface ClientTokenRequest {
  readonly issuer: string;
  readonly scope?: string;
}

/**
 * A token for the application itself: client credentials (RFC 6749 section 4.4), with what the connection proves itself by.
 * @param signal gives up
 * @param fetch asks the provider
 * @returns undefined where the provider says that it does not have the grant
 * @throws SignInError `PROVIDER_UNREACHABLE`; `ORGANISATION_NOT_SET_UP` where the provider does not know the issuer's tenant; and
 *   those of a refusal
 */
export async function clientToken(
  connection: Connection,
  { issuer, scope }: ClientTokenRequest,
  signal: AbortSignal,
  fetch: ProviderFetch = globalThis.fetch,
): Promise<string | undefined> {
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
    if (connection.provider === 'oidc' && !hasGrant(configuration)) return undefined;
    return (await oidc.clientCredentialsGrant(configuration, scope === undefined ? {} : { scope })).access_token;
  } catch (error) {
    throw signInError(error);
  }
}

/** Entra has it and does not say so. */
function hasGrant(configuration: oidc.Configuration): boolean {
  return configuration.serverMetadata().grant_types_supported?.includes('client_credentials') ?? false;
}

function signInError(error: unknown): SignInError {
  // Entra does not describe tenants that it does not know.
  if (error instanceof oidc.ClientError && isRefusal(error.cause)) {
    return new SignInError('ORGANISATION_NOT_SET_UP', { why: 'no such tenant' }, { cause: error });
  }
  try {
    return failed(error);
  } catch (told) {
    return told instanceof SignInError ? told : new SignInError('PROVIDER_ERROR', { why: reasonOf(told) });
  }
}

function isRefusal(cause: unknown): boolean {
  return cause instanceof Response && cause.status >= 400 && cause.status < 500 && cause.status !== 429;
}

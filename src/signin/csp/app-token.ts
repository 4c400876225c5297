import type { Connection, CspConfig } from '../../config/index.ts';
import { clientToken } from '../client-token.ts';
import { SignInError } from '../errors.ts';
import { GraphError } from '../graph.ts';
import { issuerOf } from '../issuer.ts';
import type { ProviderFetch } from '../recorded-fetch.ts';

/**
 * A token with which the application itself asks Graph in the partner's tenant.
 * @param signal gives up
 * @param fetch asks the provider
 * @throws GraphError `PROVIDER_UNREACHABLE`, `TOKEN_REFUSED`
 */
export async function appToken(
  connection: Connection,
  { partnerTenant }: CspConfig,
  signal: AbortSignal,
  fetch?: ProviderFetch,
): Promise<string> {
  const request = { issuer: issuerOf(connection, partnerTenant), scope: `${connection.graph}/.default` };
  const token = await clientToken(connection, request, signal, fetch).catch((error: unknown) => {
    throw error instanceof SignInError ? tokenError(error, partnerTenant) : error;
  });
  if (token === undefined) throw new GraphError('TOKEN_REFUSED', 'the provider gives applications no tokens');
  return token;
}

function tokenError(error: SignInError, partnerTenant: string): GraphError {
  const { code, detail } = error;
  if (code === 'PROVIDER_UNREACHABLE') {
    return new GraphError('PROVIDER_UNREACHABLE', `the provider could not be reached (${detail.why})`, {
      cause: error,
    });
  }
  if (code === 'ORGANISATION_NOT_SET_UP' && detail.error === undefined) {
    return new GraphError('TOKEN_REFUSED', `the provider knows no tenant ${partnerTenant}`, { cause: error });
  }
  const why = [detail.error, detail.aadsts && `AADSTS${detail.aadsts}`, detail.why].filter(Boolean).join(' ');
  return new GraphError('TOKEN_REFUSED', `the provider gave no token (${why})`, { cause: error });
}

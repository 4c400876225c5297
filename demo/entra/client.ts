import { EntraError } from './errors.ts';
import type { Client, State } from './state.ts';

/** The client of a request and its redirect URI; what is wrong here must not be answered at that address. */
export function clientOf(state: State, params: URLSearchParams): Client {
  const client = state.clients.find(known => known.id === params.get('client_id'));
  if (!client) throw new EntraError('unauthorized_client', 700016);
  const redirectUri = params.get('redirect_uri');
  if (!redirectUri || !URL.canParse(redirectUri)) throw new EntraError('invalid_request', 90014);
  if (client.redirectUris && !client.redirectUris.includes(redirectUri)) throw new EntraError('invalid_request', 50011);
  return client;
}

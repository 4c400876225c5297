import type { Config, Connection, Portal } from '../config/index.ts';
import { redirectUri } from './addresses.ts';

/**
 * Where an administrator approves the app for their whole tenant (Microsoft identity platform, admin consent).
 * @param stateText of ours: who comes back with it is led to sign in
 * @returns undefined for a provider that has no such page
 */
export function adminConsentUrl(
  connection: Connection,
  portal: Portal,
  config: Pick<Config, 'halo'>,
  stateText: string,
): string | undefined {
  if (connection.authority === undefined) return undefined;
  const url = new URL(`${connection.authority}/${connection.tenant ?? 'organizations'}/v2.0/adminconsent`);
  url.searchParams.set('client_id', connection.clientId);
  url.searchParams.set('scope', connection.scope);
  url.searchParams.set('redirect_uri', redirectUri(portal, config.halo.authPath));
  url.searchParams.set('state', stateText);
  return url.href;
}

/** Whether a callback comes from there. What it says, its `tenant` above all, is anybody's to write: nothing is decided on it. */
export function isAdminConsent(parameters: URLSearchParams): boolean {
  return parameters.has('admin_consent') && !parameters.has('code');
}

import type { ServerResponse } from 'node:http';
import { redirect, sendHtml } from '../web/index.ts';
import { authorityOf } from './authority.ts';
import { clientOf } from './client.ts';
import { describe, EntraError } from './errors.ts';
import { adminConsentPage } from './pages.ts';
import { TENANTS } from './people.ts';
import type { Call, State } from './state.ts';

/** Where an administrator approves an app for a whole tenant; the answer goes to the redirect URI, with the tenant in it. */
export function adminConsent(state: State, call: Call, response: ServerResponse): void {
  const authority = authorityOf(call.tenant);
  const { params } = call;
  const client = clientOf(state, params);
  if (!params.get('scope')) throw new EntraError('invalid_request', 90014);
  const tenants = TENANTS.filter(({ id }) => authority === 'any' || authority.tenant === id);
  const decision = params.get('tenant');
  if (decision === null) {
    sendHtml(response, 200, adminConsentPage(client.name, tenants, again(call)));
    return;
  }
  const tenant = tenants.find(({ id }) => id === decision);
  if (tenant) client.consentedBy?.push(tenant.id);
  const back = new URL(params.get('redirect_uri') ?? '');
  const answer = tenant
    ? { admin_consent: 'True', tenant: tenant.id, scope: params.get('scope') ?? '' }
    : { admin_consent: 'True', error: 'access_denied', error_description: describe(65004) };
  for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
  const text = params.get('state');
  if (text !== null) back.searchParams.set('state', text);
  redirect(response, back.href);
}

function again({ tenant, params }: Call): { readonly action: string; readonly params: URLSearchParams } {
  return { action: `/${tenant}/v2.0/adminconsent`, params };
}

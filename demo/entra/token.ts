import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sendJson } from '../web/index.ts';
import { authorityOf } from './authority.ts';
import { authenticate } from './client-authentication.ts';
import { EntraError } from './errors.ts';
import { idToken } from './id-token.ts';
import type { AccessToken, Call, Client, Grant, State } from './state.ts';

const LIFETIME = 3600;

/** The token endpoint. @throws {EntraError} what the client did wrong. */
export async function token(state: State, call: Call, response: ServerResponse): Promise<void> {
  const client = await authenticate(state, call);
  if (call.params.get('grant_type') === 'client_credentials') {
    sendJson(response, 200, appOnlyToken(state, call, client));
    return;
  }
  const grant = grantOf(state, call, client);
  const person = state.people[grant.signOn.person];
  if (person.disabled) throw new EntraError('invalid_grant', 50057);
  const body: Record<string, unknown> = {
    token_type: 'Bearer',
    scope: grant.scope,
    expires_in: LIFETIME,
    ext_expires_in: LIFETIME,
    access_token: accessToken(state, { ...grant, person: grant.signOn.person }),
  };
  if (grant.scope.split(' ').includes('offline_access') && !state.switches.withholds('refresh_token')) {
    const refreshToken = opaque();
    state.refreshTokens.set(refreshToken, grant);
    body.refresh_token = refreshToken;
  }
  if (!state.switches.withholds('id_token')) {
    const { signOn, tenant, nonce } = grant;
    const about = { person, tenant, nonce, sid: signOn.sid, clientId: client.id, clientSecret: client.secret };
    body.id_token = await idToken({ ...about, url: state.url, now: state.now() }, state.switches);
  }
  sendJson(response, 200, body);
}

/** The application on its own behalf, in one tenant and for one resource. */
function appOnlyToken(state: State, { tenant, params }: Call, client: Client): Record<string, unknown> {
  const authority = authorityOf(tenant);
  if (authority === 'any') throw new EntraError('invalid_request', 50059);
  if (client.consentedBy && !client.consentedBy.includes(authority.tenant)) {
    throw new EntraError('unauthorized_client', 700016);
  }
  const scope = params.get('scope') ?? '';
  if (!/^\S+\/\.default$/.test(scope)) throw new EntraError('invalid_scope', 1002012);
  return {
    token_type: 'Bearer',
    expires_in: LIFETIME,
    ext_expires_in: LIFETIME,
    access_token: accessToken(state, { tenant: authority.tenant, clientId: client.id, scope }),
  };
}

function accessToken(state: State, { tenant, clientId, scope, person }: AccessToken): string {
  const text = opaque();
  state.accessTokens.set(text, { tenant, clientId, scope, ...(person === undefined ? {} : { person }) });
  return text;
}

function grantOf(state: State, call: Call, client: Client): Grant {
  const grant = call.params.get('grant_type');
  const found =
    grant === 'authorization_code' ? redeem(state, call) : grant === 'refresh_token' ? refresh(state, call) : undefined;
  if (!found) throw new EntraError('unsupported_grant_type', 70003);
  const authority = authorityOf(call.tenant);
  if (found.clientId !== client.id || (authority !== 'any' && authority.tenant !== found.tenant)) {
    throw new EntraError('invalid_grant', 70000);
  }
  // Refresh tokens of all organisations are good at a tenant's own authority too; codes are not.
  if (grant === 'authorization_code' && found.authority !== call.tenant.toLowerCase()) {
    throw new EntraError('invalid_grant', 70000);
  }
  return found;
}

function redeem(state: State, { params }: Call): Grant {
  const code = params.get('code') ?? '';
  if (state.redeemed.has(code)) throw new EntraError('invalid_grant', 54005);
  const grant = state.codes.get(code);
  if (!grant) throw new EntraError('invalid_grant', 70000);
  // An attempt that fails uses the code up as well.
  state.codes.delete(code);
  state.redeemed.add(code);
  if (state.now() >= grant.codeEnds) throw new EntraError('invalid_grant', 70008);
  if (params.get('redirect_uri') !== grant.redirectUri) throw new EntraError('invalid_grant', 500112);
  const verifier = params.get('code_verifier') ?? '';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  if (grant.codeChallenge !== undefined ? grant.codeChallenge !== challenge : verifier !== '') {
    throw new EntraError('invalid_grant', 501481);
  }
  return grant;
}

/** Stricter than the real one, which goes on taking the former token: so a client that uses one twice is found out. */
function refresh(state: State, { params }: Call): Grant {
  const presented = params.get('refresh_token') ?? '';
  if (state.revoked.has(presented)) throw new EntraError('invalid_grant', 50173);
  const grant = state.refreshTokens.get(presented);
  if (!grant) throw new EntraError('invalid_grant', 70000);
  state.refreshTokens.delete(presented);
  return { ...grant, nonce: undefined };
}

function opaque(): string {
  return randomBytes(32).toString('base64url');
}

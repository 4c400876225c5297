import { randomBytes } from 'node:crypto';
import { readBody, sendJson } from '../web/index.ts';
import type { Context, HaloState } from './context.ts';

/** The token endpoint: four grants; the implicit one, the fifth, never comes here. */
export async function token(context: Context): Promise<void> {
  const { request, response, halo, cookies } = context;
  const form = new URLSearchParams((await readBody(request)).toString('utf8'));
  switch (form.get('grant_type')) {
    case 'client_credentials':
      sendJson(response, 200, accessToken());
      break;
    case 'password':
      answerPerson(context, form.get('username') ?? 'somebody');
      break;
    case 'refresh_token':
      answerOnce(context, halo.refreshTokens, form.get('refresh_token') ?? cookies.get('refresh_token') ?? '');
      break;
    case 'authorization_code':
      answerOnce(context, halo.codes, form.get('code') ?? '');
      break;
    default:
      sendJson(response, 400, { error: 'unsupported_grant_type' });
  }
}

/** A `Set-Cookie` with a new refresh token of a person, and the token itself. */
export function issueRefreshToken(halo: HaloState, username: string): { value: string; setCookie: string } {
  const value = opaque();
  halo.refreshTokens.set(value, username);
  return { value, setCookie: `refresh_token=${value}; Path=/; HttpOnly; SameSite=Lax` };
}

/** 43 characters that mean nothing to anybody else. */
export function opaque(): string {
  return randomBytes(32).toString('base64url');
}

function accessToken(): Record<string, unknown> {
  return { token_type: 'Bearer', access_token: opaque(), expires_in: 3600 };
}

function answerPerson({ response, halo }: Context, username: string): void {
  const { value, setCookie } = issueRefreshToken(halo, username);
  response.setHeader('set-cookie', setCookie);
  sendJson(response, 200, { ...accessToken(), refresh_token: value });
}

/** Answers for a code or a refresh token, which is used up by it. */
function answerOnce(context: Context, good: Map<string, string>, presented: string): void {
  const username = good.get(presented);
  if (username === undefined) {
    sendJson(context.response, 400, { error: 'invalid_grant' });
    return;
  }
  good.delete(presented);
  answerPerson(context, username);
}

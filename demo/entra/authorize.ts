import { randomBytes, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { redirect, sendHtml } from '../web/index.ts';
import { authorityOf, issuingTenant } from './authority.ts';
import { clientOf } from './client.ts';
import { EntraError } from './errors.ts';
import { loginHintOf } from './id-token.ts';
import { chooserPage, formPostPage } from './pages.ts';
import { CONSUMER_TENANT, type PersonKey } from './people.ts';
import { type Call, type Choice, type Client, isChoice, type SignOn, type State } from './state.ts';

/** The cookie by which a browser stays signed in at the stand-in. */
export const COOKIE = 'entra-stand-in';

const CODE_LIFETIME = 600;

/** The authorization endpoint: asks for a person where it has to, and answers at the redirect URI. */
export function authorize(state: State, call: Call, response: ServerResponse): void {
  const authority = authorityOf(call.tenant);
  const { params } = call;
  const client = clientOf(state, params);
  checkMode(params);
  try {
    if (state.switches.authorizeError) {
      answer(call, response, { ...state.switches.authorizeError });
      return;
    }
    checkRequest(params);
    const signOn = signOnFor(state, call);
    if (signOn === 'ask') {
      // The person of an earlier answer must not be sent along again.
      params.delete('person');
      sendHtml(response, 200, chooserPage(state, { action: `/${call.tenant}/oauth2/v2.0/authorize`, params }));
      return;
    }
    const person = state.people[signOn.person];
    if (person.disabled) throw new EntraError('access_denied', 50057);
    if (person.home === CONSUMER_TENANT && call.tenant.toLowerCase() === 'organizations') {
      throw new EntraError('access_denied', 500200);
    }
    const tenant = issuingTenant(authority, person);
    if (!tenant) throw new EntraError('access_denied', 50020);
    if (client.consentedBy && !client.consentedBy.includes(tenant)) throw new EntraError('consent_required', 65001);
    stayOn(state, call, response, signOn);
    answer(call, response, { code: issueCode(state, call, client, signOn, tenant), session_state: signOn.sid });
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    answer(call, response, { error: error.error, error_description: error.message });
  }
}

/** An answer in another mode could not be given at all. */
function checkMode(params: URLSearchParams): void {
  const mode = params.get('response_mode') ?? 'query';
  if (mode !== 'query' && mode !== 'form_post') throw new EntraError('invalid_request', 90014);
}

function checkRequest(params: URLSearchParams): void {
  if (params.get('response_type') !== 'code') throw new EntraError('unsupported_response_type', 700054);
  if (!scopes(params).includes('openid')) throw new EntraError('invalid_scope', 70011);
  if (params.has('code_challenge') && params.get('code_challenge_method') !== 'S256') {
    throw new EntraError('invalid_request', 90014);
  }
}

function scopes(params: URLSearchParams): string[] {
  return (params.get('scope') ?? '').split(' ');
}

/** Who signs in: the chosen person, else whoever is signed in already where that is good enough. */
function signOnFor(state: State, { params, cookies }: Call): SignOn | 'ask' {
  const prompt = params.get('prompt');
  const chosen = params.get('person');
  if (chosen !== null) {
    if (!isChoice(state, chosen)) throw new EntraError('invalid_request', 16000);
    return begin(chosen);
  }
  const current = state.signOns.get(cookies.get(COOKIE) ?? '');
  if (current && (prompt === null || prompt === 'none') && isHinted(state, current, params)) return current;
  if (prompt === 'none') throw new EntraError('login_required', 50058);
  const next = state.choices.shift();
  if (next) return begin(next);
  const hinted = state.autoSelect ? byUsername(state, params.get('login_hint')) : undefined;
  return hinted ? begin(hinted) : 'ask';
}

function begin(choice: Choice): SignOn {
  if (choice === 'cancel') throw new EntraError('access_denied', 65004);
  return { person: choice, sid: randomUUID() };
}

function isHinted(state: State, { person: key }: SignOn, params: URLSearchParams): boolean {
  const hint = params.get('login_hint');
  const person = state.people[key];
  return !hint || hint === person.username || hint === loginHintOf(person);
}

function byUsername(state: State, username: string | null): PersonKey | undefined {
  const found = Object.entries(state.people).find(([, person]) => person.username === username);
  return found?.[0] as PersonKey | undefined;
}

function stayOn(state: State, { cookies }: Call, response: ServerResponse, signOn: SignOn): void {
  const before = cookies.get(COOKIE);
  if (before && state.signOns.get(before) === signOn) return;
  if (before) state.signOns.delete(before);
  const value = randomBytes(16).toString('base64url');
  state.signOns.set(value, signOn);
  response.setHeader('set-cookie', `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax`);
}

function issueCode(
  state: State,
  { tenant: segment, params }: Call,
  client: Client,
  signOn: SignOn,
  tenant: string,
): string {
  const code = randomBytes(32).toString('base64url');
  state.codes.set(code, {
    signOn,
    authority: segment.toLowerCase(),
    tenant,
    clientId: client.id,
    scope: params.get('scope') ?? '',
    redirectUri: params.get('redirect_uri') ?? '',
    nonce: params.get('nonce') ?? undefined,
    codeChallenge: params.get('code_challenge') ?? undefined,
    codeEnds: state.now() + CODE_LIFETIME,
  });
  return code;
}

/** Answers at the redirect URI, in the way the request asked for. */
function answer({ params }: Call, response: ServerResponse, values: Record<string, string>): void {
  const redirectUri = params.get('redirect_uri') ?? '';
  const answered = new URLSearchParams(values);
  const state = params.get('state');
  if (state !== null) answered.set('state', state);
  if (params.get('response_mode') === 'form_post') {
    sendHtml(response, 200, formPostPage(redirectUri, answered));
    return;
  }
  const target = new URL(redirectUri);
  for (const [name, value] of answered) target.searchParams.append(name, value);
  redirect(response, target.href);
}

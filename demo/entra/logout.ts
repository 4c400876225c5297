import type { ServerResponse } from 'node:http';
import { redirect, sendHtml } from '../web/index.ts';
import { authorityOf } from './authority.ts';
import { COOKIE } from './authorize.ts';
import { loginHintOf } from './id-token.ts';
import { signedOutPage, signOutPage } from './pages.ts';
import type { Call, State } from './state.ts';

/** The sign-out endpoint: ends the browser's sign-on and leads back to a registered address. */
export function logout(state: State, call: Call, response: ServerResponse): void {
  authorityOf(call.tenant);
  const { params, cookies } = call;
  const cookie = cookies.get(COOKIE) ?? '';
  const signOn = state.signOns.get(cookie);
  if (signOn) {
    const person = state.people[signOn.person];
    // Without a hint that fits, the real one shows its account picker.
    if (params.get('logout_hint') !== loginHintOf(person) && !params.has('confirmed')) {
      sendHtml(response, 200, signOutPage(person.username, { action: `/${call.tenant}/oauth2/v2.0/logout`, params }));
      return;
    }
    state.signOns.delete(cookie);
    response.setHeader('set-cookie', `${COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`);
  }
  const target = params.get('post_logout_redirect_uri');
  if (!target || !URL.canParse(target) || !isRegistered(state, target)) {
    sendHtml(response, 200, signedOutPage());
    return;
  }
  const back = new URL(target);
  const value = params.get('state');
  if (value !== null) back.searchParams.set('state', value);
  redirect(response, back.href);
}

function isRegistered(state: State, uri: string): boolean {
  return state.clients.some(client => !client.redirectUris || client.redirectUris.includes(uri));
}

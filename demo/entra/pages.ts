import { escapeHtml, hiddenFields, renderPage } from '../web/index.ts';
import type { EntraError } from './errors.ts';
import type { Person, Tenant } from './people.ts';
import type { State } from './state.ts';

const NOTE = 'This page stands in for Microsoft Entra ID. Nobody here is real, and no password is asked for.';
const ACCENT = '#2563a8';

/** A form that sends the browser back to the same endpoint, with what it came with. */
interface Again {
  readonly action: string;
  readonly params: URLSearchParams;
}

/** Where a person is chosen. */
export function chooserPage(state: State, { action, params }: Again): string {
  const buttons = Object.entries(state.people)
    .sort(([, a], [, b]) => hinted(b, params) - hinted(a, params))
    .map(([key, person]) => button(key, person.name, `${person.username}. ${person.about}.`));
  return page(
    'Choose a person',
    `<form method="post" action="${escapeHtml(action)}">
${hiddenFields(params)}
${buttons.join('\n')}
${button('cancel', 'Cancel', 'Go back without signing in.')}
</form>`,
  );
}

/** Where an administrator approves an app for their tenant. */
export function adminConsentPage(app: string, tenants: readonly Tenant[], { action, params }: Again): string {
  const buttons = tenants.map(
    ({ id, name }) => `<button name="tenant" value="${escapeHtml(id)}">Approve for ${escapeHtml(name)}</button>`,
  );
  return page(
    `Permissions requested by ${app}`,
    `<form method="post" action="${escapeHtml(action)}">
${hiddenFields(params)}
${buttons.join('\n')}
<button name="tenant" value="">Cancel</button>
</form>`,
  );
}

/** Where somebody who signs out without saying who is asked. */
export function signOutPage(username: string, { action, params }: Again): string {
  return page(
    'Which account do you want to sign out of?',
    `<form method="post" action="${escapeHtml(action)}">
${hiddenFields(params)}
<button name="confirmed" value="yes">${escapeHtml(username)}</button>
</form>`,
  );
}

/** After signing out, where there is nowhere to go back to. */
export function signedOutPage(): string {
  return page('You signed out of your account', '<p>It is a good idea to close all browser windows.</p>');
}

/** An error that must not travel to an address that nobody registered. */
export function errorPage(error: EntraError): string {
  return page('Sorry, but we are having trouble signing you in', `<p>${escapeHtml(error.message)}</p>`);
}

/** Posts the answer to the redirect URI: by itself, or by its button where scripts are off. */
export function formPostPage(redirectUri: string, params: URLSearchParams): string {
  return page(
    'Signing in',
    `<form method="post" action="${escapeHtml(redirectUri)}">
${hiddenFields(params)}
<button>Continue</button>
</form>
<script>document.forms[0].submit()</script>`,
  );
}

/** How well a person fits the hints of the request: who fits better stands higher on the page. */
function hinted({ username }: Person, params: URLSearchParams): number {
  if (username === params.get('login_hint')) return 2;
  return username.endsWith(`@${params.get('domain_hint')}`) ? 1 : 0;
}

function button(value: string, title: string, about: string): string {
  return `<button name="person" value="${escapeHtml(value)}">${escapeHtml(title)}<small>${escapeHtml(about)}</small></button>`;
}

function page(title: string, body: string): string {
  return renderPage({ title, body, note: NOTE, accent: ACCENT });
}

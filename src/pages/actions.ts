import type { AddressAction, PageAction } from './api.ts';
import { html, type Markup } from './html.ts';
import { isLinkable, isOwnPath } from './links.ts';
import { sentence } from './sentence.ts';

/** What one can do next, as a list. */
export function actionList(actions: readonly PageAction[]): Markup | undefined {
  if (actions.length === 0) return undefined;
  const items = actions.map(action => html`<li>${actionMarkup(action)}</li>`);
  // `role`: a browser that is told not to draw bullets may otherwise no longer announce a list.
  return html`<ul class="actions" role="list">${items}</ul>`;
}

function actionMarkup(action: PageAction): Markup {
  if (action.kind === 'link') return link(action);
  // An empty reference is the document's own address, without its fragment (RFC 3986 section 4.4).
  if (action.kind === 'again') return html`<a class="${classOf(action)}" href="">${sentence(action.label)}</a>`;
  return form(action);
}

function classOf(action: PageAction): string {
  return action.primary ? 'action primary' : 'action';
}

function link(action: PageAction & { kind: 'link' }): Markup {
  if (!isLinkable(action.href)) return html`<span>${sentence(action.label)}</span>`;
  const window = action.newWindow ? html` target="_blank" rel="noopener"` : undefined;
  const note = action.note === undefined ? undefined : html` <small>${action.note}</small>`;
  return html`<a class="${classOf(action)}" href="${action.href}"${window}><span>${sentence(action.label)}</span>${note}</a>`;
}

function form(action: PageAction & { kind: 'form' | 'address' }): Markup {
  if (!isOwnPath(action.action)) return html`<span>${sentence(action.label)}</span>`;
  const method = action.kind === 'form' ? 'post' : 'get';
  const fields = Object.entries(action.fields ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  const input = action.kind === 'address' ? addressInput(action.input) : undefined;
  const button = html`<button class="${classOf(action)}" type="submit">${sentence(action.label)}</button>`;
  return html`<form method="${method}" action="${action.action}">${fields}${input}${button}</form>`;
}

/** Addresses are written from left to right whatever the language. */
function addressInput({ name, label, value, problem }: AddressAction['input']): Markup {
  const wrong = problem === undefined ? undefined : html` aria-invalid="true" aria-describedby="problem" autofocus=""`;
  const words = problem === undefined ? undefined : html`<p class="problem" id="problem">${problem}</p>`;
  const attributes = html`type="email" autocomplete="username" inputmode="email" spellcheck="false" dir="ltr" required=""`;
  return html`<label for="address">${label}</label><input id="address" name="${name}" value="${value}" ${attributes}${wrong}>${words}`;
}

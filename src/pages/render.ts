import type { PagesConfig } from '../config/index.ts';
import type { PageAction, PageContent, RenderedPage } from './api.ts';
import { pageHeaders } from './headers.ts';
import { html, type Markup } from './html.ts';
import { isLinkable, isOwnPath } from './links.ts';
import { stylesheet } from './stylesheet.ts';
import { texts } from './texts/index.ts';

/** Makes pages of the words and ways on that the rest of the house gives. */
export interface Pages {
  /** One page and its header fields. Whatever the content holds is shown as text. */
  render(content: PageContent): RenderedPage;
  /** What is served at {@link stylesheet.path} on every portal host. */
  readonly stylesheet: typeof stylesheet;
}

function classOf(action: PageAction): string {
  return action.primary ? 'action primary' : 'action';
}

function link(action: PageAction & { kind: 'link' }): Markup {
  if (!isLinkable(action.href)) return html`<span dir="auto">${action.label}</span>`;
  const note = action.note === undefined ? undefined : html` <small dir="auto">${action.note}</small>`;
  const window = action.newWindow ? html` target="_blank" rel="noopener"` : undefined;
  return html`<a class="${classOf(action)}" href="${action.href}"${window}><span dir="auto">${action.label}</span>${note}</a>`;
}

function form(action: PageAction & { kind: 'form' | 'address' }): Markup {
  if (!isOwnPath(action.action)) return html`<span dir="auto">${action.label}</span>`;
  const method = action.kind === 'form' ? 'post' : 'get';
  const fields = Object.entries(action.fields ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  const input = action.kind === 'address' ? addressInput(action.input) : undefined;
  const button = html`<button class="${classOf(action)}" type="submit"><span dir="auto">${action.label}</span></button>`;
  return html`<form method="${method}" action="${action.action}">${fields}${input}${button}</form>`;
}

function addressInput({ name, label, value, problem }: (PageAction & { kind: 'address' })['input']): Markup {
  const wrong = problem === undefined ? undefined : html` aria-invalid="true" aria-describedby="problem"`;
  const words = problem === undefined ? undefined : html`<p class="problem" id="problem" dir="auto">${problem}</p>`;
  return html`<label for="address">${label}</label><input id="address" type="email" name="${name}" value="${value}" dir="ltr" autocomplete="username" inputmode="email" spellcheck="false" required=""${wrong}>${words}`;
}

function actionList(actions: readonly PageAction[]): Markup | undefined {
  if (actions.length === 0) return undefined;
  const items = actions.map(action => html`<li>${action.kind === 'link' ? link(action) : form(action)}</li>`);
  // `role`: a browser that is told not to draw bullets may otherwise no longer announce a list.
  return html`<ul class="actions" role="list">${items}</ul>`;
}

function smallPrint(content: PageContent): Markup | undefined {
  const rows = [...(content.details ?? [])];
  if (content.code !== undefined) rows.push({ label: texts.smallPrint.code, value: content.code });
  if (content.requestId !== undefined) rows.push({ label: texts.smallPrint.requestId, value: content.requestId });
  if (rows.length === 0) return undefined;
  return html`<dl>${rows.map(row => html`<div><dt>${row.label}</dt><dd dir="auto">${row.value}</dd></div>`)}</dl>`;
}

function supportLine(support: string | undefined): Markup | undefined {
  if (support === undefined || !isLinkable(support)) return undefined;
  return html`<p>${texts.support.question} <a href="${support}">${texts.support.link}</a></p>`;
}

function page(content: PageContent, config: PagesConfig): Markup {
  const paragraphs = content.paragraphs.map(paragraph => html`<p dir="auto">${paragraph}</p>`);
  const small = [supportLine(config.support), smallPrint(content)].filter(part => part !== undefined);
  const refresh =
    content.moveTo !== undefined && isOwnPath(content.moveTo)
      ? html`<meta http-equiv="refresh" content="0; url=${content.moveTo}">
`
      : undefined;
  return html`<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${refresh}<title>${content.heading} – ${config.title}</title>
<link rel="stylesheet" href="${stylesheet.path}">
</head>
<body>
<header><p class="site" dir="auto">${config.title}</p></header>
<main>
<h1 dir="auto">${content.heading}</h1>
${paragraphs}
${actionList(content.actions ?? [])}
</main>
${small.length > 0 ? html`<footer>${small}</footer>` : undefined}
</body>
</html>
`;
}

/**
 * The pages of one configuration.
 * @param config the title that stands above each page, and where help is to be had
 */
export function createPages(config: PagesConfig): Pages {
  return {
    stylesheet,
    render: content => ({
      html: page(content, config).toString(),
      headers: pageHeaders(content.formTargets ?? [], content.framed ?? false),
    }),
  };
}

import type { PagesConfig } from '../config/index.ts';
import { actionList } from './actions.ts';
import type { PageContent, RenderedPage, Said } from './api.ts';
import { pageHeaders } from './headers.ts';
import { html, type Markup } from './html.ts';
import { isLinkable, isOwnPath } from './links.ts';
import { pieces } from './names.ts';
import { sentence } from './sentence.ts';
import { stylesheet } from './stylesheet.ts';
import { type Language, languages, type Texts } from './texts/index.ts';

/** Makes pages of the words and ways on that the rest of the house gives. */
export interface Pages {
  /** One page and its header fields. Whatever the content holds is shown as text. */
  render(content: PageContent, language: Language): RenderedPage;
  /** The words of a page for a program: a title and a sentence or two, as plain text. */
  tell(content: PageContent, language: Language): { readonly title: string; readonly detail: string };
  /** What is served at {@link stylesheet.path} on every portal host. */
  readonly stylesheet: typeof stylesheet;
  /** What is served at `/.halogate/logo` on every portal host. */
  readonly logo?: NonNullable<PagesConfig['logo']>;
}

const LOGO = '/.halogate/logo';

/** One page in one language. */
interface Page extends Omit<PageContent, 'say'> {
  readonly language: Language;
  readonly texts: Texts;
  readonly said: Said;
  readonly config: PagesConfig;
}

/** The title beside it says what the logo shows: read out, it would be said twice. */
function header({ config: { title, logo } }: Page): Markup {
  const image = logo && html`<img class="logo" src="${LOGO}" alt="">`;
  return html`<header>${image}<p class="site" dir="auto">${title}</p></header>`;
}

function smallPrint({ said, code, requestId, texts: { smallPrint: labels } }: Page): Markup | undefined {
  const rows = [...(said.details ?? [])];
  if (code !== undefined) rows.push({ label: labels.code, value: code });
  if (requestId !== undefined) rows.push({ label: labels.requestId, value: requestId });
  if (rows.length === 0) return undefined;
  return html`<dl>${rows.map(row => html`<div><dt>${row.label}</dt><dd dir="auto">${row.value}</dd></div>`)}</dl>`;
}

function supportLine({ config: { support }, texts }: Page): Markup | undefined {
  if (support === undefined || !isLinkable(support)) return undefined;
  return html`<p>${texts.support.question} <a href="${support}">${texts.support.link}</a></p>`;
}

function refresh({ moveTo }: Page): Markup | undefined {
  if (moveTo === undefined || !isOwnPath(moveTo)) return undefined;
  return html`<meta http-equiv="refresh" content="0; url=${moveTo}">\n`;
}

function pageMarkup(page: Page): Markup {
  const { config, language, texts, said } = page;
  const small = [supportLine(page), smallPrint(page)].filter(part => part !== undefined);
  return html`<!doctype html>
<html lang="${language}" dir="${texts.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${refresh(page)}<title>${said.heading} – ${config.title}</title>
<link rel="stylesheet" href="${stylesheet.path}">
</head>
<body>
${header(page)}
<main>
<h1>${said.heading}</h1>
${said.paragraphs.map(paragraph => html`<p>${sentence(paragraph)}</p>`)}
${actionList(said.actions ?? [])}
</main>
${small.length > 0 ? html`<footer>${small}</footer>` : undefined}
</body>
</html>
`;
}

/**
 * The pages of one configuration.
 * @param config the title and the logo that stand above each page, and where help is to be had
 */
export function createPages(config: PagesConfig): Pages {
  return {
    stylesheet,
    ...(config.logo ? { logo: config.logo } : {}),
    render({ say, ...content }, language) {
      const texts: Texts = languages[language];
      return {
        html: pageMarkup({ ...content, language, texts, said: say(texts), config }).toString(),
        headers: pageHeaders({ ...content, language }),
      };
    },
    tell({ say }, language) {
      const { heading, paragraphs } = say(languages[language]);
      return { title: heading, detail: pieces(paragraphs.join(' ')).join('') };
    },
  };
}

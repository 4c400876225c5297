const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text made safe for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => ESCAPES[character] ?? '');
}

/** Hidden form fields, one for each parameter. */
export function hiddenFields(params: Iterable<readonly [string, string]>): string {
  return [...params]
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('\n');
}

/** What a page of a stand-in is made of; `body` is HTML already. */
export interface Page {
  readonly title: string;
  readonly body: string;
  /** One sentence at the foot that says what the page stands in for. */
  readonly note: string;
  /** The colour of the bar and the links, which tells the stand-ins apart. */
  readonly accent: string;
}

/** A whole, calm page. */
export function renderPage(page: Page): string {
  const title = escapeHtml(page.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; --accent: ${page.accent}; --line: color-mix(in srgb, CanvasText 18%, Canvas); }
body { margin: 0; background: Canvas; color: CanvasText; font: 17px/1.5 system-ui, sans-serif; border-top: 6px solid var(--accent); }
main { max-width: 34rem; margin: 8vh auto 4rem; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
a { color: var(--accent); }
button { display: block; width: 100%; margin: 0 0 .6rem; padding: .8rem 1rem; font: inherit; text-align: left; cursor: pointer;
  color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .5rem; }
button:hover, button:focus-visible { border-color: var(--accent); outline: 2px solid var(--accent); }
button small, .note { color: color-mix(in srgb, CanvasText 70%, Canvas); }
button small { display: block; }
input:not([type=hidden]) { width: 100%; box-sizing: border-box; padding: .6rem; font: inherit; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.note { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .9rem; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
${page.body}
<p class="note">${escapeHtml(page.note)}</p>
</main>
</body>
</html>
`;
}

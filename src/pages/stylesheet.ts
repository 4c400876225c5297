/** The one stylesheet of all pages. Colours keep a contrast of 4.5:1 for text and 3:1 for outlines, light and dark. */
export const stylesheet = {
  path: '/.halogate/style.css',
  contentType: 'text/css; charset=utf-8',
  css: `:root {
  color-scheme: light dark;
  --ground: #eef2f5;
  --card: #ffffff;
  --edge: #d3dce3;
  --text: #17222c;
  --quiet: #506070;
  --accent: #0b5a7a;
  --accent-strong: #084660;
  --on-accent: #ffffff;
  --tint: #f2f7fa;
  --outline: #75879a;
  --problem: #a3260f;
  --plate: transparent;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f161c;
    --card: #18222b;
    --edge: #2b3a47;
    --text: #e8eef3;
    --quiet: #a3b3c1;
    --accent: #7cc4e4;
    --accent-strong: #a5d8ef;
    --on-accent: #06212d;
    --tint: #1f2c37;
    --outline: #71869a;
    --problem: #ffa48f;
    --plate: #f4f7f9;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { font-size: 100%; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100svh;
  display: flex;
  flex-direction: column;
  align-items: center;
  gap: 1.25rem;
  padding: clamp(1.5rem, 9vh, 6rem) 1rem 1.5rem;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  overflow-wrap: anywhere;
}
header, main, footer { width: 100%; max-width: 30rem; }
p, h1, dl, dd, ul { margin: 0; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 0.75rem; padding: 0 0.25rem; }
/* A logo has to stand out on a light ground; a dark one gets a light plate under it. */
.logo { height: 2.5rem; width: auto; max-width: 60%; object-fit: contain; padding: 0.125rem; border-radius: 0.375rem; background: var(--plate); }
.site { font-weight: 600; color: var(--quiet); }
main {
  display: grid;
  gap: 1rem;
  padding: clamp(1.5rem, 6vw, 2.25rem);
  background: var(--card);
  border: 1px solid var(--edge);
  border-radius: 0.875rem;
  box-shadow: 0 1px 2px rgb(10 25 40 / 6%), 0 12px 32px -16px rgb(10 25 40 / 22%);
}
main p { text-wrap: pretty; }
h1 { font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; text-wrap: balance; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:hover { color: var(--accent-strong); }
.actions { display: grid; gap: 0.75rem; padding: 0; margin-top: 0.5rem; list-style: none; }
.actions form { display: grid; gap: 0.5rem; margin: 0; }
.actions li + li > form[method="get"] { margin-top: 0.5rem; padding-top: 1.25rem; border-top: 1px solid var(--edge); }
label { font-weight: 550; }
input {
  width: 100%;
  min-height: 2.875rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--outline);
  border-radius: 0.5rem;
  background: var(--card);
  color: var(--text);
  font: inherit;
}
input[type="hidden"] { display: none; }
[dir="rtl"] input { text-align: right; }
[aria-invalid] { border-color: var(--problem); border-width: 2px; }
.problem { color: var(--problem); }
form .action { margin-top: 0.25rem; }
.action {
  display: flex;
  align-items: center;
  flex-wrap: wrap;
  justify-content: center;
  gap: 0.25rem 0.625rem;
  width: 100%;
  min-height: 2.875rem;
  padding: 0.625rem 1rem;
  border: 1px solid var(--outline);
  border-radius: 0.5rem;
  background: transparent;
  color: var(--text);
  font: inherit;
  font-weight: 550;
  line-height: 1.3;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
  overflow-wrap: anywhere;
}
small { padding: 0 0.5rem; border: 1px solid currentcolor; border-radius: 1rem; font-size: 0.75rem; font-weight: 500; line-height: 1.5; }
.action:hover { background: var(--tint); color: var(--text); border-color: var(--accent); }
.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.primary:hover { border-color: var(--accent-strong); background: var(--accent-strong); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 0.25rem; }
.action:focus-visible, input:focus-visible { border-radius: 0.5rem; }
footer { display: grid; gap: 0.75rem; padding: 0 0.25rem; font-size: 0.875rem; color: var(--quiet); }
dl { display: grid; gap: 0.125rem; }
dl div { display: flex; flex-wrap: wrap; gap: 0 0.5rem; }
dd { min-width: 0; font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace; font-size: 0.8125rem; line-height: 1.7; }
@media (forced-colors: active) {
  .primary { border-width: 3px; }
}
@media print {
  body { padding: 0; background: none; }
  main { border: 0; box-shadow: none; }
}
`,
} as const;

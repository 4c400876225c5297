export { escapeHtml, hiddenFields, renderPage } from './html.ts';
export { cookiesOf, queryOf, readBody, redirect, sendHtml, sendJson } from './messages.ts';
export { type Handler, type Listening, listen } from './server.ts';

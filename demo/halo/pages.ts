import { escapeHtml, hiddenFields, renderPage } from '../web/index.ts';
import type { Context } from './context.ts';

const NOTE = 'This page stands in for a Halo. It shows what reached it through the gateway.';

/** A page of the agent app or of the portal: whom Halo sees, and what it was asked for. */
export function appPage(context: Context, kind: 'agent app' | 'portal'): string {
  const { received, visitor, halo } = context;
  const rows = visitor
    ? [
        ['Person', visitor.name],
        ['Username', visitor.username],
        ['E-mail', visitor.email],
        ['Groups', visitor.groups],
        ['Portal', visitor.portal],
        ['Connection', visitor.connection],
        ['Known by', visitor.by],
      ]
    : [['Person', 'nobody that Halo knows']];
  rows.push(['Asked for', received.target]);
  const cells = rows
    .filter(([, value]) => value)
    .map(([name, value]) => `<dt>${escapeHtml(name ?? '')}</dt><dd>${escapeHtml(value ?? '')}</dd>`);
  return page(
    kind === 'portal' ? 'Halo: self-service portal' : 'Halo: agent app',
    `<dl>
${cells.join('\n')}
</dl>
<ul>
<li><a href="/tickets?id=1042">A ticket in the agent app</a></li>
<li><a href="/portal/home">The self-service portal</a></li>
<li><a href="${escapeHtml(halo.authPath)}/account/login">Halo's own sign-in</a></li>
<li><a href="/chat">A live chat</a></li>
<li><a href="/api/tickets">Tickets as JSON</a></li>
<li><a href="/api/echo">The request as Halo received it</a></li>
<li><a href="/.halogate/session">Your session at the gateway</a></li>
<li><a href="/.halogate/sign-out">Sign out</a></li>
</ul>`,
    kind === 'portal' ? '#1f7a5a' : '#6b4fa0',
  );
}

/** Halo's own sign-in form. */
export function loginPage(action: string, returnUrl: string): string {
  return page(
    'Halo: sign in',
    `<form method="post" action="${escapeHtml(action)}">
${hiddenFields([['ReturnUrl', returnUrl]])}
<p><label>Username <input name="username" autocomplete="off"></label></p>
<p><label>Password <input name="password" type="password" autocomplete="off"></label></p>
<button>Sign in</button>
</form>`,
  );
}

/** A page that opens a WebSocket, shows what comes and goes, and how it ends. */
export function chatPage(): string {
  return page(
    'Halo: live chat',
    `<form id="say"><p><label>Say something <input name="text" autocomplete="off"></label></p><button>Send</button></form>
<ol id="log"></ol>
<p><a href="/.halogate/sign-out" target="_blank">Sign out in another tab</a>, and see the chat close.</p>
<script>
const log = text => document.getElementById('log').append(Object.assign(document.createElement('li'), { textContent: text }));
const hub = new WebSocket(location.origin.replace(/^http/, 'ws') + '/hub');
hub.onmessage = ({ data }) => log('Halo: ' + data);
hub.onclose = ({ code, reason }) => log('Closed: ' + code + ' ' + reason);
document.getElementById('say').onsubmit = event => {
  event.preventDefault();
  hub.send(event.target.text.value);
  event.target.reset();
};
</script>`,
  );
}

/** A short page with one sentence. */
export function plainPage(title: string, text: string): string {
  return page(title, `<p>${escapeHtml(text)}</p>`);
}

function page(title: string, body: string, accent = '#6b4fa0'): string {
  return renderPage({ title, body, note: NOTE, accent });
}

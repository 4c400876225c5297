import t from 'tap';
import { readPage } from '../support/docs.ts';
import { startNginx } from '../support/nginx.ts';
import { sendRaw } from '../support/raw.ts';
import { AGENTS, startWorld } from '../support/world.ts';
import { exchanged } from './snippets.ts';

const HOST = new URL(AGENTS).host;

/** What a script of the page's own origin may send, and the gateway believes of a trusted proxy. */
const ASKED = `X-Forwarded-Method: GET\r\nX-Forwarded-Host: ${HOST}\r\n`;
const URI = 'X-Forwarded-Uri: /tickets\r\n';

/** The server that the page shows, on a port of a test's own, before a gateway at `address`. */
function serverOf(port: number, address: string): string {
  const block = readPage('docs/deploy-systemd.md').blocks.find(({ language }) => language === 'nginx')?.text ?? '';
  const plain = exchanged(block, /^ *ssl_certificate .*\n *ssl_certificate_key .*\n/m, '');
  return exchanged(exchanged(plain, 'listen 443 ssl;', `listen 127.0.0.1:${port};`), 'http://127.0.0.1:8080', address);
}

t.test('the nginx of docs/deploy-systemd.md serves people, and keeps the check of forward-auth from them', async t => {
  const world = await startWorld(t, { settings: { trustedProxies: ['127.0.0.1'] } });
  const { port } = await startNginx(t, port => serverOf(port, world.address));
  const person = world.browser();
  world.entra.choose('agnes');
  await person.go(`${AGENTS}/tickets`);
  const cookie = `__Host-halogate=${person.cookies(AGENTS)['__Host-halogate']}`;
  const ask = (address: string, target: string, fields = '') => {
    const head = `GET ${target} HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${cookie}\r\nConnection: close\r\n${fields}\r\n`;
    return sendRaw(address, head, text => text.includes('\r\n\r\n'));
  };
  const throughNginx = (target: string, fields?: string) => ask(`http://127.0.0.1:${port}`, target, fields);

  for (const [target, fields] of [
    ['/.halogate/verify', ASKED + URI],
    ['/.halogate/verify?redirect=302', ASKED + URI],
    ['/.halogate/verify/tickets', ASKED],
    ['/.halogate/verify/', ASKED],
  ] as const) {
    const own = await ask(world.address, target, fields);
    t.match(own.text, /^HTTP\/1\.1 200 .*^x-halo-assertion: ey/ims, `${target}: the proxy itself would be answered`);
    const { statuses, text } = await throughNginx(target, fields);
    t.same(statuses, [404], target);
    t.notMatch(text, /x-halo-assertion/i, target);
  }
  for (const target of [
    '/.halogate/verify/..%2f',
    '/.halogate/verify/a/..%2f..%2f..%2ftickets',
    '/.halogate//verify',
  ]) {
    for (const fields of [ASKED, ASKED + URI]) {
      t.notMatch((await throughNginx(target, fields)).text, /x-halo-assertion/i, target);
    }
  }

  world.halo.clear();
  t.same((await throughNginx('/tickets')).statuses, [200]);
  t.equal(world.halo.received.at(-1)?.header('x-forwarded-user'), 'agnes@example.com');
});

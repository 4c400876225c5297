import t from 'tap';
import { sendRaw, wholeAnswer } from '../support/raw.ts';
import { AGENTS, startWorld } from '../support/world.ts';

const HOST = 'Host: halo.example.com\r\n';

t.test('what is not HTTP without doubt is refused and reaches nobody', async t => {
  const { address, halo } = await startWorld(t);
  for (const [name, bytes] of Object.entries({
    'two hosts': `GET /api/authinfo HTTP/1.1\r\n${HOST}Host: support.example.com\r\n\r\n`,
    'no host': 'GET /api/authinfo HTTP/1.1\r\n\r\n',
    'two content types': `POST /auth/token HTTP/1.1\r\n${HOST}Content-Type: application/x-www-form-urlencoded\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx`,
    'two authorizations': `GET /api/tickets HTTP/1.1\r\n${HOST}Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n`,
    'length and chunks': `POST /api/Notify/x HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a folded field': `GET /api/authinfo HTTP/1.1\r\n${HOST}X-A: b\r\n folded\r\n\r\n`,
    'a space before the colon': `GET /api/authinfo HTTP/1.1\r\n${HOST}X-A : b\r\n\r\n`,
    'a bare line feed': `GET /api/authinfo HTTP/1.1\n${HOST}\r\n\r\n`,
    'a head that is too long': `GET /api/authinfo HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(40_000)}\r\n\r\n`,
    'another host in the target': `GET http://support.example.com/api/authinfo HTTP/1.1\r\n${HOST}\r\n`,
    'a target with bytes beyond ASCII': `GET /api/authinfo\xe4 HTTP/1.1\r\n${HOST}\r\n`,
    'a fragment': `GET /api/authinfo#x HTTP/1.1\r\n${HOST}\r\n`,
    'an asterisk': `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`,
  })) {
    halo.clear();
    const { statuses } = await sendRaw(address, Buffer.from(bytes, 'latin1'), wholeAnswer);
    t.match(String(statuses.at(-1)), /^(400|431)$/, name);
    t.equal(halo.received.length, 0, `${name}: nothing reached Halo`);
  }
});

t.test('an unknown host is 421, whatever X-Forwarded-Host says', async t => {
  const { address } = await startWorld(t);
  const bytes = 'GET / HTTP/1.1\r\nHost: other.example.com\r\nX-Forwarded-Host: halo.example.com\r\n\r\n';
  const { statuses, text } = await sendRaw(address, bytes, wholeAnswer);
  t.same(statuses, [421]);
  t.match(text, /UNKNOWN_HOST/);
});

t.test('the absolute form and the default port are taken for what they are', async t => {
  const { address, halo } = await startWorld(t);
  await sendRaw(
    address,
    'GET https://HALO.example.com:443/api/authinfo?x HTTP/1.1\r\nHost: halo.example.com:443\r\n\r\n',
    whole,
  );
  t.equal(halo.received.at(-1)?.target, '/api/authinfo?x');
});

t.test('nobody forges an identity, in no spelling and on no path', async t => {
  const { address, halo } = await startWorld(t);
  const forged = [
    'X-Forwarded-User: admin',
    'x-forwarded-user: admin',
    'X_Forwarded_User: admin',
    'X-Forwarded_User: admin',
    'x_halo_object_id: 1',
    'X-HALO-PORTAL: agent',
    'X-Halo-Assertion: a.b.c',
    'X-Forwarded-Groups: admins',
    'X-Forwarded-Email: admin@example.com',
    'X-Original-URL: /api/tickets',
    'X-Rewrite-URL: /api/tickets',
    'Forwarded: for=127.0.0.1',
    'X-Real-IP: 127.0.0.1',
    'X-HTTP-Method-Override: DELETE',
    'X-Forwarded-Proto: http',
  ];
  for (const [method, target] of [
    ['GET', '/api/authinfo'],
    ['POST', '/api/Notify/stripe'],
    ['GET', '/azure/auth?code=c'],
    ['OPTIONS', '/api/tickets'],
  ] as const) {
    halo.clear();
    const preflight = 'Origin: https://x.example\r\nAccess-Control-Request-Method: POST\r\n';
    const bytes = `${method} ${target} HTTP/1.1\r\n${HOST}${preflight}${forged.join('\r\n')}\r\nConnection: close, X-Forwarded-For\r\n\r\n`;
    await sendRaw(address, bytes, () => false);
    const fields = halo.received.at(-1)?.rawHeaders ?? [];
    t.ok(fields.length > 0, `${method} ${target} reached Halo`);
    t.notMatch(fields.join('\n'), /admin|agent|a\.b\.c|DELETE|\/api\/tickets/);
    t.match(fields.join('\n'), /X-Forwarded-For\n127\.0\.0\.1\nX-Forwarded-Proto\nhttps/);
  }
});

t.test('a refused request with a body leaves the connection usable for the next one', async t => {
  const { address } = await startWorld(t);
  const refused = `POST /api/tickets HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello`;
  const next = `GET /.halogate/session HTTP/1.1\r\n${HOST}\r\n`;
  const { statuses } = await sendRaw(address, refused + next, text => (text.match(/^HTTP/gm) ?? []).length === 2);
  t.same(statuses, [401, 401]);
});

t.test('a client that asks before it sends gets the refusal, not the go-ahead', async t => {
  const { address } = await startWorld(t);
  const bytes = `POST /api/tickets HTTP/1.1\r\n${HOST}Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n`;
  t.same((await sendRaw(address, bytes, wholeAnswer)).statuses, [401]);
});

t.test('a body that nobody wants is not read without end', async t => {
  const { address } = await startWorld(t);
  const head = `POST /api/tickets HTTP/1.1\r\n${HOST}Content-Length: 100000000\r\n\r\n`;
  const { closed } = await sendRaw(address, Buffer.concat([Buffer.from(head), Buffer.alloc(3_000_000)]), () => false);
  t.ok(closed, 'the gateway ends the connection');
});

t.test('token requests pass byte for byte or are refused, however large', async t => {
  const filler = `&x=${'a'.repeat(100_000)}`;
  const form = `grant_type=client_credentials&client_id=i%20d&client_secret=s`;
  const post = (body: string) =>
    `POST /auth/token HTTP/1.1\r\n${HOST}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

  const forced = await startWorld(t);
  t.same((await sendRaw(forced.address, post(form + filler), wholeAnswer)).statuses, [403]);
  t.equal(forced.halo.received.length, 0);
  t.same((await sendRaw(forced.address, post(form), whole)).statuses, [200]);
  t.match(forced.halo.received.at(-1), { bodyStart: form, bodySize: form.length });

  const open = await startWorld(t, { connection: { autoRedirect: false } });
  t.same((await sendRaw(open.address, post(form + filler), whole)).statuses, [200]);
  t.match(open.halo.received.at(-1), { bodySize: form.length + filler.length });
});

t.test("every answer of the gateway's own is not to be kept and says that the host is https", async t => {
  const { browser } = await startWorld(t);
  const person = browser();
  for (const [path, status] of [
    ['/.halogate/unknown', 404],
    ['/.halogate/session', 401],
    ['/.halogate/signed-out', 200],
    ['/.halogate/sign-out', 200],
    ['/.halogate/jwks.json', 200],
    ['/.halogate/style.css', 200],
    ['/ticket', 302],
  ] as const) {
    const answer = await person.ask(AGENTS + path);
    t.equal(answer.status, status, path);
    t.equal(answer.headers['cache-control'], 'no-store', path);
    t.equal(answer.headers['strict-transport-security'], 'max-age=31536000', path);
    t.strictSame(answer.setCookies, [], path);
  }
  const wrong = await person.ask(`${AGENTS}/.halogate/sign-out`, { method: 'DELETE' });
  t.match([wrong.status, wrong.headers.allow], [405, 'GET, HEAD, POST']);
});

t.test('nothing that opens anything stands in a log line', async t => {
  const { entra, logs, browser } = await startWorld(t);
  const person = browser();
  entra.choose('agnes');
  await person.go(`${AGENTS}/ticket?secret=of-the-query`);
  await person.go(`${AGENTS}/.halogate/sign-out`, {
    method: 'POST',
    headers: { origin: AGENTS, 'sec-fetch-site': 'same-origin' },
  });
  const sent = entra.requestsTo('token').at(-1)?.params ?? {};
  const secrets = [
    sent.code,
    sent.code_verifier,
    sent.client_secret,
    'of-the-query',
    ...Object.values(person.cookies(AGENTS)),
  ];
  const text = JSON.stringify(logs);
  t.ok(logs.length > 3);
  for (const secret of secrets) t.notOk(text.includes(String(secret)), 'a secret is not in the log');
  t.notMatch(text, /state=|code=|eyJ/);
});

function whole(text: string): boolean {
  return wholeAnswer(text) || /\r\n0\r\n\r\n$/.test(text);
}

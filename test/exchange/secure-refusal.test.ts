import t from 'tap';
import { sendRaw, wholeAnswer } from '../support/raw.ts';
import { AGENTS, SESSION_SECRET, startWorld } from '../support/world.ts';

const HOST = 'Host: halo.example.com\r\n';
const HSTS = /^strict-transport-security: max-age=31536000\r$/im;

t.test('what is refused before it has a place still says that its host is https, and where it was', async t => {
  const { address, logs } = await startWorld(t);
  for (const [name, bytes, path] of [
    ['a target that is none', `GET /api/%zz HTTP/1.1\r\n${HOST}\r\n`, undefined],
    [
      'a field that stands twice',
      `GET /api/tickets HTTP/1.1\r\n${HOST}Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n`,
      '/api/tickets',
    ],
  ] as const) {
    const { statuses, text } = await sendRaw(address, bytes, wholeAnswer);
    t.same(statuses, [400], name);
    t.match(text, HSTS, name);
    t.match(logs.at(-1), { status: 400, host: 'halo.example.com' }, name);
    t.equal(logs.at(-1)?.path, path, name);
  }
});

t.test('an unknown host says nothing of https', async t => {
  const { address } = await startWorld(t);
  const { text } = await sendRaw(address, 'GET / HTTP/1.1\r\nHost: other.example.com\r\n\r\n', wholeAnswer);
  t.match(text, /^HTTP\/1\.1 421 /);
  t.notMatch(text, HSTS);
});

t.test('a client that stops in the middle of its body is told so, over https still', async t => {
  const { address, logs } = await startWorld(t, {
    settings: { halo: { upstream: 'http://127.0.0.1:9', timeout: '1s' } },
  });
  const bytes = `POST /auth/token HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhel`;
  const { statuses, text } = await sendRaw(address, bytes, wholeAnswer);
  t.same(statuses, [408]);
  t.match(text, HSTS);
  t.match(logs.at(-1), { status: 408, host: 'halo.example.com', path: '/auth/token' });
});

t.test('what cannot be answered for want of the store says that its host is https', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  entra.choose('agnes');
  await person.go(`${AGENTS}/.halogate/sign-in?return=/ticket`);
  const cookie = `Cookie: __Host-halogate=${person.cookies(AGENTS)['__Host-halogate']}\r\n`;
  const { address, logs } = await startWorld(t, {
    settings: { session: { secret: SESSION_SECRET, redis: { url: 'redis://127.0.0.1:1' } } },
  });
  for (const path of ['/.halogate/session', '/.halogate/jwks.json']) {
    const { statuses, text } = await sendRaw(address, `GET ${path} HTTP/1.1\r\n${HOST}${cookie}\r\n`, wholeAnswer);
    t.same(statuses, [503], path);
    t.match(text, HSTS, path);
    t.match(logs.at(-1), { status: 503, host: 'halo.example.com', path }, path);
  }
});

import t from 'tap';
import { connect, DEFAULT_IDENTITY, readUntil, startGateway, startUpstream, valuesOf } from '../support/forwarding.ts';

const identityConfig = {
  ...DEFAULT_IDENTITY,
  headers: [...DEFAULT_IDENTITY.headers, { name: 'Remote-User', template: '{username}' }],
  assertion: { header: 'X-Signed-Identity', lifetime: 60_000 },
};
const identity = ['X-Forwarded-User', 'ada@example.com', 'X-Signed-Identity', 'a.b.c'];

/** What Halo receives for the given lines of a request's head. */
async function received(t: Parameters<typeof startGateway>[0], lines: readonly string[]): Promise<string[]> {
  let raw: string[] = [];
  const { origin } = await startUpstream(t, (request, response) => {
    raw = request.rawHeaders;
    response.end('ok');
  });
  const gateway = await startGateway(t, { upstream: origin, identityConfig, identity });
  const socket = await connect(t, gateway.port);
  socket.write(`${['GET /x?y=1 HTTP/1.1', 'Host: attacker.example', ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
  await readUntil(socket, text => text.includes('ok'));
  return raw;
}

t.test('no spelling of an identity header that a client sends reaches Halo', async t => {
  const names = [
    'X-Forwarded-User',
    'x-forwarded-user',
    'X-FORWARDED-USER',
    'X_Forwarded_User',
    'X-Forwarded_User',
    'x_forwarded-user',
    'X-Forwarded-Email',
    'X_Forwarded_Groups',
    'X-Forwarded-Preferred-Username',
    'X-Halo-Portal',
    'X-Halo_Tenant',
    'x_halo_object_id',
    'X-HALO-CONNECTION',
    'X-Halo-Assertion',
    'x_halo_assertion',
    'X-Signed-Identity',
    'X_Signed_Identity',
    'x-signed_identity',
    'Remote-User',
    'Remote_User',
    'REMOTE_USER',
    'rEmOtE_uSeR',
  ];
  const raw = await received(
    t,
    names.flatMap(name => [`${name}: mallory`, `${name}: mallory, ada`]),
  );
  t.notMatch(raw.join('\n'), /mallory/);
  t.same(valuesOf(raw, 'x-forwarded-user'), ['ada@example.com']);
  t.same(valuesOf(raw, 'x-signed-identity'), ['a.b.c']);
});

t.test('what claims where a request came from, or what it asked for, is dropped in every spelling', async t => {
  const raw = await received(t, [
    'X-Forwarded-For: 198.51.100.1',
    'X_Forwarded_For: 198.51.100.1',
    'X-Forwarded-Port: 1',
    'X-Forwarded: for=1',
    'Forwarded: for=198.51.100.1',
    'X-Real-IP: 198.51.100.1',
    'X_Real_IP: 198.51.100.1',
    'X-Original-URL: /admin',
    'X_Original_URI: /admin',
    'X-Rewrite-URL: /admin',
    'X-HTTP-Method-Override: DELETE',
    'X_HTTP_Method_Override: DELETE',
    'X-HTTP-Method: DELETE',
    'X-Method-Override: DELETE',
    'Content_Length: 7',
    'Transfer_Encoding: chunked',
  ]);
  const names = raw.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase());
  t.same(names.toSorted(), [
    'connection',
    'host',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-forwarded-user',
    'x-signed-identity',
  ]);
  t.same(valuesOf(raw, 'host'), ['halo.example.com'], 'the Host is the portal’s');
  t.same(valuesOf(raw, 'x-forwarded-for'), ['192.0.2.1'], 'the client’s address alone');
  t.same(valuesOf(raw, 'x-forwarded-proto'), ['https']);
  t.same(valuesOf(raw, 'x-forwarded-host'), ['halo.example.com']);
});

t.test('hop-by-hop fields and those that Connection names stay behind', async t => {
  const raw = await received(t, [
    'Connection: keep-alive, X-Mine',
    'Connection: x-other',
    'X-Mine: 1',
    'X-OTHER: 1',
    'Keep-Alive: timeout=5',
    'TE: trailers',
    'Trailer: X-Sum',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQAAP__',
    'Proxy-Authorization: Basic eDp5',
    'Proxy-Connection: keep-alive',
    'X-Kept: 1',
  ]);
  for (const name of ['x-mine', 'x-other', 'keep-alive', 'te', 'trailer', 'upgrade', 'http2-settings']) {
    t.same(valuesOf(raw, name), [], name);
  }
  t.notMatch(raw.join('\n').toLowerCase(), /^proxy-/m);
  t.same(valuesOf(raw, 'x-kept'), ['1']);
});

t.test('Connection takes away neither what the gateway sets nor what it decides on', async t => {
  const raw = await received(t, [
    'Connection: close, X-Forwarded-User, X-Signed-Identity, X-Forwarded-For, Host, Cookie, Origin, Content-Type, Authorization',
    'Cookie: theme=dark',
    'Origin: https://evil.example',
    'Content-Type: text/plain',
    'Authorization: Bearer abc',
  ]);
  t.same(valuesOf(raw, 'x-forwarded-user'), ['ada@example.com']);
  t.same(valuesOf(raw, 'x-signed-identity'), ['a.b.c']);
  t.same(valuesOf(raw, 'x-forwarded-for'), ['192.0.2.1']);
  t.same(valuesOf(raw, 'host'), ['halo.example.com']);
  t.same(valuesOf(raw, 'cookie'), ['theme=dark']);
  t.same(valuesOf(raw, 'origin'), ['https://evil.example']);
  t.same(valuesOf(raw, 'content-type'), ['text/plain']);
  t.same(valuesOf(raw, 'authorization'), ['Bearer abc']);
});

t.test('the gateway’s own cookies stay behind, the others pass byte for byte', async t => {
  const raw = await received(t, [
    'Cookie: a="x,;  b=2;__Host-halogate=secret; c==3 ; halogate=secret; \xe9=\xff',
    'Cookie: __Host-halogate-last=secret; __Host-halogate-out=1; __Host-halogate-tx-abcdefgh=secret',
    'Cookie: __Host-halogate-tx-12345678=secret; d=4; halogate-tx-1=secret; __Host-halogated=kept',
  ]);
  t.same(valuesOf(raw, 'cookie'), ['a="x,;  b=2; c==3 ; \xe9=\xff', 'd=4; __Host-halogated=kept']);
  t.notMatch(raw.join('\n'), /secret/);
});

t.test('other fields pass as they were written, in their order, with their repetitions', async t => {
  const raw = await received(t, ['X-B: 1', 'x-A: \xfc', 'X-B: 2', 'Accept: text/html', 'Accept: */*']);
  t.match(raw.join('|'), 'X-B|1|x-A|\xfc|X-B|2|Accept|text/html|Accept|*/*');
});

t.test('a table that strangers fill with names keeps telling fields apart', async t => {
  const raw: string[] = [];
  const { origin } = await startUpstream(t, (request, response) => {
    raw.push(...request.rawHeaders);
    response.end('ok');
  });
  const gateway = await startGateway(t, { upstream: origin });
  for (let round = 0; round < 30; round += 1) {
    const headers = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`X-N-${round}-${index}`, '1']));
    const answer = await fetch(`${gateway.origin}/`, { headers: { ...headers, 'X-Halo-Tenant': 'mallory' } });
    await answer.text();
  }
  t.notMatch(raw.join('\n'), /mallory/);
  t.equal(raw.filter(name => name.toLowerCase().startsWith('x-n-')).length, 1_800);
});

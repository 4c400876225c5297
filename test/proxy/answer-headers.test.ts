import t from 'tap';
import { connect, type GatewayOptions, readAll, startGateway, startRawUpstream } from '../support/forwarding.ts';

/** The head that a client gets for an answer of Halo, its lines. */
async function answered(
  t: Parameters<typeof startGateway>[0],
  lines: readonly string[],
  options: Partial<GatewayOptions> = {},
): Promise<string[]> {
  const { origin } = await startRawUpstream(t, socket => {
    socket.once('data', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  });
  const gateway = await startGateway(t, { upstream: origin, ...options });
  const socket = await connect(t, gateway.port);
  socket.write('GET / HTTP/1.1\r\nHost: halo.example.com\r\nConnection: close\r\n\r\n');
  return ((await readAll(socket)).split('\r\n\r\n')[0] ?? '').split('\r\n');
}

t.test('an answer’s fields pass as they were written, several Set-Cookie apart and in order', async t => {
  const head = await answered(t, [
    'HTTP/1.1 203 Quite Right',
    'Date: Tue, 01 Jan 2030 00:00:00 GMT',
    'Server: Microsoft-IIS/10.0',
    'Set-Cookie: a=1; path=/',
    'X-Thing: \xfc',
    'Set-Cookie: b=2; HttpOnly',
    'Content-Length: 0',
  ]);
  t.same(head, [
    'HTTP/1.1 203 Quite Right',
    'Date: Tue, 01 Jan 2030 00:00:00 GMT',
    'Server: Microsoft-IIS/10.0',
    'Set-Cookie: a=1; path=/',
    'X-Thing: \xfc',
    'Set-Cookie: b=2; HttpOnly',
    'Content-Length: 0',
    'Strict-Transport-Security: max-age=31536000',
    'Connection: close',
  ]);
});

t.test('Halo cannot set the gateway’s own cookies', async t => {
  const head = await answered(t, [
    'HTTP/1.1 200 OK',
    'Set-Cookie: __Host-halogate=planted; Path=/; Secure',
    'Set-Cookie: __Host-halogate-last=; Max-Age=0',
    'Set-Cookie:  halogate-tx-abcdefgh =planted',
    'set-cookie: other=__Host-halogate=1',
    'Content-Length: 0',
  ]);
  t.same(
    head.filter(line => /^set-cookie/i.test(line)),
    ['set-cookie: other=__Host-halogate=1'],
  );
});

t.test('hop-by-hop fields of Halo, and those that its Connection names, stay behind', async t => {
  const head = await answered(t, [
    'HTTP/1.1 200 OK',
    'Connection: close, X-Hop',
    'X-Hop: 1',
    'Keep-Alive: timeout=99',
    'Proxy-Authenticate: Basic',
    'Trailer: X-Sum',
    'Upgrade: h2c',
    'X-Kept: 1',
    'Content-Length: 0',
  ]);
  t.notMatch(head.join('\n'), /x-hop|timeout=99|proxy-|trailer|upgrade/i);
  t.ok(head.includes('X-Kept: 1'), 'other fields pass');
});

t.test('HSTS is Halo’s where Halo sends it, and absent on an http portal', async t => {
  const own = await answered(t, ['HTTP/1.1 200 OK', 'strict-transport-security: max-age=5', 'Content-Length: 0']);
  t.same(
    own.filter(line => /^strict/i.test(line)),
    ['strict-transport-security: max-age=5'],
  );
  const plain = await answered(t, ['HTTP/1.1 200 OK', 'Content-Length: 0'], { portal: { secure: false } });
  t.notMatch(plain.join('\n'), /^strict/im);
});

t.test('the gateway’s own fields come first, and Halo’s Connection cannot take them away', async t => {
  const head = await answered(
    t,
    ['HTTP/1.1 200 OK', 'Connection: Clear-Site-Data', 'Set-Cookie: a=1', 'Content-Length: 0'],
    {
      answerHeaders: ['Clear-Site-Data', '"storage"', 'Set-Cookie', 'halo=; Max-Age=0'],
    },
  );
  t.same(head.slice(1, 4), ['Clear-Site-Data: "storage"', 'Set-Cookie: halo=; Max-Age=0', 'Set-Cookie: a=1']);
});

t.test('an answer that is none is 502, and nothing of it reaches the client', async t => {
  for (const [lines, why] of [
    [['HTTP/1.1 200 OK', 'Content-Length: 3', 'Transfer-Encoding: chunked', 'X-Bad: 1'], 'two framings'],
    [['HTTP/1.1 200 OK', 'Content-Length: 3', 'Content-Length: 4', 'X-Bad: 1'], 'two lengths'],
    [['HTTP/1.1 200 OK', 'X-Bad : 1'], 'a space before the colon'],
    [['HTTP/1.1 200 OK', `X-Bad: ${'a'.repeat(70_000)}`], 'a head that does not end'],
    [['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket', 'X-Bad: 1'], 'an upgrade'],
    [['SSH-2.0-OpenSSH_9', 'X-Bad: 1'], 'another protocol'],
  ] as const) {
    const head = await answered(t, lines);
    t.equal(head[0], 'HTTP/1.1 502 Bad Gateway', why);
    t.notMatch(head.join('\n'), /X-Bad/, why);
  }
});

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { listen, sendJson } from '../../../demo/web/index.ts';
import { about, started } from './support.ts';

t.test('Halo: away, at fault, not whom the gateway expects', async t => {
  const { run } = await started(t);
  const tried = async (upstream: unknown, subject: string) => {
    const seen = await run({ halo: { upstream } });
    return { status: seen.status, line: about(seen.out, subject), out: seen.out };
  };
  const away = await tried('http://127.0.0.1:1', 'upstream http://127.0.0.1:1, portal agents');
  t.match(away, { status: 1, line: /^FAIL .*\(ECONNREFUSED\)\. Nothing listens there/ });
  t.notMatch(away.out, 'auth path');
  for (const [code, status, verdict] of [
    [502, 1, /^FAIL .*answers 502\. .*its log/],
    [404, 0, /^warn .*answers 404\. .*localhost/],
    [302, 0, /^ok .*answers 302/],
  ] as const) {
    const halo = await listen((_, response) => sendJson(response, code, {}), 0);
    t.match(await tried(halo.url, `upstream ${halo.url}, portal agents`), { status, line: verdict });
    await halo.close();
  }
});

t.test("Halo's certificate is verified", async t => {
  const { run } = await started(t);
  const files = ['upstream-cert.pem', 'upstream-key.pem'].map(
    name => new URL(`../../fixtures/tls/${name}`, import.meta.url).pathname,
  );
  const [cert = '', key = ''] = files;
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_, response) => response.end());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const unknown = await run({ halo: { upstream: url } });
  t.match(about(unknown.out, `upstream ${url}, portal agents`), /^FAIL .*\(tls\)\. .*"ca".*"servername"/);
  const servername = 'halo.internal';
  const known = await run({ halo: { upstream: { url, ca: cert, servername } } });
  t.match(about(known.out, `upstream ${url}, portal agents`), /^ok .*certificate verifies/);
});

t.test('where Halo signs people in', async t => {
  const { run } = await started(t);
  let info: object = {};
  const halo = await listen(({ url }, response) => {
    sendJson(response, 200, url === '/api/authinfo' ? info : {});
  }, 0);
  t.teardown(() => halo.close());
  const tried = async (authUrl: string | undefined, others: object = {}) => {
    info = authUrl === undefined ? {} : { auth_url: authUrl };
    const seen = await run({ halo: { upstream: halo.url, ...others } });
    return { status: seen.status, line: about(seen.out, `upstream ${halo.url}, auth path`) };
  };
  t.match(await tried('http://localhost/Auth/'), { status: 0, line: /^ok / });
  t.match(await tried('http://localhost/portal/auth'), { status: 0, line: /^ok / });
  t.match(await tried('http://localhost/haloauth'), {
    status: 1,
    line: /^FAIL .*\/haloauth, .* Set it to \/haloauth\./,
  });
  t.match(await tried('http://localhost/haloauth', { authPath: '/haloauth' }), { status: 0, line: /^ok / });
  t.match(await tried('https://auth.example.com/auth'), { status: 0, line: /^warn .*auth\.example\.com.*no portal/ });
  t.match(await tried(undefined), { status: 0, line: /^warn .*without auth_url.*by hand/ });
});

t.test('a public name that leads nowhere', async t => {
  const { run } = await started(t);
  const portals = [{ name: 'agents', kind: 'agent', url: 'https://halo.invalid' }];
  const { status, out } = await run({ portals });
  t.equal(status, 0, 'browsers may know it');
  t.match(about(out, 'public name halo.invalid'), /^warn .*cannot be resolved here/);
});

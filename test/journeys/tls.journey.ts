import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import { Agent, request, setGlobalDispatcher } from 'undici';
import { type Certificate, makeCertificate } from '../support/certificate.ts';
import { startReloading } from '../support/reloading.ts';
import { AGENTS, CUSTOMERS } from '../support/world.ts';

// Nobody vouches for these certificates; which one it is the tests look at themselves.
setGlobalDispatcher(new Agent({ connect: { rejectUnauthorized: false } }));

const [first, second] = [makeCertificate(), makeCertificate()];

/** The mounted Secret beside the settings. */
function files({ cert, key }: Certificate) {
  return { 'tls.crt': cert, 'tls.key': key };
}

function start(t: Test, settings: Readonly<Record<string, unknown>> = {}) {
  return startReloading(t, { tls: { cert: 'tls.crt', key: 'tls.key' }, ...settings }, files(first));
}

async function open(url: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

/** Which certificate a new connection is shown. */
async function shown(url: string): Promise<string> {
  const socket = await open(url);
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

const fingerprint = ({ cert }: Certificate) => new X509Certificate(cert).fingerprint256;

t.test('signing in, requests and WebSockets go over TLS, and nothing goes without it', async t => {
  const world = await start(t);
  t.equal(await shown(world.url), fingerprint(first));
  const cookie = await world.signIn('agnes');
  t.equal(await world.ask(cookie), 200);
  const socket = await world.open(cookie);
  await socket.echo('over TLS');
  await t.rejects(request(`${world.gateway.url}/ticket`, { headers: { host: new URL(AGENTS).host } }));
  const large = Buffer.alloc(2_000_000, 'x');
  const headers = { host: new URL(AGENTS).host, origin: AGENTS, cookie };
  const { body } = await request(`${world.url}/api/upload`, { method: 'POST', headers, body: large });
  t.match(await body.json(), { bytes: large.length });
});

t.test('TLS 1.2 and 1.3 are spoken, nothing older', async t => {
  const { url } = await start(t);
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await open(url, { minVersion: version, maxVersion: version });
    t.equal(socket.getProtocol(), version);
    socket.destroy();
  }
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  await t.rejects(open(url, old), /version|alert/i);
});

t.test('a certificate is exchanged for new connections; those that are open go on', async t => {
  const world = await start(t);
  const cookie = await world.signIn('agnes');
  const socket = await world.open(cookie);
  const kept = await open(world.url);
  const before = await world.status();
  const after = await world.load({}, files(second));
  t.equal(after.lastError, null);
  t.equal(after.configHash, before.configHash, 'the settings file is the same');
  t.equal(await shown(world.url), fingerprint(second));
  await socket.echo('still there');
  kept.write(`GET /ticket HTTP/1.1\r\nHost: ${new URL(AGENTS).host}\r\nCookie: ${cookie}\r\n\r\n`);
  const [data] = await once(kept, 'data');
  t.match(String(data), /^HTTP\/1\.1 200/);
  kept.destroy();
  t.equal(await world.ask(cookie), 200);
});

t.test('a pair that is only half there is refused, and taken when it is whole', async t => {
  const world = await start(t);
  const half = await world.load({}, { 'tls.crt': second.cert, 'tls.key': first.key });
  t.match(half.lastError, /INVALID_KEY tls\.key: the private key is not that of "cert"/);
  t.equal(await shown(world.url), fingerprint(first));
  const cut = await world.load({}, { 'tls.crt': second.cert.slice(0, 200), 'tls.key': second.key });
  t.match(cut.lastError, /INVALID_CERTIFICATE tls\.cert/);
  t.equal(await shown(world.url), fingerprint(first));
  t.equal((await world.load({}, files(second))).lastError, null);
  t.equal(await shown(world.url), fingerprint(second));
});

t.test('TLS itself is not switched off while the gateway runs', async t => {
  const world = await start(t);
  const { needsRestart } = await world.load({ tls: undefined });
  t.same(needsRestart, ['tls']);
  t.equal(await shown(world.url), fingerprint(first));
});

t.test('a connection on which nothing was asked holds no drain up', async t => {
  const world = await start(t, { drain: { wait: '0s', deadline: '600s' } });
  const idle = await open(world.url);
  const asked = await open(world.url);
  asked.write(`GET /favicon.ico HTTP/1.1\r\nHost: ${new URL(CUSTOMERS).host}\r\n\r\n`);
  await once(asked, 'data');
  const ended = Promise.all([once(idle, 'close'), once(asked, 'close')]);
  t.equal(await world.gateway.stop(), 0);
  await ended;
});

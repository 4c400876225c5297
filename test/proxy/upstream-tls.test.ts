import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import type { Upstream } from '../../src/config/index.ts';
import { bodyOf, listen, startGateway } from '../support/forwarding.ts';

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
/** Self-signed, for `halo.internal` and `localhost`. */
const CERT = fixture('upstream-cert.pem');
const KEY = fixture('upstream-key.pem');

/** An https Halo; tells of each request who the client's certificate says it is. */
async function startTlsUpstream(
  t: Test,
  options: https.ServerOptions = {},
): Promise<{ port: number; requests: string[]; connections: () => number }> {
  const requests: string[] = [];
  let connections = 0;
  const server = https.createServer({ cert: CERT, key: KEY, ...options }, (request, response) => {
    const certificate = (request.socket as TLSSocket).getPeerCertificate();
    requests.push(String(certificate.subject?.CN ?? 'nobody'));
    response.end('ok');
  });
  server
    .on('tlsClientError', () => undefined)
    .on('secureConnection', () => {
      connections += 1;
    });
  const port = await listen(server);
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port, requests, connections: () => connections };
}

/** The answer's text, or how forwarding failed. */
async function ask(t: Test, upstream: Upstream): Promise<string> {
  const gateway = await startGateway(t, { upstream });
  const text = await (await fetch(gateway.origin)).text();
  const result = await gateway.result();
  return result.failure ? `${result.failure.code} ${result.failure.reason}` : text;
}

t.test('an upstream whose certificate nobody vouches for gets no request', async t => {
  const { port, requests } = await startTlsUpstream(t);
  t.equal(await ask(t, { origin: `https://localhost:${port}` }), 'UPSTREAM_UNREACHABLE tls');
  t.same(requests, []);
});

t.test('not even where the environment switches verification off', async t => {
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  t.teardown(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  });
  const { port, requests } = await startTlsUpstream(t);
  t.equal(await ask(t, { origin: `https://localhost:${port}` }), 'UPSTREAM_UNREACHABLE tls');
  t.same(requests, []);
});

t.test('an upstream that `ca` vouches for is trusted, by its own name and not by the portal’s', async t => {
  const { port, requests } = await startTlsUpstream(t);
  t.equal(await ask(t, { origin: `https://localhost:${port}`, ca: CERT }), 'ok');
  t.same(requests, ['nobody']);
});

t.test('portals of one upstream share its connections, though their hosts differ', async t => {
  const { port, requests, connections } = await startTlsUpstream(t);
  const gateway = await startGateway(t, {
    upstream: { origin: `https://localhost:${port}`, ca: CERT },
    otherPortal: { name: 'support', host: 'support.example.com' },
  });
  for (const host of ['halo.example.com', 'support.example.com', 'halo.example.com']) {
    const request = http.get(gateway.origin, { headers: { host } });
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    await bodyOf(answer);
  }
  t.equal(requests.length, 3);
  t.equal(connections(), 1);
});

t.test('a certificate for another name is refused, an address included', async t => {
  const { port, requests } = await startTlsUpstream(t);
  t.equal(await ask(t, { origin: `https://127.0.0.1:${port}`, ca: CERT }), 'UPSTREAM_UNREACHABLE tls');
  t.equal(
    await ask(t, { origin: `https://localhost:${port}`, ca: CERT, servername: 'halo.example.com' }),
    'UPSTREAM_UNREACHABLE tls',
  );
  t.same(requests, []);
});

t.test('`servername` is the name that is asked for and verified', async t => {
  const { port } = await startTlsUpstream(t);
  t.equal(await ask(t, { origin: `https://127.0.0.1:${port}`, ca: CERT, servername: 'halo.internal' }), 'ok');
});

t.test('`cert` and `key` are shown to an upstream that asks for them', async t => {
  const { port, requests } = await startTlsUpstream(t, { requestCert: true, rejectUnauthorized: true, ca: CERT });
  const origin = `https://localhost:${port}`;
  t.match(await ask(t, { origin, ca: CERT }), /^UPSTREAM_UNREACHABLE /);
  t.equal(await ask(t, { origin, ca: CERT, cert: CERT, key: KEY }), 'ok');
  t.same(requests, ['halo.internal']);
});

t.test('a plain upstream behind an https address is unreachable', async t => {
  const { port } = await startTlsUpstream(t);
  t.match(await ask(t, { origin: `http://localhost:${port}` }), /^UPSTREAM_UNREACHABLE /);
});

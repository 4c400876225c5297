import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Test } from 'tap';
import { type Halo, startHalo } from '../../demo/halo/index.ts';
import { Browser, locationOf } from '../support/browser.ts';
import { type Front, startFront } from '../support/front.ts';
import { sendRaw } from '../support/raw.ts';
import { AGENTS } from '../support/world.ts';

/** A proxy that forwards to a Halo and asks a gateway, which knows another one: so it shows who has forwarded. */
export interface ProxyWorld {
  readonly front: Front;
  /** To which the proxy forwards. */
  readonly halo: Halo;
  /** `http://host:port` of the proxy. */
  readonly url: string;
  browser(): Browser;
}

/** @param start starts the proxy. @returns its address */
export async function startProxyWorld(
  t: Test,
  start: (addresses: { readonly halogate: string; readonly halo: string }) => Promise<string>,
): Promise<ProxyWorld> {
  const front = await startFront(t, { settings: { trustedProxies: ['127.0.0.1'] } });
  const halo = await startHalo();
  t.teardown(() => halo.close());
  const url = await start({ halogate: new URL(front.gateway.url).host, halo: new URL(halo.url).host });
  return { front, halo, url, browser: () => new Browser({ [AGENTS]: url }) };
}

/** What a client may try to pass off as said by the gateway. */
const FORGED = {
  'x-halo-object-id': 'forged',
  'x-halo-assertion': 'forged',
  'x-halo-portal': 'agent',
  'x-forwarded-user': 'forged',
  'x-forwarded-groups': 'forged',
  'x-forwarded-method': 'OPTIONS',
  'x-forwarded-uri': '/favicon.ico',
  'x-forwarded-port': 'forged',
  'x-forwarded-prefix': 'forged',
  'x-forwarded-server': 'forged',
  'x-forwarded-scheme': 'forged',
  'x-forwarded': 'forged',
  forwarded: 'for=forged',
  'x-real-ip': 'forged',
  'x-original-url': '/forged',
  'x-original-uri': '/forged',
  'x-original-host': 'forged',
  'x-original-method': 'forged',
  'x-original-for': 'forged',
  'x-rewrite-url': '/forged',
  'http2-settings': 'forged',
  'x-http-method-override': 'forged',
  'x-http-method': 'forged',
  'x-method-override': 'forged',
};

/** What must hold behind every proxy, whatever its settings look like. */
export async function forwardAuthContract(t: Test, world: ProxyWorld): Promise<void> {
  const { front, halo, url, browser } = world;
  const person = browser();

  await t.test('a deep link leads through sign-in to Halo, with the identity', async t => {
    front.entra.choose('agnes');
    const start = await person.ask(`${AGENTS}/tickets?id=42&q=caf%C3%A9`);
    t.equal(start.status, 302);
    t.match(locationOf(start), `${AGENTS}/.halogate/sign-in?return=`);
    front.halo.clear();
    const seen = await person.go(locationOf(start));
    t.equal(seen.status, 200);
    t.equal(seen.url.href, `${AGENTS}/tickets?id=42&q=caf%C3%A9`);
    const arrived = halo.received.at(-1);
    t.equal(arrived?.target, '/tickets?id=42&q=caf%C3%A9');
    t.equal(arrived?.header('host'), 'halo.example.com');
    t.equal(arrived?.header('x-forwarded-user'), 'agnes@example.com');
    t.equal(arrived?.header('x-halo-portal'), 'agent');
    t.equal(arrived?.header('x-forwarded-for'), '127.0.0.1');
    t.equal(arrived?.header('x-forwarded-proto'), 'https');
    const jwks = JSON.parse((await person.ask(`${AGENTS}/.halogate/jwks.json`)).body);
    const { payload } = await jwtVerify(arrived?.header('x-halo-assertion') ?? '', createLocalJWKSet(jwks));
    t.equal(payload.aud, AGENTS);
    t.equal(front.halo.received.length, 0, 'the gateway has forwarded nothing');
  });

  await t.test('nothing that a client says of itself reaches Halo', async t => {
    halo.clear();
    const spelled = { x_halo_tenant: 'forged', x_http_method_override: 'forged', x_original_url: '/forged' };
    t.equal((await person.ask(`${AGENTS}/tickets`, { headers: { ...FORGED, ...spelled } })).status, 200);
    const known = halo.received.at(-1);
    t.notMatch(known?.rawHeaders.join('\n'), /forged/);
    t.equal(known?.method, 'GET');
    t.equal(known?.header('x-forwarded-user'), 'agnes@example.com');
    t.equal(known?.header('x-forwarded-method') ?? '', '');
    t.equal(known?.header('x-forwarded-uri') ?? '', '');

    t.equal((await browser().ask(`${AGENTS}/favicon.ico`, { headers: FORGED })).status < 500, true);
    const nobody = halo.received.at(-1);
    t.equal(nobody?.target, '/favicon.ico');
    t.notMatch(nobody?.rawHeaders.join('\n'), /forged/);
    t.equal(nobody?.header('x-halo-portal') ?? '', '');

    halo.clear();
    t.equal((await browser().ask(`${AGENTS}/tickets`, { headers: FORGED })).status, 302, 'nor is it believed');
    t.equal(halo.received.length, 0);
  });

  await t.test('who is not signed in gets what the gateway answers', async t => {
    halo.clear();
    const fetched = await browser().ask(`${AGENTS}/api/tickets`, {
      headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: 'application/json' },
    });
    t.equal(fetched.status, 401);
    t.match(JSON.parse(fetched.body), { code: 'SIGN_IN_REQUIRED', signIn: /^\/\.halogate\/sign-in/ });
    const framed = await browser().ask(`${AGENTS}/tickets`, { headers: { 'sec-fetch-dest': 'iframe' } });
    t.equal(framed.status, 401);
    t.match(framed.headers['content-type'], /^text\/html/);
    const bearer = { 'sec-fetch-mode': 'cors', authorization: 'Bearer halo-token' };
    t.equal(halo.received.length, 0);
    await browser().ask(`${AGENTS}/api/tickets`, { headers: bearer });
    t.equal(halo.received.at(-1)?.target, '/api/tickets', 'a program with a token of Halo passes');
  });

  await t.test('who may not enter is told so', async t => {
    const user = browser();
    front.entra.choose('ulrich');
    t.equal((await user.go(`${AGENTS}/portal/home`)).status, 200);
    halo.clear();
    const refused = await user.ask(`${AGENTS}/tickets`);
    t.equal(refused.status, 403);
    t.match(refused.body, /NOT_ADMITTED/);
    t.equal(halo.received.length, 0);
  });

  await t.test('writes and WebSockets are held to their origin', async t => {
    halo.clear();
    const write = (origin: string) =>
      person.ask(`${AGENTS}/api/tickets`, { method: 'POST', headers: { origin }, form: { subject: 'Printer' } });
    const forged = await write('https://evil.example');
    t.equal(forged.status, 403);
    t.match(forged.body, /CROSS_ORIGIN/);
    t.equal(halo.received.length, 0);
    t.ok((await write(AGENTS)).status < 500);
    t.equal(halo.received.at(-1)?.method, 'POST');
    t.equal(halo.received.at(-1)?.header('content-length'), 'subject=Printer'.length.toString());

    const { '__Host-halogate': session = '' } = person.cookies(AGENTS);
    halo.clear();
    t.equal(await handshake(url, session, 'https://evil.example'), 403);
    t.equal(halo.received.length, 0);
    t.equal(await handshake(url, session, AGENTS), 101);
  });

  await t.test('no connection is switched to anything but WebSocket', async t => {
    for (const upgrade of ['h2c', 'H2C', 'websocket, h2c', 'h2c\r\nUpgrade: websocket', 'websocket\r\nUpgrade: h2c']) {
      halo.clear();
      const head = `GET /favicon.ico HTTP/1.1\r\nHost: halo.example.com\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${upgrade}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`;
      const { statuses } = await sendRaw(url, head, text => /\r\n\r\n/.test(text));
      t.notOk(statuses.includes(101), upgrade);
      for (const arrived of halo.received) t.notMatch(arrived.rawHeaders.join('\n'), /h2c|HTTP2-Settings/i, upgrade);
    }
  });

  await t.test('what only the gateway may decide goes to the gateway', async t => {
    halo.clear();
    const form = { grant_type: 'password', username: 'agnes', password: 'secret' };
    for (const path of ['/auth/token', '/AUTH/Token', '/portal/auth/token']) {
      const answer = await browser().ask(`${AGENTS}${path}`, { method: 'POST', form });
      t.equal(answer.status, 403, path);
      t.match(answer.body, /NATIVE_SIGN_IN_REFUSED/);
    }
    t.match(JSON.parse((await person.ask(`${AGENTS}/.halogate/session`)).body), { username: 'agnes@example.com' });
    t.equal(halo.received.length, 0);
  });

  await t.test('nobody asks for themselves', async t => {
    for (const path of ['', '?redirect=302', '/tickets', '/../verify', '/%2e%2e/verify']) {
      const headers = { 'x-forwarded-method': 'GET', 'x-forwarded-host': 'halo.example.com' };
      const answer = await person.ask(`${AGENTS}/.halogate/verify${path}`, { headers });
      t.ok(answer.status === 404 || answer.status === 403, `${path} ${answer.status}`);
      t.equal(answer.headers['x-halo-assertion'], undefined);
    }
  });

  await t.test('no spelling of an address passes on another decision', async t => {
    halo.clear();
    front.halo.clear();
    const targets = ['/%61uth/token', '/x/../auth/token', '//auth/token', '/portal/..%2fauth/token', '/auth;x/token'];
    for (const target of [...targets, '/auth%2ftoken', '/portal//auth/./token', '/.halogate/../auth/token']) {
      const body = 'grant_type=password&username=agnes&password=secret';
      const head = `POST ${target} HTTP/1.1\r\nHost: halo.example.com\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`;
      const { statuses } = await sendRaw(url, head + body, text => /\r\n\r\n/.test(text));
      t.ok([400, 401, 403, 404].includes(statuses.at(-1) ?? 0), `${target} ${statuses.at(-1)}`);
    }
    t.equal(halo.received.length, 0);
    t.equal(front.halo.received.length, 0);
  });

  await t.test('without the gateway nobody passes', async t => {
    await front.gateway.kill();
    halo.clear();
    for (const path of ['/tickets', '/favicon.ico', '/auth/authorize']) {
      t.ok((await person.ask(`${AGENTS}${path}`)).status >= 500, path);
    }
    t.equal(halo.received.length, 0);
  });
}

async function handshake(url: string, session: string, origin: string): Promise<number> {
  const fields = {
    Host: 'halo.example.com',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    Origin: origin,
    Cookie: `__Host-halogate=${session}`,
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = await sendRaw(url, `GET /hub HTTP/1.1\r\n${lines.join('')}\r\n`, text => /\r\n\r\n/.test(text));
  return answer.statuses.at(-1) ?? 0;
}

import { decodeJwt } from 'jose';
import t from 'tap';
import { startHalo } from '../../demo/halo/index.ts';
import { FETCH, NAVIGATION, startFront } from '../support/front.ts';

const HALO = 'https://halo.example.com';
const DESK = 'https://desk.example.com';
const HELP = 'https://help.example.com';
const SUPPORT = 'https://support.example.com';

/** Portals at the root and under a path, on a host of several and on their own, at the common upstream and at their own. */
async function startPortals(t: Parameters<typeof startFront>[0]) {
  const help = await startHalo({ portalAtRoot: true });
  const support = await startHalo();
  t.teardown(() => Promise.all([help.close(), support.close()]));
  const portals = [
    { name: 'customers', kind: 'user', url: `${HALO}/portal` },
    { name: 'vip', kind: 'user', url: `${HALO}/portal/VIP/` },
    { name: 'agents', kind: 'agent', url: HALO },
    { name: 'desk', kind: 'agent', url: `${DESK}/desk` },
    { name: 'help', kind: 'user', url: `${HELP}/`, upstream: help.url },
    { name: 'support', kind: 'user', url: `${SUPPORT}/portal`, upstream: { url: support.url } },
  ];
  const identity = { headers: { 'X-Forwarded-User': '{username}', 'X-Portal': '{portal.name}/{portal.kind}' } };
  const front = await startFront(t, { settings: { portals, identity } });
  const halos = { common: front.halo, help, support };
  return {
    front,
    /** Where a request arrived, and for which portal; undefined where it did not. */
    async whereTo(request: string, ask: Parameters<typeof front.ask>[1]) {
      for (const halo of Object.values(halos)) halo.clear();
      await front.ask(request, ask);
      const arrivals = Object.entries(halos).flatMap(([name, { received }]) => received.map(one => ({ name, one })));
      return arrivals.map(({ name, one }) => `${one.header('x-portal')} at ${name}`).join();
    },
    lastAt: (name: keyof typeof halos) => halos[name].received.at(-1),
  };
}

t.test('a request belongs to the portal of its host with the longest path, and goes to its upstream', async t => {
  const { front, whereTo, lastAt } = await startPortals(t);
  const agents = 'agents/agent at common';
  const customers = 'customers/user at common';
  const vip = 'vip/user at common';
  for (const [url, requests] of Object.entries({
    [HALO]: {
      '/': agents,
      '/ticket?id=42&url=https://elsewhere.example/x%20y': agents,
      '/portalx': agents,
      '/x/portal': agents,
      '/portal': customers,
      '/PORTAL/Home?x=%2F': customers,
      '/portal/': customers,
      '/%70ortal/a%20b': customers,
      '/x/../portal//home': customers,
      '/portal/vipx': customers,
      '/portal/vip': vip,
      '/Portal/Vip/home': vip,
      '/portal/auth/authorize': customers,
      '/portal/vip/auth/authorize': vip,
      '/api/tickets': agents,
      '/auth/authorize': agents,
    },
    [DESK]: { '/': 'desk/agent at common', '/desk/x': 'desk/agent at common', '/portal': 'desk/agent at common' },
    [HELP]: { '/': 'help/user at help', '/home': 'help/user at help', '/api/tickets': 'help/user at help' },
    [SUPPORT]: {
      '/portal/home': 'support/user at support',
      '/assets/app.js': 'support/user at support',
      '/auth/authorize': 'support/user at support',
    },
  })) {
    const cookie = await front.signIn('agnes', url);
    for (const [target, expected] of Object.entries(requests)) {
      t.equal(await whereTo(`GET ${url}${target}`, { headers: FETCH, cookie }), expected, url + target);
    }
    t.equal(lastAt(url === HELP ? 'help' : url === SUPPORT ? 'support' : 'common')?.header('host'), new URL(url).host);
  }
});

t.test('the host is that of the Host header, without letter case and with the default port or none', async t => {
  const { front } = await startPortals(t);
  const cookie = await front.signIn('agnes');
  const elsewhere = {
    'x-forwarded-host': 'help.example.com',
    'x-original-host': 'help.example.com',
    forwarded: 'host=x',
  };
  for (const host of ['halo.example.com', 'HALO.Example.com', 'halo.example.com:443', 'Halo.example.com:443']) {
    const reply = await front.ask(`GET ${HALO}/ticket`, { headers: { ...elsewhere, host }, cookie });
    t.match(reply, { status: 200, identified: true }, host);
    t.same(
      ['host', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for', 'x-original-host', 'forwarded'].map(name =>
        reply.arrived?.header(name),
      ),
      ['halo.example.com', 'halo.example.com', 'https', '127.0.0.1', undefined, undefined],
    );
  }
  for (const host of [
    'other.example.com',
    'halo.example.com:80',
    'halo.example.com:8443',
    'halo.example.com.',
    'halo.example.com.evil.example',
    'evil.halo.example.com',
    '127.0.0.1',
    '',
  ]) {
    const reply = await front.ask(`GET ${HALO}/api/authinfo`, { headers: { ...elsewhere, host }, cookie });
    t.match(reply, { status: 421, code: 'UNKNOWN_HOST', arrived: undefined }, host);
  }
});

t.test('each portal has its own callback address, and signing in leads back to the deep link', async t => {
  const { front, lastAt } = await startPortals(t);
  const deep = '?id=42&url=https://elsewhere.example/x%20y&%7e+=%2F';
  for (const { link, callback, at = 'common', url } of [
    { link: `${HALO}/ticket`, callback: `${HALO}/auth/account/azureresponse`, url: HALO },
    { link: `${HALO}/portal/kb`, callback: `${HALO}/portal/auth/account/azureresponse`, url: `${HALO}/portal` },
    {
      link: `${HALO}/portal/VIP`,
      callback: `${HALO}/portal/VIP/auth/account/azureresponse`,
      url: `${HALO}/portal/VIP`,
    },
    { link: `${DESK}/desk/x`, callback: `${DESK}/auth/account/azureresponse`, url: `${DESK}/desk` },
    { link: `${DESK}/outside`, callback: `${DESK}/auth/account/azureresponse`, url: `${DESK}/desk` },
    { link: `${HELP}/kb`, callback: `${HELP}/auth/account/azureresponse`, at: 'help', url: HELP },
    {
      link: `${SUPPORT}/portal/kb`,
      callback: `${SUPPORT}/portal/auth/account/azureresponse`,
      at: 'support',
      url: `${SUPPORT}/portal`,
    },
  ] as const) {
    front.entra.choose('agnes');
    const page = await front.browser().go(link + deep);
    t.match([page.status, page.url.href], [200, link + deep], link);
    t.equal(front.entra.requestsTo('authorize').at(-1)?.params.redirect_uri, callback);
    const arrived = lastAt(at);
    t.equal(arrived?.target, (link + deep).slice(new URL(link).origin.length));
    const { iss, aud } = decodeJwt(arrived?.header('x-halo-assertion') ?? '');
    t.same({ iss, aud }, { iss: new URL(link).origin, aud: url });
  }
});

t.test('an upstream of a portal’s own that is gone takes no other portal with it', async t => {
  const gone = await startHalo();
  await gone.close();
  const portals = [
    { name: 'agents', kind: 'agent', url: HALO },
    { name: 'help', kind: 'user', url: HELP, upstream: gone.url },
  ];
  const front = await startFront(t, { settings: { portals } });
  const help = await front.ask(`GET ${HELP}/api/authinfo`);
  t.match(help, { status: 502, code: 'UPSTREAM_UNREACHABLE', arrived: undefined });
  t.match(await front.ask(`GET ${HALO}/api/authinfo`), { status: 200, arrived: { target: '/api/authinfo' } });
  t.match(await front.ask(`GET ${HELP}/`, { headers: NAVIGATION }), { status: 302 }, 'its sign-in goes on');
});

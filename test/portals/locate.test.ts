import t from 'tap';
import type { Portal } from '../../src/config/index.ts';
import { createLocate, isMisplaced, type Locate, type Place } from '../../src/portals/index.ts';
import { testConfig } from '../support/policy.ts';

const PORTALS = [
  { name: 'customers', kind: 'user', url: 'https://halo.example.com/portal' },
  { name: 'partners', kind: 'user', url: 'https://halo.example.com/Portal/Partners' },
  { name: 'agents', kind: 'agent', url: 'https://halo.example.com' },
  { name: 'support', kind: 'user', url: 'https://support.example.com/portal' },
  { name: 'test', kind: 'agent', url: 'http://localhost:8080' },
];

function placeOf(locate: Locate, target: string, host = 'halo.example.com'): Place {
  const place = locate('GET', target, host);
  if (isMisplaced(place)) throw new Error(`${target}: ${place.why}`);
  return place;
}

function names(portals: readonly Portal[]): string[] {
  return portals.map(({ name }) => name);
}

t.test('where a request belongs', async t => {
  const halo = { upstream: 'http://halo.internal', shared: ['/Hub/**', '/signal*'] };
  const locate = createLocate(await testConfig({ portals: PORTALS, halo }));

  await t.test('the host is that of the Host header, without letter case, its default port optional', async t => {
    for (const host of ['halo.example.com', 'HALO.Example.COM', 'halo.example.com:443', 'Halo.example.com:443']) {
      t.same(names(placeOf(locate, '/ticket', host).portals), ['agents'], host);
    }
    t.same(names(placeOf(locate, '/', 'localhost:8080').portals), ['test']);
  });

  await t.test('an unknown, missing or malformed host is unknown', async t => {
    for (const host of [
      ...[undefined, '', ' ', 'other.example.com', 'halo.example.com:80', 'halo.example.com:', 'halo.example.com:0443'],
      ...['halo.example.com.', 'xhalo.example.com', 'halo.example.com:443:443', 'halo.example.com, halo.example.com'],
      ...[
        'user@halo.example.com',
        'halo.example.com/portal',
        'localhost',
        'localhost:80',
        'halo.example.com ',
        '__proto__',
      ],
      'support.example.com\u212a',
    ]) {
      t.match(locate('GET', '/', host), { refused: 'UNKNOWN_HOST' }, String(host));
    }
  });

  await t.test('the absolute form names the host of the Host header or is refused', async t => {
    t.match(locate('GET', 'https://halo.example.com:443/a', 'halo.example.com'), { target: { path: '/a' } });
    t.match(locate('GET', 'http://halo.example.com/a', 'halo.example.com:443'), { target: { path: '/a' } });
    t.match(locate('GET', 'https://support.example.com/a', 'halo.example.com'), { refused: 'BAD_TARGET' });
    t.match(locate('GET', 'http://halo.example.com:80/a', 'halo.example.com'), { refused: 'BAD_TARGET' });
  });

  await t.test('the portal is the one with the longest matching path, on a segment boundary', async t => {
    for (const [target, portal] of [
      ['/', 'agents'],
      ['/portal', 'customers'],
      ['/portal/', 'customers'],
      ['/PORTAL/Home', 'customers'],
      ['/portalx', 'agents'],
      ['/portal%2dx', 'agents'],
      ['/p%6frtal/x', 'customers'],
      ['/x/../portal', 'customers'],
      ['/portal/../ticket', 'agents'],
      ['/portal/partners', 'partners'],
      ['/portal/PARTNERS/x', 'partners'],
      ['/portal/partnersx', 'customers'],
      ['/x/portal', 'agents'],
    ] as const) {
      const place = placeOf(locate, target);
      t.same([names(place.portals), place.shared], [[portal], false], target);
    }
  });

  await t.test('on a host with one portal everything belongs to it, and nothing is shared', async t => {
    for (const target of ['/', '/portal/x', '/api/x', '/auth/token', '/hub', '/.halogate/sign-in']) {
      const place = placeOf(locate, target, 'support.example.com');
      t.same([names(place.portals), place.shared], [['support'], false], target);
    }
  });

  await t.test('every portal of the host is told, the root portal first', async t => {
    t.same(names(placeOf(locate, '/portal/x').hostPortals), ['agents', 'customers', 'partners']);
    t.same(names(placeOf(locate, '/x', 'support.example.com').hostPortals), ['support']);
  });

  await t.test('the shared paths of a host with several portals belong to all of them', async t => {
    for (const target of ['/api', '/API/tickets', '/auth', '/auth/token', '/hub', '/hub/negotiate', '/SignalR']) {
      const place = placeOf(locate, target);
      t.same([names(place.portals), place.shared], [['agents', 'customers', 'partners'], true], target);
    }
    for (const target of [
      '/apix',
      '/authx',
      '/hubs',
      '/signalr/x',
      '/portal/api/x',
      '/portal/auth/token',
      '/azure/auth',
    ]) {
      t.equal(placeOf(locate, target).shared, false, target);
    }
  });

  await t.test('the kind of path is told', async t => {
    for (const [target, route] of [
      ['/.halogate', { kind: 'own', name: '' }],
      ['/.halogate/sign-in?return=/x', { kind: 'own', name: 'sign-in' }],
      ['/.HALOGATE/Sign-In/', { kind: 'own', name: 'sign-in' }],
      ['/x/..//%2ehalogate/op/token', { kind: 'own', name: 'op/token' }],
      ['/.halogatex', { kind: 'other' }],
      ['/portal/.halogate/sign-in', { kind: 'other' }],
      ['/azure/auth', { kind: 'import' }],
      ['/Azure/Auth/', { kind: 'import' }],
      ['/azure/auth/x', { kind: 'other' }],
      ['/auth', { kind: 'auth', rest: '' }],
      ['/AUTH/Token/', { kind: 'auth', rest: 'token' }],
      ['/portal/auth/account/AzureResponse', { kind: 'auth', rest: 'account/azureresponse' }],
      ['/portal/partners/auth/logout', { kind: 'auth', rest: 'logout' }],
      ['/x/auth/token', { kind: 'other' }],
      ['/authx', { kind: 'other' }],
      ['/api', { kind: 'api' }],
      ['/Api/Tickets', { kind: 'api' }],
      ['/apix', { kind: 'other' }],
      ['/portal/api/x', { kind: 'other' }],
      ['/', { kind: 'other' }],
    ] as const) {
      t.same(placeOf(locate, target).route, route, target);
    }
    t.same(placeOf(locate, '/auth/token', 'support.example.com').route, { kind: 'auth', rest: 'token' });
    t.same(placeOf(locate, '/portal/auth/token', 'support.example.com').route, { kind: 'auth', rest: 'token' });
    t.same(placeOf(locate, '/.halogate/session', 'support.example.com').route, { kind: 'own', name: 'session' });
  });
});

t.test("the default port is that of the portal's scheme", async t => {
  const plain = createLocate(await testConfig({ portals: [{ name: 'test', kind: 'agent', url: 'http://localhost' }] }));
  t.same(names(placeOf(plain, '/', 'localhost:80').portals), ['test']);
  t.match(plain('GET', '/', 'localhost:443'), { refused: 'UNKNOWN_HOST' });
});

t.test("the gateway's own paths are not shared, even where everything is", async t => {
  const locate = createLocate(await testConfig({ halo: { upstream: 'http://halo.internal', shared: ['/**'] } }));
  t.equal(placeOf(locate, '/portal/x').shared, true);
  t.equal(placeOf(locate, '/.halogate/session').shared, false);
});

t.test('the authorization path follows the settings', async t => {
  const halo = { upstream: 'http://halo.internal', authPath: '/Halo/Auth' };
  const locate = createLocate(await testConfig({ halo }));
  t.same(placeOf(locate, '/halo/auth/token').route, { kind: 'auth', rest: 'token' });
  t.equal(placeOf(locate, '/halo/auth/token').shared, true);
  t.same(placeOf(locate, '/portal/HALO/AUTH/token').route, { kind: 'auth', rest: 'token' });
  t.same(placeOf(locate, '/auth/token').route, { kind: 'other' });
});

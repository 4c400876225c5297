import t from 'tap';
import { briefly, changed, sound } from '../support/settings.ts';

const portal = (second: string) => changed('- {name: customers', second);
const firstPortal = (first: string) => changed('- {name: agents', first);

const table: [what: string, text: string, expected: string[]][] = [
  // network
  ['a listener without a port', changed('listen:', 'listen: 127.0.0.1'), ['2:9 INVALID_ADDRESS']],
  ['a port beyond the last', changed('listen:', 'listen: 127.0.0.1:65536'), ['2:9 INVALID_ADDRESS']],
  ['both listeners on one port', `${sound}opsListen: 0.0.0.0:8080\n`, ['18:12 LISTENERS_COLLIDE']],
  ['a range that is too long', changed('trustedProxies:', 'trustedProxies: [10.0.0.0/33]'), ['3:18 INVALID_RANGE']],
  ['a host name as a range', changed('trustedProxies:', 'trustedProxies: [proxy.internal]'), ['3:18 INVALID_RANGE']],
  ['emergency without its end', `${sound}emergency: {from: [192.0.2.7]}\n`, ['18:1 MISSING_KEY']],
  ['emergency without clients', `${sound}emergency: {until: 2099-01-01T00:00:00Z}\n`, ['18:1 MISSING_KEY']],
  [
    'an end without an offset',
    `${sound}emergency: {from: [192.0.2.7], until: 2099-01-01T00:00:00}\n`,
    ['18:39 INVALID_TIME'],
  ],
  [
    'an end in month 13',
    `${sound}emergency: {from: [192.0.2.7], until: 2099-13-01T00:00:00Z}\n`,
    ['18:39 INVALID_TIME'],
  ],
  [
    'emergency from a proxy',
    `${sound}emergency: {from: [192.0.2.7, 10.0.0.128/25], until: 2099-01-01T00:00:00Z}\n`,
    ['18:31 EMERGENCY_FROM_PROXY'],
  ],
  [
    'emergency from around a proxy',
    `${sound}emergency: {from: ["::ffff:10.0.0.0/104"], until: 2099-01-01T00:00:00Z}\n`,
    ['18:20 EMERGENCY_FROM_PROXY'],
  ],

  // upstreams
  ['an upstream with a path', changed('halo:', 'halo: {upstream: "http://halo.internal/itsm"}'), ['4:18 INVALID_URL']],
  [
    'an upstream with a password',
    changed('halo:', 'halo: {upstream: "http://u:p@halo.internal"}'),
    ['4:18 INVALID_URL'],
  ],
  ['an upstream of another scheme', changed('halo:', 'halo: {upstream: "ftp://halo.internal"}'), ['4:18 INVALID_URL']],
  [
    'TLS material for http',
    changed('halo:', 'halo: {upstream: {url: "http://h", servername: x}}'),
    ['4:36 KEY_NOT_APPLICABLE'],
  ],
  [
    'an authorization path with an empty segment',
    changed('halo:', 'halo: {upstream: "http://h", authPath: /a//b}'),
    ['4:40 INVALID_PATH'],
  ],
  [
    "the gateway's own path as the authorization path",
    changed('halo:', 'halo: {upstream: "http://h", authPath: /.halogate}'),
    ['4:40 RESERVED_PATH'],
  ],
  [
    'a shared pattern without a slash',
    changed('halo:', 'halo: {upstream: "http://h", shared: [hub]}'),
    ['4:39 INVALID_PATTERN'],
  ],
  [
    'a shared pattern with ** in the middle',
    changed('halo:', 'halo: {upstream: "http://h", shared: [/a/**/b]}'),
    ['4:39 INVALID_PATTERN'],
  ],

  // portals
  [
    'two portals of one name',
    portal('  - {name: agents, kind: user, url: "https://halo.example.com/portal"}'),
    ['7:12 DUPLICATE_NAME'],
  ],
  [
    'two portals on one address',
    portal('  - {name: b, kind: user, url: "https://HALO.example.com:443/"}'),
    ['7:32 DUPLICATE_ADDRESS'],
  ],
  [
    'two portals whose paths differ in case alone',
    portal(
      '  - {name: b, kind: user, url: "https://halo.example.com/p"}\n  - {name: c, kind: user, url: "https://halo.example.com/P"}',
    ),
    ['8:32 DUPLICATE_ADDRESS'],
  ],
  [
    'one host with two schemes',
    portal('  - {name: b, kind: user, url: "http://halo.example.com/portal"}'),
    ['7:32 HOST_ORIGINS_DIFFER', '7:32 INSECURE_PORTAL'],
  ],
  [
    'one host with two schemes behind a default port',
    portal('  - {name: b, kind: user, url: "http://halo.example.com:443/portal"}'),
    ['7:32 HOST_ORIGINS_DIFFER', '7:32 INSECURE_PORTAL'],
  ],
  [
    'a host without a portal at its root',
    firstPortal('  - {name: a, kind: agent, url: "https://halo.example.com/agents"}'),
    ['6:33 ROOT_PORTAL_MISSING'],
  ],
  [
    'a portal with a query',
    portal('  - {name: b, kind: user, url: "https://halo.example.com/p?x"}'),
    ['7:32 INVALID_URL'],
  ],
  [
    'a portal with a fragment',
    portal('  - {name: b, kind: user, url: "https://halo.example.com/p#x"}'),
    ['7:32 INVALID_URL'],
  ],
  [
    'a portal with a user name',
    portal('  - {name: b, kind: user, url: "https://u@halo.example.com/p"}'),
    ['7:32 INVALID_URL'],
  ],
  [
    'a portal with dot segments',
    portal('  - {name: b, kind: user, url: "https://halo.example.com/p/../q"}'),
    ['7:32 INVALID_URL'],
  ],
  [
    'a portal with a backslash',
    portal('  - {name: b, kind: user, url: "https://halo.example.com\\\\p"}'),
    ['7:32 INVALID_URL'],
  ],
  [
    'a portal with an encoded path',
    portal('  - {name: b, kind: user, url: "https://halo.example.com/%70"}'),
    ['7:32 INVALID_URL'],
  ],
  [
    "a portal on the gateway's own path",
    portal('  - {name: b, kind: user, url: "https://halo.example.com/.HaloGate/x"}'),
    ['7:32 RESERVED_PATH'],
  ],
  [
    'a portal on the authorization path',
    portal('  - {name: b, kind: user, url: "https://halo.example.com/auth"}'),
    ['7:32 RESERVED_PATH'],
  ],
  [
    'a further origin with a path',
    portal('  - {name: b, kind: user, url: "https://b.example.com", origins: ["https://x.example/y"]}'),
    ['7:67 INVALID_URL'],
  ],
  [
    "a portal's upstream with a path",
    portal('  - {name: b, kind: user, url: "https://b.example.com", upstream: "http://h/x"}'),
    ['7:67 INVALID_URL'],
  ],
];

for (const [what, text, expected] of table) {
  t.test(`${what}: ${expected.length === 0 ? 'no finding' : expected.join(', ')}`, async t => {
    t.same(await briefly(text), expected);
  });
}

import t from 'tap';
import { isMisplaced, normalise } from '../../src/portals/index.ts';

const NAMES = ['halo.example.com', 'halo.example.com:443'];

/** Target, path that is forwarded, key that rules match. */
const ACCEPTED: readonly [string, string, string][] = [
  ['/', '/', '/'],
  ['/Ticket', '/Ticket', '/ticket'],
  ['/portal/', '/portal/', '/portal'],
  ['/a//b///c', '/a/b/c', '/a/b/c'],
  ['//elsewhere.example/x', '/elsewhere.example/x', '/elsewhere.example/x'],
  ['/a/./b/../c', '/a/c', '/a/c'],
  ['/a//../b', '/b', '/b'],
  ['/a/..', '/', '/'],
  ['/a/b/..', '/a/', '/a'],
  ['/a/.', '/a/', '/a'],
  ['/../../a', '/a', '/a'],
  ['/%2e%2E/a/%2e/b', '/a/b', '/a/b'],
  ['/.well-known/x', '/.well-known/x', '/.well-known/x'],
  ['/...a/x', '/...a/x', '/...a/x'],
  ['/file.tar.gz', '/file.tar.gz', '/file.tar.gz'],
  ['/%41%62%2D%2e%5f%7E%30', '/Ab-._~0', '/ab-._~0'],
  ['/a%20b', '/a%20b', '/a b'],
  ['/a%3fb%23c', '/a%3fb%23c', '/a?b#c'],
  ['/caf%C3%A9/%c3%89', '/caf%C3%A9/%c3%89', '/café/É'],
  ['/%E2%84%AA', '/%E2%84%AA', '/\u212a'],
  ['/100%25', '/100%25', '/100%'],
  ['/100%25%20done;v=1', '/100%25%20done;v=1', '/100% done;v=1'],
  ['/a%2520b', '/a%2520b', '/a%20b'],
  ['/a%25u1234', '/a%25u1234', '/a%u1234'],
  ['/a:b', '/a:b', '/a:b'],
  ['/a;b=c', '/a;b=c', '/a;b=c'],
  ['/(a)', '/(a)', '/(a)'],
  ['/((a', '/((a', '/((a'],
  ['/x(S(y))', '/x(S(y))', '/x(s(y))'],
  ['/(12(x))', '/(12(x))', '/(12(x))'],
];

t.test('a target has one normal form', async t => {
  for (const [target, path, key] of ACCEPTED) {
    t.same(normalise(target), { path, query: '', key }, target);
  }
});

t.test('the query is left as it came', async t => {
  for (const query of [
    '?',
    '?x=//../%2e%2E',
    '?url=https://elsewhere.example/x%20y',
    '?a?b',
    '?%zz%ff',
    '?x=%2f%5c%00',
    '?"<>|',
  ]) {
    t.match(normalise(`/A/..//B${query}`), { path: '/B', query, key: '/b' }, query);
    t.match(normalise(`/b${query}`), { path: '/b', query, key: '/b' }, query);
  }
});

/** Why it is refused, and targets that are. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'a raw byte above 0x7E': ['/caf\u00e9', '/\u007f', '/x?\u007f', '/x?\u00e9', '/\uff0e\uff0e', '/x?\u{1f600}'],
  'a raw control character': ['/\u0000', '/a\tb', '/a\r\nX: y', '/x?\n', '/x?a\u001fb'],
  'a raw space': ['/a b', '/x?a b', ' /a', '/a '],
  'a raw backslash': ['/\\evil', '/api/Notify\\..\\tickets', '/x?y=\\', '\\'],
  'a fragment': ['/api/authinfo#/../x', '/x?y#z', '#'],
  'an encoded slash': ['/a%2fb', '/a%2Fb', '/..%2fx'],
  'an encoded backslash': ['/a%5cb', '/a%5Cb', '/..%5cx'],
  'an encoded control character': ['/a%00', '/%0d%0aX', '/a%7f', '/a%1F/b', '/a%c2%80b', '/a%09/../b'],
  'invalid percent-encoding': ['/%', '/%2', '/a%zz', '/%u002e', '/%%32e', '/100%/x'],
  'invalid UTF-8': ['/%ff', '/%c0%ae', '/%c0%af', '/%e0%80%ae', '/%ed%a0%80', '/%c3', '/%f5%80%80%80'],
  'a dot encoded twice': [
    '/%252e',
    '/a%252E%252e/b',
    '/%25%32%65',
    '/%252%65',
    '/%25%32e',
    '/%25u002e',
    '/%25U002E',
    '/%25%75002e',
  ],
  'a slash encoded twice': ['/..%252ftickets', '/a%252Fb', '/a%25%32%66b', '/a%25u002fb'],
  'a backslash encoded twice': ['/a%255cb', '/a%25%35%63b', '/a%25u005Cb'],
  'a percent encoded twice': ['/a%2525', '/a%25252e', '/a%25u0025b'],
  'a control character encoded twice': [
    '/a%2500',
    '/a%250d%250a',
    '/a%257f',
    '/a%25u0000',
    '/a%25c2%2585',
    '/a%25u0085',
  ],
  'a segment that ends in a dot': [
    '/api/authinfo./x',
    '/a.',
    '/.../x',
    '/a%2e/b',
    '/a;v=../b',
    '/....',
    '/x/%2e%2e%2e',
  ],
  'a segment that ends in a space': ['/a%20/b', '/a%20', '/..%20/x', '/.%20', '/%20'],
  'a double colon': ['/web.config::$DATA', '/a%3a%3a$data', '/a:%3A/b'],
  'dot segments with parameters': ['/api/Notify/..;/tickets', '/.;x', '/..;a=b/x', '/%2e%2e;/x', '/..%3b/x', '/.%3bx'],
  'a cookieless session': ['/(S(x))/api/authinfo', '/(f(x))', '/%28S%28x))/x', '/a/(A(b)F(c))/d', '/(%58(y))'],
  'a flaw in a segment that a dot segment removes': [
    '/a./../b',
    '/(S(x))/../b',
    '/a%2fb/../c',
    '/a%20/../b',
    '/%252e/../b',
  ],
  'no path': ['', '*', 'ticket', '?x', 'halo.example.com:443', './a', '%2fa'],
  'another scheme': [
    'ftp://halo.example.com/',
    'javascript:alert(1)',
    'ws://halo.example.com/',
    'https:/a',
    'https:a',
    'file:///x',
  ],
};

for (const [reason, targets] of Object.entries(REFUSED)) {
  t.test(`refused: ${reason}`, async t => {
    for (const target of targets) t.match(normalise(target, NAMES), { refused: 'BAD_TARGET', why: String }, target);
  });
}

t.test('the absolute form of the own host is reduced to its path', async t => {
  for (const [target, path, query] of [
    ['https://halo.example.com/a/../B?c', '/B', '?c'],
    ['http://halo.example.com/B', '/B', ''],
    ['HTTPS://HALO.Example.com:443/b', '/b', ''],
    ['https://halo.example.com', '/', ''],
    ['https://halo.example.com?c', '/', '?c'],
    ['https://halo.example.com//b', '/b', ''],
  ] as const) {
    t.match(normalise(target, NAMES), { path, query }, target);
  }
});

t.test('the absolute form of any other host is refused', async t => {
  for (const target of [
    'https://elsewhere.example/',
    'https://halo.example.com:8443/',
    'https://halo.example.com.elsewhere.example/',
    'https://user@halo.example.com/',
    'https://halo.example.com@elsewhere.example/',
    'https://halo.example.com:443@elsewhere.example/',
    'https://elsewhere.example\\@halo.example.com/',
    'https://halo.example.com#@elsewhere.example/',
    'https:///halo.example.com/',
    'https://halo.example.com./',
    'https://halo.example.com:/',
    'https://halo.example.co%6d/',
  ]) {
    t.match(normalise(target, NAMES), { refused: 'BAD_TARGET' }, target);
  }
  t.match(normalise('https://halo.example.com/'), { refused: 'BAD_TARGET' }, 'where no host is known');
});

t.test('a refusal quotes nothing of the request', async t => {
  for (const targets of Object.values(REFUSED)) {
    for (const target of targets.filter(({ length }) => length > 3)) {
      const normal = normalise(target);
      t.notOk(isMisplaced(normal) && normal.why.includes(target), target);
    }
  }
});

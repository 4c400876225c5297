import fc from 'fast-check';
import t from 'tap';
import { cookieName, foreignCookieNames, isOwnCookie, readCookies, serializeCookie } from '../../src/sessions/index.ts';

t.test('the names, bound to their host on https', async t => {
  t.equal(cookieName('session', true), '__Host-halogate');
  t.equal(cookieName('session', false), 'halogate');
  t.equal(cookieName('last', true), '__Host-halogate-last');
  t.equal(cookieName('out', false), 'halogate-out');
  t.equal(cookieName('tx', true, 'abcd_-12'), '__Host-halogate-tx-abcd_-12');
  t.equal(cookieName('tx', false, 'abcd_-12'), 'halogate-tx-abcd_-12');
});

t.test('knows its own cookies by name, and takes no other for one', async t => {
  for (const secure of [true, false]) {
    for (const base of ['session', 'last', 'out', 'tx'] as const) t.ok(isOwnCookie(cookieName(base, secure, '')));
    t.ok(isOwnCookie(cookieName('tx', secure, 'abcdefgh')));
  }
  for (const name of [
    'halo',
    'Halogate',
    '__host-halogate',
    '__Secure-halogate',
    'halogate-',
    'halogate-tx',
    'xhalogate',
    'halogate2',
    '',
  ]) {
    t.notOk(isOwnCookie(name), name);
  }
});

t.test('a cookie is out of reach of scripts, of other hosts and of plain http', async t => {
  t.equal(
    serializeCookie('__Host-halogate', 'value', { secure: true, maxAge: 43_200, sameSite: 'lax' }),
    '__Host-halogate=value; Max-Age=43200; Path=/; HttpOnly; Secure; SameSite=Lax',
  );
  t.equal(
    serializeCookie('halogate', 'value', { secure: false, maxAge: 600, sameSite: 'lax' }),
    'halogate=value; Max-Age=600; Path=/; HttpOnly; SameSite=Lax',
  );
  t.match(
    serializeCookie('__Host-halogate-tx-a', 'v', { secure: true, maxAge: 600, sameSite: 'none' }),
    /; SameSite=None$/,
  );
});

t.test('an expired cookie keeps the attributes that it was set with', async t => {
  for (const maxAge of [0, -5]) {
    t.equal(
      serializeCookie('__Host-halogate', '', { secure: true, maxAge, sameSite: 'lax' }),
      '__Host-halogate=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax',
    );
  }
});

t.test('nothing that would make another field or attribute is written', async t => {
  const options = { secure: true, maxAge: 1, sameSite: 'lax' } as const;
  for (const value of ['a;b', 'a b', 'a\r\nSet-Cookie: b=c', 'a,b', 'a"b', 'a\\b', 'ä', '\0']) {
    t.throws(() => serializeCookie('name', value, options), TypeError);
  }
  for (const name of ['', 'a=b', 'a;b', 'a b', 'a\n', 'ä'])
    t.throws(() => serializeCookie(name, 'v', options), TypeError);
  for (const maxAge of [1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => serializeCookie('name', 'v', { ...options, maxAge }), TypeError);
  }
});

t.test('reads its own cookies from among others', async t => {
  const cookies = readCookies('a=b; __Host-halogate=abc-_1 ;x;\t__Host-halogate-out=1=2; .Asp=;=v; halogate-tx-1=');
  t.strictSame(
    [...cookies],
    [
      ['__Host-halogate', 'abc-_1'],
      ['__Host-halogate-out', '1=2'],
      ['halogate-tx-1', ''],
    ],
  );
  t.equal(readCookies(undefined).size, 0);
  t.equal(readCookies('').size, 0);
});

t.test('a cookie that stands twice or more counts for nothing, and the others do', async t => {
  t.strictSame([...readCookies('__Host-halogate=a; halogate-out=1; __Host-halogate=b')], [['halogate-out', '1']]);
  t.strictSame([...readCookies('__Host-halogate=a;__Host-halogate=a;__Host-halogate=a')], []);
});

t.test('a name that merely looks like ours after some trimming is not ours', async t => {
  for (const blank of ['\u00a0', '\u0085', '\u000b', '\u000c', '\ufeff', '\u2000', '\0']) {
    t.equal(readCookies(`${blank}__Host-halogate=planted`).size, 0);
    t.equal(readCookies(`__Host-halogate${blank}=planted`).size, 0);
    t.equal(readCookies(`${blank}__Host-halogate=planted; __Host-halogate=mine`).get('__Host-halogate'), 'mine');
  }
});

t.test('names the cookies of others, each once, without what is no name', async t => {
  t.strictSame(
    foreignCookieNames(
      '.AspNetCore.Cookies=1; __Host-halogate=x; idsrv=2; halogate-last=3; idsrv=4; ä=5; a b=6; =7; bare; __proto__=8',
    ),
    ['.AspNetCore.Cookies', 'idsrv', '__proto__'],
  );
  t.strictSame(foreignCookieNames(undefined), []);
});

t.test('rubbish of any kind is read without complaint', async t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), header => {
      for (const name of readCookies(header).keys()) if (!isOwnCookie(name)) return false;
      return foreignCookieNames(`${header}; plain=1`).every(name => /^[!-~]+$/.test(name) && !/[;=,"]/.test(name));
    }),
  );
  t.pass();
});

t.test('a long header of junk costs time in proportion to its length', async t => {
  const cost = (header: string) => {
    const start = process.cpuUsage();
    readCookies(header);
    foreignCookieNames(header);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  const length = 1024 * 1024;
  for (const unit of [' ', ';', '=', 'halogate=;', ' \t', 'a=b;', 'halogate-tx-']) {
    const header = `x${unit.repeat(length / unit.length)}x=1`;
    // A quadratic reading of this much would take minutes.
    t.ok(cost(header) < 10_000, JSON.stringify(unit));
  }
});

import fc from 'fast-check';
import t from 'tap';
import { compilePattern } from '../../src/portals/index.ts';

/** A pattern, keys that it matches, keys that it does not. */
const PATTERNS: readonly [string, readonly string[], readonly string[]][] = [
  ['/', ['/'], ['/a']],
  ['/**', ['/', '/a', '/a/b'], []],
  ['/a/**/', ['/a', '/a/b'], ['/b']],
  ['/*', ['/a', '/a.b'], ['/', '/a/b']],
  ['/hooks', ['/hooks'], ['/hook', '/hooks/x', '/hooksx', '/', '/x/hooks']],
  ['/Hooks/', ['/hooks'], ['/hooks/x']],
  ['/hooks/**', ['/hooks', '/hooks/a', '/hooks/a/b'], ['/hooksa', '/hook', '/x/hooks']],
  ['/hooks/*', ['/hooks/a'], ['/hooks', '/hooks/a/b']],
  ['/hooks/*/end', ['/hooks/a/end'], ['/hooks/end', '/hooks/a/b/end', '/hooks/a/end/x', '/hooks/a/ends']],
  ['/api/Chat*/**', ['/api/chat', '/api/chats', '/api/chatmessage/1/2'], ['/api/cha', '/api', '/api/xchat']],
  ['/*.js', ['/a.js', '/.js', '/a.b.js'], ['/a.jsx', '/a/b.js', '/js']],
  ['/a*b*c', ['/abc', '/axbxc', '/abbcc', '/aabbcc'], ['/ab', '/acb', '/abcd', '/ac']],
  ['/aa*aa', ['/aaaa', '/aaxaa'], ['/aaa', '/aa']],
  ['/a.b', ['/a.b'], ['/axb']],
  ['/(a|b)+[c]$', ['/(a|b)+[c]$'], ['/a', '/ac']],
  ['/files/a b', ['/files/a b'], ['/files/a%20b']],
  ['/caf\u00c9', ['/caf\u00c9'], ['/caf\u00e9', '/cafe']],
  ['/\u212aiosk', ['/\u212aiosk'], ['/kiosk']],
];

for (const [pattern, matching, others] of PATTERNS) {
  t.test(`the pattern ${pattern}`, async t => {
    const matches = compilePattern(pattern);
    for (const key of matching) t.equal(matches(key), true, `matches ${key}`);
    for (const key of others) t.equal(matches(key), false, `does not match ${key}`);
  });
}

t.test('a pattern that could not match what was meant is refused', async t => {
  for (const pattern of ['', 'hooks', '*', '//', '/a//b', '/a/**/b', '/a**', '/a/**b/**']) {
    t.throws(() => compilePattern(pattern), RangeError, pattern);
  }
});

t.test('many asterisks do not keep the matcher busy for longer than anybody would wait', async t => {
  const matches = compilePattern(`/${'a*'.repeat(40)}b`);
  for (let round = 0; round < 100; round += 1) t.equal(matches(`/${'a'.repeat(8_000)}`), false);
});

t.test('a pattern matches as its definition says, segment by segment', async () => {
  const segment = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 5 });
  const key = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 3 }), key, (segments, parts) => {
      fc.pre(!segments.some(text => text.includes('**')));
      const expected =
        segments.length === parts.length &&
        segments.every((text, at) => new RegExp(`^${text.replaceAll('*', '.*')}$`).test(parts[at] ?? ''));
      return compilePattern(`/${segments.join('/')}`)(`/${parts.join('/')}`) === expected;
    }),
    { numRuns: 5_000 },
  );
});

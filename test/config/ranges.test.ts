import t from 'tap';
import { createRanges } from '../../src/config/index.ts';

const table: [ranges: string[], inside: string[], outside: string[]][] = [
  [[], [], ['127.0.0.1', '::1']],
  [
    ['10.0.0.0/24'],
    ['10.0.0.0', '10.0.0.255', '::ffff:10.0.0.7', '::FFFF:0a00:0007'],
    ['10.0.1.0', '::10.0.0.7', 'fe80::1'],
  ],
  [['192.0.2.7'], ['192.0.2.7', '::ffff:192.0.2.7'], ['192.0.2.8']],
  [['10.1.2.3/8'], ['10.255.0.1'], ['11.0.0.1']],
  [['2001:db8::/32'], ['2001:db8::1', '2001:DB8:ffff::'], ['2001:db9::1', '32.1.13.184']],
  [['::ffff:10.0.0.0/104'], ['10.9.9.9', '::ffff:10.9.9.9'], ['11.0.0.1', '::1']],
  [['::/0'], ['::1', '2001:db8::1'], ['10.0.0.1', '::ffff:10.0.0.1']],
  [['0.0.0.0/0'], ['10.0.0.1', '::ffff:10.0.0.1'], ['::1']],
  [['fe80::/10'], ['fe80::1', 'fe80::1%eth0'], ['2001:db8::1']],
  [
    ['10.0.0.0/8', '::1'],
    ['10.0.0.1', '::1'],
    ['::2', '', 'localhost', '10.0.0', '010.0.0.1', '10.0.0.1:80', '10.0.0.1/32', ' 10.0.0.1', 'unknown'],
  ],
];

for (const [ranges, inside, outside] of table) {
  t.test(`[${ranges.join(', ')}]`, async t => {
    const contains = createRanges(ranges);
    for (const address of inside) t.equal(contains(address), true, address);
    for (const address of outside) t.equal(contains(address), false, address || 'an empty text');
  });
}

t.test('what is no range is refused', async t => {
  for (const text of [
    '',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0',
    'localhost',
    'fe80::1%eth0',
  ]) {
    t.throws(() => createRanges([text]), RangeError, text);
  }
});

import fc from 'fast-check';
import t from 'tap';
import { loadSettingsText } from '../../src/config/index.ts';
import { homesOf } from '../../src/signin/home-realm.ts';
import { sound } from '../support/settings.ts';

const { config } = await loadSettingsText(sound, { file: 'test.yaml' });
const [example] = config?.connections ?? [];
if (!example) throw new Error('The settings do not load.');
const connections = [
  { ...example, name: 'staff', domains: ['example.com', 'xn--bcher-kva.example', 'both.example'] },
  {
    ...example,
    name: 'partners',
    domains: ['partner.example', 'xn--caf-dma.example', 'kontoso.example', 'both.example'],
  },
  { ...example, name: 'others', domains: [] },
];
const homes = (address: string) => homesOf(connections, address).map(({ name }) => name);

t.test('an address is at home where its domain is listed, in whatever spelling', async t => {
  for (const address of ['a@example.com', 'A.B+c@EXAMPLE.Com', '"a@partner.example"@example.com', 'a@bücher.example']) {
    t.same(homes(address), ['staff'], address);
  }
  t.same(homes('a@xn--bcher-kva.example'), ['staff'], 'an A-label is its U-label');
  t.same(homes('a@BÜCHER.example'), ['staff']);
  t.same(homes('a@café.example'), ['partners'], 'a U-label is its A-label');
  t.same(homes('a@both.example'), ['staff', 'partners']);
});

t.test('nothing but the very domain counts', async t => {
  for (const address of [
    '',
    '@',
    '@example.com',
    'example.com',
    'a@',
    'a@mail.example.com',
    'a@xexample.com',
    'a@\uFF45xample.com',
    'a@\u212Aontoso.example',
    'a@example.com.',
    'a@example.com.evil.example',
    'a@example.com@evil.example',
    'a@example.com/',
    'a@example.com:443',
    'a@example.com?x',
    'a@example.com#x',
    'a@ex%61mple.com',
    'a@exam\tple.com',
    'a@exam\u00adple.com',
    'a@[example.com]',
    'a@ example.com',
    'a@example.com ',
    'a@b:c@example.com/..',
  ]) {
    t.same(homes(address), [], JSON.stringify(address));
  }
});

t.test('one character more is another domain, whatever stands before the @', async t => {
  const ascii = fc.integer({ min: 0x20, max: 0x7e }).map(code => String.fromCharCode(code));
  const insertion = fc.nat('example.com'.length);
  fc.assert(
    fc.property(fc.string(), ascii, insertion, (local, character, at) => {
      t.same(homes(`${local}x@example.com`), ['staff']);
      if (character === '@' && at === 0) return;
      t.same(homes(`${local}@${'example.com'.slice(0, at)}${character}${'example.com'.slice(at)}`), []);
    }),
  );
});

import t from 'tap';
import { briefly, changed, sound } from '../support/settings.ts';

const secret = 'secret: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="';
const session = (keys: string) => changed('session:', `session:\n  ${keys}\n  ${secret}`);

const asking: [what: string, text: string, position: string][] = [
  ['bridge', `${sound}bridge: {clientId: halo, clientSecret: s}\n`, '18:1'],
  ['a bridge without what it would need', `${sound}bridge: {}\n`, '18:1'],
  ['a bridge of another type', `${sound}bridge: yes\n`, '18:1'],
];

for (const [what, text, position] of asking) {
  t.test(`${what} is refused where it asks for something`, async t => {
    t.same(await briefly(text), [`${position} NOT_SUPPORTED_YET`]);
  });
}

t.test('what asks for nothing is accepted', async t => {
  const texts = [session('refresh: 0'), `${sound}limits: {}\naudit: {}\npages: {}\n`];
  for (const text of texts) t.same(await briefly(text), [], text);
});

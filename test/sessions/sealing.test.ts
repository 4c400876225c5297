import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { createSealer } from '../../src/sessions/index.ts';

const [old, current, foreign] = [randomBytes(32), randomBytes(48), randomBytes(32)];
const sealer = createSealer([current, old]);
const text = Buffer.from('what only we may read');

t.test('tells what the first secret sealed from what another one did, or nobody', async t => {
  t.ok(sealer.isCurrent(sealer.seal('record', Buffer.from('text'))));
  t.notOk(sealer.isCurrent(createSealer([old]).seal('record', Buffer.from('text'))));
  t.notOk(sealer.isCurrent(Buffer.of()));
});

t.test('opens what it sealed, for the same purpose and binding', async t => {
  const binding = { salt: randomBytes(16), aad: 'session:1' };
  t.strictSame(sealer.open('record', sealer.seal('record', text)), text);
  t.strictSame(sealer.open('record', sealer.seal('record', text, binding), binding), text);
  t.strictSame(sealer.open('record', sealer.seal('record', Buffer.alloc(0))), Buffer.alloc(0));
});

t.test('the text is not to be seen, and no two seals of it are alike', async t => {
  const [one, two] = [sealer.seal('record', text), sealer.seal('record', text)];
  t.notOk(one.includes(text));
  t.notSame(one, two);
  t.notSame(one.subarray(5, 17), two.subarray(5, 17), 'the nonce is fresh');
});

t.test('does not open for another purpose, salt or place', async t => {
  const binding = { salt: randomBytes(16), aad: 'session:1' };
  const sealed = sealer.seal('record', text, binding);
  t.equal(sealer.open('tokens', sealed, binding), undefined);
  t.equal(sealer.open('record', sealed, { ...binding, salt: randomBytes(16) }), undefined);
  t.equal(sealer.open('record', sealed, { ...binding, aad: 'session:2' }), undefined, 'moved to another key');
  t.equal(sealer.open('record', sealed, { salt: binding.salt }), undefined);
  t.equal(sealer.open('record', sealed, { aad: binding.aad }), undefined);
  t.equal(sealer.open('record', sealed), undefined);
});

t.test('a rotated secret still opens, and no longer seals', async t => {
  t.strictSame(sealer.open('record', createSealer([old]).seal('record', text)), text);
  t.strictSame(createSealer([current]).open('record', sealer.seal('record', text)), text);
  t.equal(createSealer([old]).open('record', sealer.seal('record', text)), undefined);
  t.equal(createSealer([foreign]).open('record', sealer.seal('record', text)), undefined);
});

t.test('macs under each secret, the first first, and differently for each purpose', async t => {
  t.strictSame(sealer.macs('id', 'x'), [
    createSealer([current]).macs('id', 'x')[0],
    createSealer([old]).macs('id', 'x')[0],
  ]);
  t.match(sealer.macs('id', 'x')[0], /^[A-Za-z0-9_-]{43}$/);
  t.equal(sealer.macs('id', 'x')[0], sealer.macs('id', Buffer.from('x'))[0]);
  t.not(sealer.macs('id', 'x')[0], sealer.macs('index', 'x')[0]);
  t.not(sealer.macs('id', 'x')[0], sealer.macs('id', 'y')[0]);
});

t.test('does not open what is cut short at any byte, or longer', async t => {
  const sealed = sealer.seal('record', text);
  for (let length = 0; length < sealed.length; length += 1) {
    t.equal(sealer.open('record', sealed.subarray(0, length)), undefined, `${length} bytes`);
  }
  t.equal(sealer.open('record', Buffer.concat([sealed, Buffer.of(0)])), undefined);
});

t.test('does not open another version, a future one among them', async t => {
  for (const version of [0, 2, 255]) {
    const sealed = sealer.seal('record', text);
    sealed[0] = version;
    t.equal(sealer.open('record', sealed), undefined);
  }
});

t.test('does not open with a single bit changed, wherever', async t => {
  const sealed = sealer.seal('record', text, { aad: 'session:1' });
  fc.assert(
    fc.property(fc.nat(sealed.length * 8 - 1), bit => {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return sealer.open('record', changed, { aad: 'session:1' }) === undefined;
    }),
    { numRuns: 500 },
  );
  t.pass();
});

t.test('opens nothing of arbitrary bytes and never throws', async t => {
  const header = sealer.seal('record', text).subarray(0, 5);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (bytes, ours) => {
      const sealed = Buffer.concat(ours ? [header, bytes] : [bytes]);
      return sealer.open('record', sealed) === undefined;
    }),
  );
  t.pass();
});

t.test('opens any text with any binding that it was sealed with', async t => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string(), fc.string(), fc.uint8Array(), (bytes, purpose, aad, salt) => {
      const binding = { aad, salt: Buffer.from(salt) };
      const opened = sealer.open(purpose, sealer.seal(purpose, Buffer.from(bytes), binding), binding);
      return opened?.equals(bytes) === true;
    }),
  );
  t.pass();
});

t.test('wants a secret, and one that is long enough', async t => {
  t.throws(() => createSealer([]), /secret/);
  t.throws(() => createSealer([randomBytes(31)]), /32 bytes/);
  t.throws(() => createSealer([current, randomBytes(16)]), /32 bytes/);
});

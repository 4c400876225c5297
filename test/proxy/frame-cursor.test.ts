import fc from 'fast-check';
import t from 'tap';
import { closeFrame, FrameCursor } from '../../src/proxy/frame-cursor.ts';

/** A frame as RFC 6455 section 5.2 draws it, built apart from the code under test. */
function frame(length: number, mask: boolean): Buffer {
  const extended = Buffer.alloc(length > 65_535 ? 8 : length > 125 ? 2 : 0);
  if (extended.length === 2) extended.writeUInt16BE(length);
  if (extended.length === 8) extended.writeBigUInt64BE(BigInt(length));
  const short = extended.length === 0 ? length : extended.length === 2 ? 126 : 127;
  const head = Buffer.from([0x82, short | (mask ? 0x80 : 0)]);
  return Buffer.concat([head, extended, Buffer.alloc(mask ? 4 : 0, 9), Buffer.alloc(length, 0x88)]);
}

t.test('however a stream of frames is cut, the cursor knows every boundary and no other', async () => {
  const lengths = fc.array(fc.constantFrom(0, 1, 125, 126, 127, 65_535, 65_536, 70_000), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(
      lengths,
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1 }),
      (sizes, mask, cuts) => {
        const frames = sizes.map(size => frame(size, mask));
        const stream = Buffer.concat(frames);
        const boundaries = new Set([0]);
        for (const { length } of frames) boundaries.add(Math.max(...boundaries) + length);

        const cursor = new FrameCursor();
        let at = 0;
        for (let turn = 0; at < stream.length; turn += 1) {
          const chunk = stream.subarray(at, at + (cuts[turn % cuts.length] ?? 1));
          const first = cursor.push(chunk);
          const expected = [...boundaries].find(boundary => boundary > at);
          const within = expected !== undefined && expected <= at + chunk.length;
          if (first !== (within ? expected - at : -1)) return false;
          at += chunk.length;
          if (cursor.atBoundary !== boundaries.has(at)) return false;
        }
        return true;
      },
    ),
  );
});

t.test('a close frame carries its code and a reason that fits', async t => {
  t.same([...closeFrame(1008, 'no')], [0x88, 4, 0x03, 0xf0, 0x6e, 0x6f]);
  t.equal(closeFrame(1001, 'x'.repeat(500)).length, 127);
});

import type { IncomingMessage, ServerResponse } from 'node:http';
import t from 'tap';
import { createRetiring, type Exchange } from '../../src/exchange/index.ts';

/** Exchanges that end when they are told to; what they are given does not matter to them. */
function started() {
  const ends: PromiseWithResolvers<void>[] = [];
  let closed = 0;
  const exchange: Exchange = () => {
    const end = Promise.withResolvers<void>();
    ends.push(end);
    return end.promise;
  };
  const retiring = createRetiring(exchange, () => {
    closed += 1;
  });
  return {
    ends,
    closed: () => closed,
    retire: retiring.retire,
    begin: () => retiring.exchange({} as IncomingMessage, {} as ServerResponse, '/'),
  };
}

t.test('what nobody uses is closed at once', async t => {
  const { retire, closed } = started();
  retire();
  t.equal(closed(), 1);
});

t.test('what is used is closed when the last one has ended, whichever way, and not before it is retired', async t => {
  const { ends, begin, retire, closed } = started();
  const [first, second, third] = [begin(), begin(), begin()];
  ends[0]?.resolve();
  await first;
  t.equal(closed(), 0);
  retire();
  t.equal(closed(), 0);
  ends[1]?.reject(new Error('It failed.'));
  await t.rejects(second);
  t.equal(closed(), 0);
  ends[2]?.resolve();
  await third;
  t.equal(closed(), 1);
});

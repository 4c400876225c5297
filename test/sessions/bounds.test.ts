import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { createEndings } from '../../src/sessions/endings.ts';
import { createTouches } from '../../src/sessions/touches.ts';

const down = () => Promise.reject(new Error('The store is down.'));

t.test('what waits for the store is limited, and an operator is told', async t => {
  const lines: string[] = [];
  const write = (_: object, message: string) => void lines.push(message);
  const endings = createEndings({ limit: 2, log: { info: write, warn: write } });
  t.equal(await endings.end(['a'], down), false);
  t.equal(await endings.end(['b'], down), false);
  t.strictSame(lines, []);
  t.equal(await endings.end(['c'], down), false);
  t.match(lines, [/too many/]);
  t.ok(endings.includes(['a']) && endings.includes(['x', 'b']));
  t.notOk(endings.includes(['c']));
  t.equal(await endings.end(['d'], async () => {}), true, 'what can be done at once is');
  endings.close();
  t.match(lines, [/too many/, /left to end by their time/]);
});

t.test('what cannot be done holds up nothing else, and what has been done is tried no more', async t => {
  const endings = createEndings();
  t.teardown(() => endings.close());
  let reachable = false;
  let tries = 0;
  await endings.end(['stuck'], down);
  await endings.end(['a', 'b'], async () => {
    if (!reachable) return down();
    tries += 1;
  });
  t.ok(endings.includes(['b']));
  reachable = true;
  while (endings.includes(['a', 'b'])) await sleep(10);
  t.ok(endings.includes(['stuck']));
  t.equal(tries, 1);
});

t.test('of the sessions that were touched the latest are remembered', async t => {
  let time = 0;
  const touches = createTouches(100, () => time, 2);
  t.equal(touches.due('a'), true);
  t.equal(touches.due('b'), true);
  t.equal(touches.due('a'), false);
  t.equal(touches.due('c'), true, 'a is forgotten');
  t.equal(touches.due('b'), false);
  t.equal(touches.due('a'), true);
  time = 100;
  t.equal(touches.due('a'), true, 'the interval is over');
  t.equal(touches.due('a'), false);
  touches.failed('a');
  t.equal(touches.due('a'), true);
});

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { SERVED } from './ledger.ts';
import { happen } from './scenario.ts';

t.test('a gateway that is killed and started again costs what was under way on it, and no session', async t => {
  const { ledger, persons, recovered, began } = await happen(t, async ({ cluster }) => {
    await cluster.killSecond();
    await sleep(3000);
    await cluster.startSecond();
    await sleep(1000);
  });
  t.strictSame(ledger.others([...SERVED, 'cut', 'closed 1006']), [], 'served, or cut off with the process');
  t.ok(ledger.count(['cut'], { from: began + 500 }) === 0, 'the other gateway takes over at once');
  t.strictSame(ledger.others(SERVED, { of: persons, from: recovered }), [], 'afterwards everybody goes on');
});

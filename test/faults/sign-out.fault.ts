import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { SENT_TO_SIGN_IN, SERVED } from './ledger.ts';
import { happen } from './scenario.ts';

t.test('who signs out at one gateway is refused at both within a second, and their sockets are closed', async t => {
  const leavers = 5;
  const took: number[] = [];
  const { ledger, persons, ended } = await happen(t, async ({ cluster, client, ledger, persons }) => {
    for (const who of persons.slice(0, leavers)) {
      const socket = await client.openSocket(who, cluster.second);
      const { at, status } = await client.signOut(who, cluster.first);
      t.equal(status, 303);
      ledger.revoked(who, at + 1000);
      while (SERVED.includes((await client.ask(who, 'read', cluster.second)).result)) await sleep(10);
      took.push(performance.now() - at);
      const closed = await socket?.closed;
      t.equal(closed?.result, 'closed 1008');
      t.ok((closed?.at ?? Number.NaN) - at < 1000, 'the socket is closed within a second');
    }
  });
  t.comment(`refused at the other gateway after at most ${Math.round(Math.max(...took))} ms`);
  const gone = persons.slice(0, leavers);
  const others = persons.slice(leavers);
  t.strictSame(
    ledger.others(SENT_TO_SIGN_IN, { of: gone, from: ended - 1500 }).filter(isNoEnd),
    [],
    'nobody of them is served',
  );
  t.strictSame(ledger.others(SERVED, { of: others }), [], 'nobody else notices');
});

/** The end of a socket is told when it began, which was before. */
function isNoEnd(line: string): boolean {
  return !line.startsWith('socket');
}

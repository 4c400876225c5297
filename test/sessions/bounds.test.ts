import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { createCache, sizeOf } from '../../src/sessions/cache.ts';
import { createEndings } from '../../src/sessions/endings.ts';
import { createRevoked } from '../../src/sessions/revoked.ts';
import type { Session } from '../../src/sessions/session.ts';
import { createTouches } from '../../src/sessions/touches.ts';
import { ADA } from './fixtures.ts';

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
  const touches = createTouches(
    () => 100,
    () => time,
    2,
  );
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

t.test('of the sessions in memory those used last stay, as many as their bytes allow', async t => {
  const cache = createCache(3 * sizeOf(sessionOf('a')));
  for (const id of ['a', 'b', 'c']) cache.set(`key of ${id}`, entryOf(sessionOf(id)));
  t.ok(cache.get('key of a'));
  cache.set('key of d', entryOf(sessionOf('d')));
  t.equal(cache.get('key of b'), undefined, 'the one that was used longest ago goes');
  t.equal(cache.byId('b'), undefined);
  for (const id of ['a', 'c', 'd']) t.equal(cache.byId(id)?.session.id, id);
  cache.removeId('c');
  t.equal(cache.get('key of c'), undefined);
  cache.set('key of e', entryOf(sessionOf('e')));
  for (const id of ['a', 'd', 'e']) t.ok(cache.get(`key of ${id}`), 'what was removed leaves its room');
  cache.set('key of a', entryOf(sessionOf('a')));
  for (const id of ['a', 'd', 'e']) t.ok(cache.get(`key of ${id}`), 'what is replaced counts once');
});

t.test('a large session takes the room of several, one that is too large is not kept', async t => {
  const groups = Array.from({ length: 200 }, (_, at) => `aaaaaaaa-0000-0000-0000-${String(at).padStart(12, '0')}`);
  const large = sessionOf('large', groups);
  t.ok(sizeOf(large) > 200 * 36 * 2, 'each group counts');
  const cache = createCache(sizeOf(large) + sizeOf(sessionOf('a')));
  for (const id of ['a', 'b', 'c']) cache.set(id, entryOf(sessionOf(id)));
  cache.set('large', entryOf(large));
  t.strictSame(
    ['a', 'b', 'c', 'large'].filter(key => cache.get(key)),
    ['c', 'large'],
  );
  cache.set('too large', entryOf(sessionOf('too large', [...groups, ...groups])));
  t.equal(cache.get('too large'), undefined);
});

t.test('ended sessions are remembered for as long as one can live, the latest where they are too many', async t => {
  let time = 0;
  const revoked = createRevoked(
    () => 100,
    () => time,
    2,
  );
  revoked.add('a');
  time = 50;
  revoked.add('b');
  time = 99;
  t.ok(revoked.has('a'));
  time = 100;
  t.notOk(revoked.has('a'));
  t.ok(revoked.has('b'));
  revoked.add('c');
  revoked.add('b');
  revoked.add('d');
  t.notOk(revoked.has('c'), 'b was told again since');
  t.ok(revoked.has('b') && revoked.has('d'));
});

function sessionOf(id: string, groups: readonly string[] = []): Session {
  return {
    id,
    person: { ...ADA, groups },
    connection: 'default',
    created: 0,
    expires: 1,
    refreshed: 0,
    refreshable: false,
  };
}

function entryOf(session: Session) {
  return { session, digest: Buffer.alloc(32), stretch: 0, seen: 0, idleEnd: 0 };
}

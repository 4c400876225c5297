import { Cluster, Command, Redis } from 'ioredis';
import t, { type Test } from 'tap';
import type { RedisDoor } from '../../src/sessions/redis-door.ts';
import { createMasters, type RedisMaster } from '../../src/sessions/redis-masters.ts';

const SLOTS = 16_384;

t.test('the masters of a cluster are the same until a slot moves, and each is asked by a key that it has', async t => {
  const { cluster, masters, hold } = openCluster(t);
  t.strictSame(masters(), []);
  const all = ['h:1'];
  cluster.slots = Array.from({ length: SLOTS }, () => all);
  const one = masters();
  await hold(one, ['h:1']);
  t.equal(masters(), one, 'not looked for again');

  cluster.slots[SLOTS - 1] = ['h:2', 'h:3'];
  const uneven = masters();
  await hold(uneven, ['h:1', 'h:2']);
  t.equal(masters(), uneven);

  // As the library does it when a server says that a slot has moved.
  cluster.slots[SLOTS - 1]?.splice(0, 1, 'h:3');
  await hold(masters(), ['h:1', 'h:3']);
  cluster.slots = Array.from({ length: SLOTS }, (_, slot) => [slot === 0 ? 'h:1' : 'h:2']);
  await hold(masters(), ['h:1', 'h:2']);
  delete cluster.slots[0];
  await hold(masters(), ['h:2']);
  cluster.slots = [];
  t.strictSame(masters(), []);
});

/** A cluster whose slots the test deals out, and whose servers say which key they are asked for. */
function openCluster(t: Test) {
  const cluster = new Cluster([{ host: 'h', port: 1 }], { lazyConnect: true });
  const asked: (readonly [server: string, key: string])[] = [];
  const nodes = [1, 2, 3].map(port => {
    const node = new Redis({ host: 'h', port, lazyConnect: true });
    const exists = async (key: string) => asked.push([`h:${port}`, key]);
    return Object.assign(node, { exists });
  });
  Object.assign(cluster, { nodes: () => nodes });
  t.teardown(() => cluster.disconnect());
  const door: RedisDoor = {
    openClient: () => cluster,
    openFeed: () => new Redis({ lazyConnect: true }),
    close() {},
  };
  return {
    cluster,
    masters: createMasters(cluster, door, 'x:'),
    async hold(masters: readonly RedisMaster[], names: readonly string[]) {
      t.strictSame(masters.map(({ name }) => name).sort(), names);
      for (const { name, isThere } of masters) {
        asked.length = 0;
        await isThere();
        const [[server, key] = ['', '']] = asked;
        t.equal(server, name);
        t.equal(cluster.slots[new Command('exists', [key]).getSlot() ?? -1]?.[0], name);
      }
    },
  };
}

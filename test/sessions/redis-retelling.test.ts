import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t from 'tap';
import { createRetelling } from '../../src/sessions/redis-retelling.ts';
import { startRedis } from '../support/redis.ts';
import { newSession } from './fixtures.ts';
import { hot, openReplica, openReplicas } from './redis-replicas.ts';

t.test('an ending that Redis has forgotten is told again: nobody is served what came back', async t => {
  const { url } = await startRedis(t, { own: true });
  const redis = new Redis(url);
  t.teardown(() => redis.disconnect());
  const { here, there, keyPrefix } = openReplicas(t, { url });
  const { session, cookie } = await there.sessions.create(newSession());
  const stays = await there.sessions.create(newSession());
  await hot(here, cookie);
  const names = ['session', 'tokens', 'listing'].map(kind => `${keyPrefix}${kind}:{${session.id}}`);
  const dumps = await Promise.all(names.map(name => redis.dumpBuffer(name)));
  const told = new Promise<void>(resolve => here.sessions.onEnded(ids => ids.includes(session.id) && resolve()));
  t.equal(await there.sessions.end(cookie), true);
  await told;
  // Whoever ended it goes, and then the server falls back to what it was before.
  await there.sessions.close();
  const back = names.map((name, at) => ['restore', name, '60000', dumps[at] ?? '']);
  await redis.multi([...back, ['client', 'kill', 'type', 'pubsub']]).exec();
  t.equal(await redis.exists(...names), 3);
  t.equal(await here.sessions.read(cookie, ''), undefined, 'who heard of the end refuses it, whatever Redis says');
  while (await redis.exists(...names)) await sleep(10);
  const later = openReplica(t, { url }, keyPrefix);
  t.equal(await later.sessions.read(cookie, ''), undefined);
  t.ok(await later.sessions.read(stays.cookie, ''));
});

t.test('what is told again', async t => {
  let time = 0;
  let reachable = true;
  const told: string[] = [];
  const retelling = createRetelling(
    async ids => {
      if (!reachable) throw new Error('unreachable');
      told.push(...ids);
    },
    () => time,
  );
  const settled = () => sleep(0);
  retelling.ended(['old']);
  time = 400_000;
  retelling.ended(['young', 'old']);
  retelling.heard(1);
  await settled();
  t.strictSame(told, [], 'nothing without a gap');

  retelling.lost();
  reachable = false;
  retelling.heard(2);
  await settled();
  t.strictSame(told, []);
  reachable = true;
  retelling.heard(3);
  await settled();
  t.strictSame(told.splice(0), ['old', 'young'], 'at the next sign of life what could not be told at the first');
  retelling.heard(4);
  await settled();
  t.strictSame(told, [], 'once a gap');

  time = 600_001;
  retelling.lost();
  retelling.heard(5);
  await settled();
  t.strictSame(told.splice(0), ['young'], 'for ten minutes from the first that was heard of it');

  retelling.ended(Array.from({ length: 10_500 }, (_, at) => `id-${at}`));
  retelling.lost();
  retelling.heard(6);
  await settled();
  while (told.at(-1) !== 'id-10499') await settled();
  t.equal(told.length, 10_000);
  t.equal(told[0], 'id-500', 'the oldest go first');
});

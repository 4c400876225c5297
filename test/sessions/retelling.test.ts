import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t from 'tap';
import { startRedis } from '../support/redis.ts';
import { newSession } from './fixtures.ts';
import { hot, openReplica, openReplicas } from './redis-replicas.ts';
import { startReplicas } from './replicas.ts';

const HOUR = 3_600_000;

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

t.test('an ending is told again, however long ago and however many followed, while its session could live', async t => {
  const { here, there, memory, cookie, session, bringBack, pass } = await startEnded();
  await there.sessions.revoke(Array.from({ length: 20_000 }, (_, at) => `another-${at}`));
  here.beat();
  pass(5 * HOUR);
  await bringBack();
  here.beat();
  await sleep(0);
  t.ok(await memory.read([session.id]), 'nothing without a gap');
  here.breakFeed();
  here.mendFeed();
  here.beat();
  while (await memory.read([session.id])) await sleep(0);
  t.equal(await there.sessions.read(cookie, ''), undefined);
});

t.test('what could not be told at the first sign of life is told at the next', async t => {
  const { here, memory, session, bringBack } = await startEnded();
  await bringBack();
  here.breakFeed();
  here.mendFeed();
  here.deletable = false;
  here.beat();
  await sleep(0);
  t.ok(await memory.read([session.id]));
  here.deletable = true;
  here.beat();
  while (await memory.read([session.id])) await sleep(0);
  await bringBack();
  here.beat();
  await sleep(0);
  t.ok(await memory.read([session.id]), 'once a gap');
});

/** A session that has ended, of which every replica has heard, in a store that can bring it back. */
async function startEnded() {
  const started = await startReplicas({ absolute: 12 * HOUR });
  const { here, there, memory, cookie, session } = started;
  const found = await memory.read([session.id]);
  const tokens = await memory.readTokens(session.id);
  if (!found || !tokens) throw new Error('The session is there.');
  await there.sessions.end(cookie);
  here.beat();
  const place = { indexes: [], listing: Buffer.alloc(0), ttl: HOUR, absoluteTtl: HOUR };
  const bringBack = () => memory.create({ id: session.id, record: found.record, tokens, ...place });
  return { ...started, bringBack };
}

import { Redis } from 'ioredis';
import t from 'tap';
import { startRedis, uniquePrefix } from '../../support/redis.ts';
import { about, started } from './support.ts';

t.test('leaves no session in Redis', async t => {
  const { run, settings } = await started(t);
  const { url } = await startRedis(t);
  const keyPrefix = uniquePrefix();
  await run({ session: { ...settings.session, redis: { url, keyPrefix } } });
  const redis = new Redis(url);
  t.teardown(() => redis.disconnect());
  for (const key of await redis.keys(`${keyPrefix}*`)) {
    t.notMatch(key, /session|tokens|listing|lock/);
    t.ok((await redis.pttl(key)) > 0, 'and what is left ends by itself');
  }
});

t.test('Redis: what it refuses, and what to do', async t => {
  const { run, settings } = await started(t);
  const server = await startRedis(t, { own: true });
  const admin = new Redis(server.url);
  t.teardown(() => admin.disconnect());
  const keyPrefix = uniquePrefix();
  const rules = ['on', '>s3cret', '~*', '&*', '+@all'];
  const tried = async (redis: object) => {
    const seen = await run({ session: { ...settings.session, redis: { keyPrefix, ...redis } } });
    t.notMatch(seen.out, 's3cret');
    return seen;
  };
  const asUser = async (...more: string[]) => {
    await admin.acl('SETUSER', 'halogate', 'reset', ...rules, ...more);
    return tried({ url: server.url, username: 'halogate', password: 's3cret' });
  };

  t.equal((await asUser()).status, 0);
  const wrong = await tried({ url: server.url, username: 'halogate', password: 's3cret-not' });
  t.equal(wrong.status, 1);
  t.match(about(wrong.out, 'redis, connection'), /^FAIL .*\(WRONGPASS\)\. .*"password"/);
  const reading = await asUser('-get');
  t.equal(reading.status, 1);
  t.match(about(reading.out, 'redis, reading and writing'), /^FAIL .*\(NOPERM\)\. .*docs\/redis\.md/);
  const feed = await asUser('resetchannels');
  t.match(about(feed.out, 'redis, feed of ended sessions'), /^warn .*\(NOPERM\)/);
  const list = await asUser('-scan');
  t.equal(list.status, 0);
  t.match(about(list.out, 'redis, list of sessions'), /^warn .*\(NOPERM\)/);

  await admin.config('SET', 'requirepass', 's3cret');
  const asked = await tried({ url: server.url });
  t.match(about(asked.out, 'redis, connection'), /^FAIL .*\(NOAUTH\)\. .*"password"/);
  const nobody = await tried({ url: 'redis://:s3cret@127.0.0.1:1' });
  t.match(about(nobody.out, 'redis, connection'), /^FAIL .*\(ECONNREFUSED\)\. Nothing listens there/);
  t.notMatch(nobody.out, 'reading');
  const memory = await run();
  t.match(about(memory.out, 'sessions'), /^warn .*in memory/);
});

import { Redis } from 'ioredis';
import t from 'tap';
import { Browser } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { startRedis, uniquePrefix } from '../support/redis.ts';

t.test('two gateways on one Redis', async t => {
  const redis = await startRedis(t);
  const keyPrefix = uniquePrefix();
  const session = { secret: Buffer.alloc(32, 7).toString('base64'), redis: { url: redis.url, keyPrefix } };
  const world = await startBuiltWorld(t, { session });
  const replica = await world.replica();
  const first = new Browser({});
  world.entra.choose('agnes');
  t.equal((await first.go(`${world.url}/ticket`)).status, 200);
  const second = new Browser({ [world.url]: replica.url });
  first.copyTo(second);

  await t.test('a session made at one works at the other', async t => {
    const there = JSON.parse((await second.ask(`${world.url}/.halogate/session`)).body);
    t.equal(there.username, 'agnes@example.com');
    t.equal((await second.ask(`${world.url}/ticket`)).status, 200);
  });

  await t.test('an assertion made at one is verified with the keys of the other', async t => {
    const keysOf = async (browser: Browser) => JSON.parse((await browser.ask(`${world.url}/.halogate/jwks.json`)).body);
    const [here, there] = await Promise.all([keysOf(first), keysOf(second)]);
    t.equal(here.keys.length, 2);
    t.strictSame(here, there);
    t.notMatch(JSON.stringify(here), /"d":/, 'the private part stays private');
  });

  await t.test('nothing of the person can be read in Redis', async t => {
    const client = new Redis(redis.url);
    const keys = await client.keys(`${keyPrefix}*`);
    t.ok(keys.length >= 4);
    const dump = (await Promise.all(keys.map(key => client.dumpBuffer(key)))).map(String).join() + keys.join();
    client.disconnect();
    for (const secret of [
      'agnes',
      'Agnes',
      'example.com',
      'dddddddd',
      'eyJ',
      String(first.cookies(world.url).halogate),
    ]) {
      t.notOk(dump.includes(secret), `${secret} is not there in the clear`);
      t.notOk(dump.includes(Buffer.from(secret).toString('base64').replace(/=+$/, '')), `nor in base64`);
    }
  });

  await t.test('signing out at one ends it at the other', async t => {
    await second.ask(`${world.url}/.halogate/sign-out`, { method: 'POST', headers: { origin: world.url } });
    await t.resolves(until(async () => (await first.ask(`${world.url}/.halogate/session`)).status === 401));
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 2000;
  while (!(await holds())) if (Date.now() > deadline) throw new Error('It did not come to hold.');
}

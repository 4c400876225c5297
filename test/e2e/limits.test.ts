import { Redis } from 'ioredis';
import t from 'tap';
import { Browser } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { checkOf } from '../support/check-request.ts';
import { startRedis } from '../support/redis.ts';

t.test('two replicas on one Redis', async t => {
  const redis = await startRedis(t, { own: true });
  const { url, entra, gateway, replica } = await startBuiltWorld(t, {
    session: { secret: Buffer.alloc(32, 7).toString('base64'), outageGrace: '0s', redis: { url: redis.url } },
    trustedProxies: ['127.0.0.1'],
    limits: { signIn: '3/10m' },
  });
  const there = await replica();
  const start = (address: string, client = '192.0.2.1') =>
    new Browser({ [url]: address }).ask(`${url}/.halogate/sign-in?return=/ticket`, {
      headers: { 'x-forwarded-for': client },
    });

  await t.test('count a client’s sign-ins together, and Redis does not learn whose they are', async t => {
    t.equal((await start(gateway.url)).status, 302);
    t.equal((await start(there.url)).status, 302);
    t.equal((await start(gateway.url)).status, 302);
    for (const address of [gateway.url, there.url]) {
      const late = await start(address);
      t.equal(late.status, 429);
      const seconds = Number(late.headers['retry-after']);
      t.ok(seconds > 0 && seconds <= 600, `${seconds}`);
    }
    t.equal((await start(there.url, '192.0.2.2')).status, 302);
    const client = new Redis(redis.url);
    t.teardown(() => client.disconnect());
    const counts = await client.keys('halogate:count:*');
    t.equal(counts.length, 2);
    for (const key of counts) t.ok((await client.pttl(key)) > 0, 'a count ends by itself');
    t.notMatch(counts.join(' '), '192.0.2.1');
  });

  const person = new Browser({});
  entra.choose('agnes');
  t.equal((await person.go(`${url}/ticket`)).status, 200);
  const cookie = Object.entries(person.cookies(url)).map(([name, value]) => `${name}=${value}`);
  const check = (fields = {}) =>
    checkOf(
      { address: there.url },
      {
        'x-forwarded-method': 'GET',
        'x-forwarded-host': new URL(url).host,
        'x-forwarded-uri': '/ticket',
        'sec-fetch-mode': 'navigate',
        ...fields,
      },
    );
  t.equal((await check({ cookie: cookie.join('; ') })).headers['x-forwarded-user'], 'agnes@example.com');

  await t.test('while it is gone, the limits keep nobody out, and forward-auth lets nobody in', async t => {
    await redis.kill('SIGKILL');
    const deadline = Date.now() + 10_000;
    let answer = await start(gateway.url);
    while (answer.status === 429 && Date.now() < deadline) answer = await start(gateway.url);
    t.equal(answer.status, 302);
    let told = await check({ cookie: cookie.join('; ') });
    // For a second the replica may still trust what it has cached.
    while (told.status === 200 && Date.now() < deadline) told = await check({ cookie: cookie.join('; ') });
    t.equal(told.status, 503);
    t.ok(Number(told.headers['retry-after']) > 0);
    t.equal((await check()).status, 401, 'who has no session needs no store');
  });
});

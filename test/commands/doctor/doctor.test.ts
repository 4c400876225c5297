import t from 'tap';
import { CLIENT } from '../../../demo/entra/index.ts';
import { startRedis, uniquePrefix } from '../../support/redis.ts';
import { SESSION_SECRET } from '../../support/world.ts';
import { about, started, URL_OF_AGENTS } from './support.ts';

t.test('in good health: what was tried, and status 0', async t => {
  const { run, halo, settings } = await started(t);
  const redis = await startRedis(t);
  const session = { ...settings.session, redis: { url: redis.url, keyPrefix: uniquePrefix() } };
  const { status, out } = await run({ session });
  t.equal(status, 0);
  t.strictSame(
    out
      .trimEnd()
      .split('\n')
      .map(line => line.replace(/:.*/, '')),
    [
      'ok    settings',
      'ok    public name localhost',
      'ok    upstream http',
      'ok    upstream http',
      'ok    upstream http',
      'ok    redis, connection',
      'ok    redis, reading and writing',
      'ok    redis, feed of ended sessions',
      'ok    redis, list of sessions',
      'ok    connection default, discovery',
      'ok    connection default, keys',
      'ok    connection default, client credential',
      'ok    connection default, clock',
    ],
  );
  t.match(about(out, `upstream ${halo.url}, portal customers`), '/portal answers 200');
  t.match(about(out, `upstream ${halo.url}, auth path`), `Halo names ${URL_OF_AGENTS}/auth`);
  for (const secret of [CLIENT.secret, SESSION_SECRET]) t.notMatch(out, secret);
});

t.test('bad settings: each finding, and nothing else is tried', async t => {
  const { run, entra } = await started(t);
  const { status, out } = await run({ lisen: 'x' });
  t.equal(status, 1);
  t.match(out, /^FAIL {2}settings: .*halogate\.yaml:1:\d+ UNKNOWN_KEY .*"listen"\?\nFAIL {2}everything else: /);
  t.equal(entra.requests.length, 0);
  const { out: warned } = await run({ listen: '0.0.0.0:8080' });
  t.match(about(warned, 'settings'), /^warn .* NO_TRUSTED_PROXIES /);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { loadSettingsText, type RedisConfig } from '../../src/config/index.ts';
import { createRedisStore } from '../../src/sessions/index.ts';
import { uniquePrefix } from '../support/redis.ts';
import { startTlsRedis, TLS_FILES } from '../support/redis-tls.ts';
import { changed } from '../support/settings.ts';
import { newSession } from './fixtures.ts';
import { hot, openReplicas, openStore } from './redis-replicas.ts';

const { ca, cert, key } = TLS_FILES;

t.test('an authority of one’s own, a client certificate and a password from a file', async t => {
  const server = await startTlsRedis(t, 'certified', ['--requirepass', 'a-pass-word']);
  const password = join(t.testdir(), 'password');
  await writeFile(password, 'a-pass-word\n');
  const way = await wayOf(t, {
    url: `redis://127.0.0.1:${server.port}`,
    password: { file: password },
    tls: { ca, cert, key, servername: 'redis.internal' },
  });
  const { here, there } = openReplicas(t, way);
  const { cookie } = await there.sessions.create(newSession());
  await hot(here, cookie);
  t.equal(await there.sessions.end(cookie), true);
  while (await here.sessions.read(cookie, '')) await sleep(1);
  t.pass('refused elsewhere, as the feed tells');
});

t.test('a rediss: address is enough where Node trusts the authority, and names the server', async t => {
  const { port } = await startTlsRedis(t, 'any');
  const trusting = await wayOf(t, { url: `rediss://localhost:${port}`, tls: { ca } });
  await t.resolves(openStore(t, trusting).ping());
  const causes = await Promise.all(
    [
      { url: `rediss://localhost:${port}` },
      { url: `rediss://127.0.0.1:${port}`, tls: { ca } },
      { url: `rediss://localhost:${port}`, tls: { ca, servername: 'another.internal' } },
      { url: `redis://localhost:${port}` },
    ].map(async settings => refusal(await wayOf(t, settings))),
  );
  t.match(causes, [
    /UNABLE_TO_VERIFY|SELF_SIGNED/,
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    /^[A-Z_]+$/,
  ]);
});

t.test('a server that asks for a certificate takes nobody without one', async t => {
  const { port } = await startTlsRedis(t, 'certified');
  t.match(await refusal(await wayOf(t, { url: `rediss://localhost:${port}`, tls: { ca } })), /CERTIFICATE_REQUIRED/);
});

/** What settings of `session.redis` come to. */
async function wayOf(t: Test, redis: object): Promise<Omit<Extract<RedisConfig, { url: string }>, 'keyPrefix'>> {
  const secret = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
  const { config, findings } = await loadSettingsText(
    changed('session:', `session: ${JSON.stringify({ secret, redis })}`),
    { file: '/nowhere/halogate.yaml' },
  );
  t.strictSame(findings, []);
  if (!config?.session.redis || !('url' in config.session.redis)) throw new Error('no Redis');
  const { keyPrefix, ...way } = config.session.redis;
  t.equal(keyPrefix, 'halogate:');
  return way;
}

/** Why a store cannot be reached. */
async function refusal(way: Parameters<typeof openStore>[1]): Promise<unknown> {
  const store = createRedisStore({ ...way, keyPrefix: uniquePrefix() });
  const reason = await store.ping().then(
    () => undefined,
    (error: Error) => error.cause,
  );
  await store.close();
  return reason;
}

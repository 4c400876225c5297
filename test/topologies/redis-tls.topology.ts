import t from 'tap';
import { openStore } from '../sessions/redis-replicas.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startTlsRedis, TLS } from '../support/redis-tls.ts';
import { topologyContract } from './contract.ts';

t.test('one server that asks for a certificate', async t => {
  const { port } = await startTlsRedis(t, 'certified');
  await topologyContract(t, { url: `rediss://localhost:${port}`, tls: TLS });
});

t.test('a cluster whose nodes announce addresses, under one name', async t => {
  const { config } = await startRedisCluster(t, { tls: { ...TLS, servername: 'redis.internal' } });
  await topologyContract(t, { ...config, tls: { ...TLS, servername: 'redis.internal' } });
  const nameless = openStore(t, { ...config, tls: TLS });
  await t.rejects(nameless.ping(), { code: 'STORE_UNREACHABLE', cause: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

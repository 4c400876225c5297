import t from 'tap';
import { startSentinelRedis } from '../support/redis-sentinel.ts';
import { topologyContract } from './contract.ts';

for (const sentinelPassword of [false, true]) {
  t.test(`a master under sentinels that ${sentinelPassword ? 'ask for' : 'have no'} password`, async t => {
    const { config } = await startSentinelRedis(t, { sentinelPassword });
    await topologyContract(t, config);
  });
}

import { Redis } from 'ioredis';
import type { RedisConfig } from '../config/index.ts';
import { sentinelOptions } from './redis-options.ts';

const SWITCHED = '+switch-master';

/**
 * Listens to sentinels. A master that was cut off from them may still be reached from here, and would go on taking what is lost with it:
 * who hears that there is another leaves it at once.
 * @param moved the master is another
 * @returns the connections
 */
export function watchSentinels(
  config: Extract<RedisConfig, { readonly sentinel: unknown }>,
  timeout: number,
  moved: () => void,
): readonly Redis[] {
  const { name, nodes } = config.sentinel;
  let last = '';
  return nodes.map(node => {
    const sentinel = new Redis({ ...sentinelOptions(config, timeout), ...node, autoResubscribe: false });
    sentinel.on('error', () => {});
    sentinel.on('ready', () => sentinel.subscribe(SWITCHED).catch(() => {}));
    // `name old-host old-port new-host new-port`, told by each of them.
    sentinel.on('message', (_, text: string) => {
      if (!text.startsWith(`${name} `) || text === last) return;
      last = text;
      moved();
    });
    return sentinel;
  });
}

import { Cluster, Command, type Redis } from 'ioredis';
import type { RedisNode } from '../config/index.ts';
import type { RedisClient, RedisDoor } from './redis-door.ts';
import { HEARTBEAT } from './redis-scripts.ts';

const SCAN_COUNT = 500;

/** A server on which sessions end: the one that there is, or a master of a cluster. */
export interface RedisMaster {
  /** Tells it from the others. */
  readonly name: string;
  /** Opens a connection that hears what is published there. */
  openFeed(): Redis;
  /** A command that this master alone answers, and only while it may answer for its keys. */
  isThere(): Promise<unknown>;
  /** Names of keys that match, some at a time (SCAN). */
  scan(cursor: string, pattern: string): Promise<[cursor: string, keys: string[]]>;
  /** Publishes there, and only while it is the master. */
  publish(channel: string, message: string): Promise<unknown>;
}

/** The masters as far as is known; none while nothing is. @param prefix what every key begins with */
export function mastersOf(client: RedisClient, door: RedisDoor, prefix: string): readonly RedisMaster[] {
  if (client instanceof Cluster) return mastersOfCluster(client, door, prefix);
  return [
    {
      name: 'redis',
      openFeed: () => door.openFeed(),
      isThere: () => client.exists(keyOf(prefix, 0)),
      scan: (cursor, pattern) => client.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT),
      async publish(channel, message) {
        // One that waits for what it is to sign in with would be connected by this.
        if (client.status === 'ready') await client.publish(channel, message);
      },
    },
  ];
}

/**
 * Those that have keys. Each is asked by a key of its own, directly: one that has lost its keys to another, or its way to the others,
 * refuses.
 */
function mastersOfCluster(cluster: Cluster, door: RedisDoor, prefix: string): readonly RedisMaster[] {
  const names = new Set(cluster.slots.flatMap(([name]) => (name === undefined ? [] : [name])));
  const keys = new Map<string, string>();
  for (let number = 0; keys.size < names.size; number += 1) {
    const [owner] = cluster.slots[slotOf(prefix, number)] ?? [];
    if (owner !== undefined && !keys.has(owner)) keys.set(owner, keyOf(prefix, number));
  }
  return [...keys].map(([name, key]) => {
    const connection = () => {
      const node = cluster.nodes().find(({ options: { host, port } }) => `${host}:${port}` === name);
      if (!node) throw new Error('There is no connection to this master.');
      return node;
    };
    return {
      name,
      openFeed: () => door.openFeed(nodeOf(name)),
      isThere: async () => connection().exists(key),
      scan: async (cursor, pattern) => connection().scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT),
      publish: async (channel, message) => connection().eval(HEARTBEAT, 1, key, channel, message),
    };
  });
}

/** Which of the 16,384 parts of a cluster a key lies in. */
function slotOf(prefix: string, number: number): number {
  return new Command('exists', [keyOf(prefix, number)]).getSlot() ?? 0;
}

function keyOf(prefix: string, number: number): string {
  return `${prefix}alive:{${number}}`;
}

function nodeOf(name: string): RedisNode {
  const colon = name.lastIndexOf(':');
  return { host: name.slice(0, colon), port: Number(name.slice(colon + 1)) };
}

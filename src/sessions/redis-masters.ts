import { Cluster, Command, type Redis } from 'ioredis';
import type { RedisNode } from '../config/index.ts';
import type { RedisClient, RedisDoor } from './redis-door.ts';
import { HEARTBEAT } from './redis-scripts.ts';
import { createSlotKeys, type SlotOwners } from './redis-slots.ts';

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

/**
 * Tells the masters as far as is known; none while nothing is. The same list for as long as it holds.
 * @param prefix what every key begins with
 */
export function createMasters(client: RedisClient, door: RedisDoor, prefix: string): () => readonly RedisMaster[] {
  if (client instanceof Cluster) return mastersOfCluster(client, door, prefix);
  const sole: RedisMaster = {
    name: 'redis',
    openFeed: () => door.openFeed(),
    isThere: () => client.exists(keyOf(prefix, 0)),
    scan: (cursor, pattern) => client.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT),
    async publish(channel, message) {
      // One that waits for what it is to sign in with would be connected by this.
      if (client.status === 'ready') await client.publish(channel, message);
    },
  };
  const masters = [sole];
  return () => masters;
}

/** Those that have slots. They are asked for many times a second: whoever has which is looked at, but a key is sought anew only if it moved. */
function mastersOfCluster(cluster: Cluster, door: RedisDoor, prefix: string): () => readonly RedisMaster[] {
  const numbersOf = createSlotKeys(number => new Command('exists', [keyOf(prefix, number)]).getSlot() ?? 0);
  let owners: SlotOwners = [];
  let masters: readonly RedisMaster[] = [];
  return () => {
    // The library replaces owners in place.
    const { slots } = cluster;
    if (slots.length !== owners.length || owners.some((owner, slot) => slots[slot]?.[0] !== owner)) {
      owners = Array.from(slots, names => names?.[0]);
      masters = [...numbersOf(owners)].map(([name, number]) => masterOf(cluster, door, name, keyOf(prefix, number)));
    }
    return masters;
  };
}

/** It is asked by a key of its own, directly: one that has lost its keys to another, or its way to the others, refuses. */
function masterOf(cluster: Cluster, door: RedisDoor, name: string, key: string): RedisMaster {
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
}

function keyOf(prefix: string, number: number): string {
  return `${prefix}alive:{${number}}`;
}

function nodeOf(name: string): RedisNode {
  const colon = name.lastIndexOf(':');
  return { host: name.slice(0, colon), port: Number(name.slice(colon + 1)) };
}

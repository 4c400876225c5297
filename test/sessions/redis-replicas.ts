import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import type { RedisConfig } from '../../src/config/index.ts';
import { createRedisStore, type Sessions, type Store } from '../../src/sessions/index.ts';
import { uniquePrefix } from '../support/redis.ts';
import { openSessions } from './fixtures.ts';

/** How a Redis is reached and signed in to, without a prefix of keys. */
export type RedisWay = RedisConfig extends infer Way ? (Way extends unknown ? Omit<Way, 'keyPrefix'> : never) : never;

/** Opens the store of one process; it goes with the test. */
export function openStore(t: Test, way: RedisWay, keyPrefix = uniquePrefix()): Store {
  const store = createRedisStore({ ...way, keyPrefix });
  t.teardown(() => store.close());
  return store;
}

/** A process with its sessions. */
export interface Replica {
  readonly sessions: Sessions;
  /** How often Redis has been asked for a session. */
  reads: number;
}

/** Two processes on one Redis, each with connections of its own. */
export function openReplicas(t: Test, way: RedisWay, keyPrefix = uniquePrefix()) {
  return { here: openReplica(t, way, keyPrefix), there: openReplica(t, way, keyPrefix), keyPrefix };
}

/** It goes with the test. */
export function openReplica(t: Test, way: RedisWay, keyPrefix: string): Replica {
  const store = createRedisStore({ ...way, keyPrefix });
  const replica = {
    reads: 0,
    sessions: openSessions({
      ...store,
      read(ids) {
        replica.reads += 1;
        return store.read(ids);
      },
    }),
  };
  t.teardown(() => replica.sessions.close());
  return replica;
}

/** Waits until a session is read without Redis. */
export async function hot(replica: Replica, cookie: string): Promise<void> {
  for (;;) {
    if (!(await replica.sessions.read(cookie, ''))) throw new Error('There is no such session.');
    const before = replica.reads;
    await replica.sessions.read(cookie, '');
    if (replica.reads === before) return;
    await sleep(20);
  }
}

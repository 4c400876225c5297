import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { type Client, createClient } from './client.ts';
import { type Cluster, type ClusterOptions, type SignedIn, startCluster } from './cluster.ts';
import { Ledger } from './ledger.ts';
import { startTraffic } from './traffic.ts';

/** How many persons are at work. */
const PERSONS = 20;
/** How long traffic runs before and after the fault, in milliseconds. */
const CALM = 3000;

/** Twenty persons at work on two gateways. */
export interface Scenario {
  readonly cluster: Cluster;
  readonly ledger: Ledger;
  readonly client: Client;
  readonly persons: readonly SignedIn[];
}

/** When the fault began, and when the traffic after it ended, by `performance.now()`. */
export interface Course {
  readonly began: number;
  readonly recovered: number;
  readonly ended: number;
}

/**
 * Lets a fault happen in the midst of traffic and holds every answer against what must never be.
 * @param fault resolves when everything works again, or should
 */
export async function happen(
  t: Test,
  fault: (scenario: Scenario) => Promise<void>,
  options: ClusterOptions = {},
): Promise<Scenario & Course> {
  const cluster = await startCluster(t, options);
  const ledger = new Ledger();
  const client = createClient(cluster, ledger);
  const persons = await cluster.signIn(PERSONS);
  const traffic = startTraffic(client, persons);
  await sleep(CALM);
  const began = performance.now();
  await fault({ cluster, ledger, client, persons });
  const recovered = performance.now();
  await sleep(CALM);
  await traffic.stop();
  const ended = performance.now();
  t.comment(ledger.summary());
  t.comment(
    `longest time without an answer that serves: ${ledger.longestGap({ of: persons, from: began, until: ended })} ms`,
  );
  t.strictSame(ledger.wrongs(), [], 'no answer that must never be');
  return { cluster, ledger, client, persons, began, recovered, ended };
}

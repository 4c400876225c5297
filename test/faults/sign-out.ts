import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import type { SignedIn } from './cluster.ts';
import { SENT_TO_SIGN_IN } from './ledger.ts';
import type { Scenario } from './scenario.ts';

/** Signs somebody out at the first gateway, and sees them refused at the second within a second. */
export async function signsOutEverywhere(
  t: Test,
  { cluster, client, ledger }: Scenario,
  who: SignedIn | undefined,
): Promise<void> {
  if (!who) throw new Error('nobody signed in');
  const { at, status } = await client.signOut(who, cluster.first);
  t.equal(status, 303);
  ledger.revoked(who, at + 1000);
  while (!SENT_TO_SIGN_IN.includes((await client.ask(who, 'read', cluster.second)).result)) await sleep(10);
  t.ok(performance.now() - at < 1000, 'refused at the other gateway within a second');
}

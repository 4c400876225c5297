import { createHash } from 'node:crypto';
import type { Connection, CspConfig } from '../../config/index.ts';
import type { Sealer, Store } from '../../sessions/index.ts';
import { READ_TIME } from './contracts.ts';
import { decodeList, encodeList, isNewer, type ListRecord } from './record.ts';

/** Who asks holds the turn for so long, in milliseconds. */
const TURN_TIME = READ_TIME + 15_000;
const ATTEMPTS = 5;
const PURPOSE = 'csp-customers';

/** The means to share a list. */
export interface SharedListOptions {
  readonly store: Pick<Store, 'getShared' | 'replaceShared' | 'once'>;
  readonly sealer: Pick<Sealer, 'seal' | 'open'>;
}

/** The list as it lies in the store, sealed, for all replicas and across restarts. */
export interface SharedList {
  /**
   * The newer of what is stored and what is known; where it is the latter, it is stored.
   * @throws StoreUnreachableError
   */
  settle(known: ListRecord | undefined): Promise<ListRecord | undefined>;
  /**
   * Whether this replica is the one to ask Graph next. So is each, where the store cannot say.
   * @param turn of the last time
   */
  claim(turn: number): Promise<boolean>;
}

/** @returns the list of one partner, as one app registration sees it */
export function createSharedList(
  { authority, graph, clientId }: Connection,
  { partnerTenant }: CspConfig,
  { store, sealer }: SharedListOptions,
): SharedList {
  // Other settings are another list.
  const which = JSON.stringify([authority, graph, clientId, partnerTenant]);
  const name = `${PURPOSE}:${createHash('sha256').update(which).digest('base64url')}`;
  const binding = { aad: name };
  return {
    async settle(known) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const sealed = await store.getShared(name);
        // What does not open is of another secret or version: it is written anew.
        const opened = sealed && sealer.open(PURPOSE, sealed, binding);
        const stored = opened && decodeList(opened);
        if (known === undefined || (stored && !isNewer(known, stored))) return stored ?? known;
        if (await store.replaceShared(name, sealed, sealer.seal(PURPOSE, encodeList(known), binding))) return known;
      }
      return known;
    },
    claim: turn => store.once(`${name}:${turn}`, TURN_TIME).catch(() => true),
  };
}

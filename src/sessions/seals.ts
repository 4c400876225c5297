import type { Person } from '../policy/index.ts';
import type { Sealer } from './api.ts';
import type { CookieValue } from './cookie-value.ts';
import {
  decodeListing,
  decodeRecord,
  decodeTokens,
  encodeListing,
  encodeRecord,
  encodeTokens,
  type SessionListing,
  type SessionRecord,
} from './record.ts';
import type { ProviderTokens, Session } from './session.ts';

/**
 * What the store sees of sessions: ids and index keys that name nobody, and sealed bytes. Record and tokens open with the secret and
 * the cookie together, the listing with the secret alone. Everything is bound to the id that it lies under.
 */
export interface Seals {
  /** The ids that a cookie may stand for, one for each secret, that of a new session first. */
  ids(cookie: CookieValue): readonly [string, ...string[]];
  /** @param person the person's id */
  personIndexes(person: string): readonly [string, ...string[]];
  /** @param provider see {@link providerOf} */
  sidIndexes(provider: string, sid: string): readonly [string, ...string[]];
  sealRecord(id: string, cookie: CookieValue, record: SessionRecord): Buffer;
  openSession(found: { readonly id: string; readonly record: Buffer }, cookie: CookieValue): Session | undefined;
  sealTokens(id: string, cookie: CookieValue, tokens: ProviderTokens): Buffer;
  openTokens(id: string, cookie: CookieValue, sealed: Buffer): ProviderTokens | undefined;
  sealListing(id: string, listing: SessionListing): Buffer;
  openListing(id: string, sealed: Buffer): SessionListing | undefined;
}

const RECORD = 'session record';
const TOKENS = 'session tokens';
const LISTING = 'session listing';

export function createSeals(sealer: Sealer): Seals {
  return {
    ids: cookie => sealer.macs('session id', cookie.locator),
    personIndexes: person => sealer.macs('index person', person),
    sidIndexes: (provider, sid) => sealer.macs('index sid', JSON.stringify([provider, sid])),
    sealRecord: (id, { salt }, record) => sealer.seal(RECORD, encodeRecord(record), { salt, aad: id }),
    openSession({ id, record: sealed }, { salt }) {
      const opened = sealer.open(RECORD, sealed, { salt, aad: id });
      const record = opened && decodeRecord(opened);
      return record && { id, ...record };
    },
    sealTokens: (id, { salt }, tokens) => sealer.seal(TOKENS, encodeTokens(tokens), { salt, aad: id }),
    openTokens(id, { salt }, sealed) {
      const opened = sealer.open(TOKENS, sealed, { salt, aad: id });
      return opened && decodeTokens(opened);
    },
    // Rewritten at every touch of every session: a key for each id keeps far from the limit of random nonces under one key.
    sealListing: (id, listing) => sealer.seal(LISTING, encodeListing(listing), { salt: Buffer.from(id), aad: id }),
    openListing(id, sealed) {
      const opened = sealer.open(LISTING, sealed, { salt: Buffer.from(id), aad: id });
      return opened && decodeListing(opened);
    },
  };
}

/** All of Entra, whose sign-outs name neither issuer nor tenant. */
export const ENTRA = 'entra';

/**
 * Whose `sid` it is, so that one provider's cannot end another's sessions. A sign-out from Entra names neither issuer nor tenant, and
 * two connections may share the provider's session: all of Entra is one provider here. Others are told apart by their issuer, with
 * which the person's id begins.
 */
export function providerOf({ id, tid, oid }: Person): string {
  return tid ? ENTRA : id.slice(0, -oid.length - 1);
}

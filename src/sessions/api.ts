import type { SessionConfig } from '../config/index.ts';
import type { Person, SignedIn } from '../policy/index.ts';
import type { SessionListing } from './record.ts';
import type { ProviderTokens, Session } from './session.ts';

/** What signing in makes a session of. */
export interface NewSession extends SignedIn {
  readonly sid?: string;
  readonly loginHint?: string;
  readonly tokens: ProviderTokens;
  /** The client's address, for the listing. */
  readonly address: string;
  /** Ids of the browser's former session, which ends with this sign-in. */
  readonly former: readonly string[];
}

/** What the provider says of a session's person when it is asked again. */
export interface Renewal {
  /** Left out: nothing is known of them, and the session counts as asked about no later than before. */
  readonly person?: Person;
  readonly tokens: ProviderTokens;
}

/** How many sessions have ended, and whether that is all: else the rest ends when the store returns. */
export interface Ended {
  readonly count: number;
  readonly done: boolean;
}

/** A session as an operator sees it. */
export interface ListedSession extends SessionListing {
  /** Names the session in the store. */
  readonly id: string;
}

/** The sessions of all people, as the rest of the house sees them. */
export interface Sessions {
  /**
   * Makes a session under a new id and ends the browser's former one.
   * @throws StoreUnreachableError
   */
  create(input: NewSession): Promise<{ readonly session: Session; readonly cookie: string }>;
  /**
   * The session that a cookie value opens; undefined where there is none, it has ended, or the value or the record cannot be read.
   * Moves the idle end (coalesced, in the background).
   * @throws StoreUnreachableError
   */
  read(cookie: string, address: string): Promise<Session | undefined>;
  /**
   * The session that a cookie value opens, as {@link read}, without moving its idle end: for what lasts longer than a request.
   * @throws StoreUnreachableError
   */
  peek(cookie: string): Promise<Session | undefined>;
  /**
   * The provider's tokens of a session.
   * @throws StoreUnreachableError
   */
  tokens(session: Session, cookie: string): Promise<ProviderTokens | undefined>;
  /** The store ids that a cookie value may stand for, one for each secret; empty where the value is malformed. No I/O. */
  idsOf(cookie: string): readonly string[];
  /**
   * Signs out: ends every session of the same provider session (`sid`), without one this session alone. Where the store cannot be
   * asked, it is remembered and done when the store returns, and `false` comes back.
   */
  end(cookie: string): Promise<boolean>;
  /**
   * Writes what the provider says of the person now, under a {@link claim}.
   * @param session as it was read last
   * @returns the session as it is now; undefined where it has ended
   * @throws StoreUnreachableError
   */
  renew(session: Session, cookie: string, renewal: Renewal): Promise<Session | undefined>;
  /**
   * Claims a session, across replicas, to ask the provider about it.
   * @param ttl milliseconds after which it may be claimed again in any case
   * @returns gives the claim back; undefined where another has it
   * @throws StoreUnreachableError
   */
  claim(session: Session, ttl: number): Promise<(() => Promise<void>) | undefined>;
  /** Ends this session alone, as {@link end} does it. */
  drop(session: Session): Promise<boolean>;
  /**
   * Ends every session of a provider's session, as {@link end} does it.
   * @param issuer of an OpenID provider; without it, Entra's
   */
  endProviderSession(sid: string, issuer?: string): Promise<Ended>;
  /**
   * The same where nobody has proved that there is such a session: what cannot be done now is not remembered.
   * @returns how many have ended
   * @throws StoreUnreachableError
   */
  endUnprovenSession(sid: string, issuer?: string): Promise<number>;
  /** Ends every session of a person, as {@link end} does it. @param person the person's id */
  endPerson(person: string): Promise<Ended>;
  /**
   * The sessions that live, in no order; one that begins or ends meanwhile may be there or not. For operators: it reads all of them.
   * @throws StoreUnreachableError
   */
  list(): AsyncIterable<ListedSession>;
  /** Ends sessions. @param ids of listed sessions @throws StoreUnreachableError */
  revoke(ids: readonly string[]): Promise<void>;
  /** How many sessions this process has seen that live, as far as it knows. Looks at each of them. */
  active(): number;
  /** Has a listener told the ids of sessions that end before their time, in whichever process, as soon as this one knows. */
  onEnded(listener: (ids: readonly string[]) => void): void;
  /**
   * From now on sessions live by these settings, those that exist included; the sealer is to be given the secrets before. An absolute
   * end comes earlier for them where it is nearer now, never later: their cookies end when it was said.
   */
  obey(config: SessionConfig): void;
  /** Resolves when the store answers. @throws StoreUnreachableError */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Sealing under `session.secret`: AES-256-GCM with a key by HKDF-SHA-256 for each purpose; the first secret seals, all open. */
export interface Sealer {
  /** Bytes that only {@link open} with the same purpose and binding opens. `binding` is authenticated, not contained. */
  seal(purpose: string, plaintext: Buffer, binding?: SealBinding): Buffer;
  /** Undefined for whatever does not open: wrong purpose, binding, secret, version, or not sealed at all. Never throws. */
  open(purpose: string, sealed: Buffer, binding?: SealBinding): Buffer | undefined;
  /** Whether bytes are sealed under the first secret: what is kept for long is sealed anew before another one is removed. */
  isCurrent(sealed: Buffer): boolean;
  /** HMAC-SHA-256 of `data` under each secret, the first secret first, base64url. */
  macs(purpose: string, data: string | Buffer): readonly [string, ...string[]];
}

/** A sealer whose secrets can be exchanged. */
export interface LiveSealer extends Sealer {
  /** From now on does as another one does. */
  use(next: Sealer): void;
}

export interface SealBinding {
  /** A further secret that goes into the key's derivation (HKDF salt): the half of a cookie. */
  readonly salt?: Buffer;
  /** Authenticated beside the text: the Redis key that it lies under. */
  readonly aad?: string;
}

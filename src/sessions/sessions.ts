import { randomUUID } from 'node:crypto';
import type { SessionConfig } from '../config/index.ts';
import type { Ended, Sealer, Sessions } from './api.ts';
import { type CookieValue, createCookieValue, readCookieValue } from './cookie-value.ts';
import { createEndings } from './endings.ts';
import type { SessionsLog } from './log.ts';
import { createLookup } from './lookup.ts';
import { createSeals, ENTRA, providerOf } from './seals.ts';
import type { Session } from './session.ts';
import type { Store } from './store.ts';
import { createTouches, LONGEST_TOUCH_INTERVAL } from './touches.ts';

interface SessionsOptions {
  readonly store: Store;
  readonly sealer: Sealer;
  /** Until {@link Sessions.obey} says otherwise. */
  readonly config: SessionConfig;
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: () => number;
  /** Milliseconds of the store's clock that never goes back; default `performance.now`. */
  readonly ticks?: () => number;
  readonly log?: SessionsLog;
}

/** The sessions of all people. Nothing else writes to the store what concerns a session. */
export function createSessions(options: SessionsOptions): Sessions {
  const { store, sealer, now = Date.now, ticks = () => performance.now(), log } = options;
  const seals = createSeals(sealer);
  let { config } = options;
  const touches = createTouches(() => Math.min(config.idle / 10, LONGEST_TOUCH_INTERVAL), now);
  const endings = createEndings(log ? { log } : {});
  const background = new Set<Promise<void>>();
  const listeners = new Set<(ids: readonly string[]) => void>();
  const onEnded = (ids: readonly string[]) => {
    for (const listener of listeners) listener(ids);
  };
  const lookup = createLookup({
    store,
    seals,
    limits: () => config,
    isEnding: endings.includes,
    onEnded,
    now,
    ticks,
  });

  /** The one way in which sessions end before their time. */
  function revoke(ids: readonly string[]): Promise<void> {
    return store.delete(ids);
  }

  /** From here on these are refused in this process, whether or not the store can be told yet. */
  function end(ids: readonly string[], run: () => Promise<void>): Promise<boolean> {
    const done = endings.end(ids, run);
    onEnded(ids);
    return done;
  }

  async function peek(text: string): Promise<Session | undefined> {
    const cookie = readCookieValue(text);
    return cookie && lookup.find(cookie);
  }

  /** Whatever lives under the indexes ends. @returns how many that were */
  async function revokeIndexed(indexes: readonly string[]): Promise<number> {
    const ids = await store.indexed(indexes);
    await revoke(ids);
    return ids.length;
  }

  /** The same; where the store cannot be asked, what lives there when it returns. */
  async function endIndexed(indexes: readonly string[]): Promise<Ended> {
    let count = 0;
    const done = await end(indexes, async () => {
      count = await revokeIndexed(indexes);
    });
    return { done, count };
  }

  /** What ends all that belongs to the provider's session, else this session alone; also one whose record cannot be read. */
  function signOut(cookie: CookieValue): () => Promise<void> {
    let session: Session | undefined;
    // By the secrets of now: when the store returns they may have been replaced.
    const own = seals.ids(cookie);
    return async () => {
      // From the store itself: what is remembered here may be gone there, and the other way round.
      const found = session ? undefined : await store.read(own);
      session ??= found && seals.openSession(found, cookie);
      const same =
        session?.sid === undefined
          ? []
          : await store.indexed(seals.sidIndexes(providerOf(session.person), session.sid));
      // This one last: while its record is there, what was left undone can be found again.
      await revoke([...same.filter(id => !own.includes(id)), ...own]);
    };
  }

  function ttl(expires: number): number {
    return Math.min(config.idle, expires - now());
  }

  function listing(session: Session, address: string): Buffer {
    const { id, person, connection, created } = session;
    return seals.sealListing(id, { person: person.id, connection, created, lastSeen: now(), address });
  }

  /** In the background: no request waits for its own idle end to be moved. */
  function touch(session: Session, address: string): void {
    if (!touches.due(session.id)) return;
    const left = ttl(session.expires);
    const idleEnd = now() + left;
    const touching = store
      .touch(session.id, listing(session, address), left)
      .then(
        lives => (lives ? lookup.moved(session.id, idleEnd) : lookup.forget(session.id)),
        () => touches.failed(session.id),
      )
      .finally(() => background.delete(touching));
    background.add(touching);
  }

  return {
    async create({ person, connection, sid, loginHint, tokens, address, former }) {
      const cookie = createCookieValue();
      const [id] = seals.ids(cookie);
      const created = now();
      const session: Session = {
        id,
        person,
        connection,
        created,
        expires: created + config.absolute,
        refreshed: created,
        refreshable: tokens.refreshToken !== undefined,
        ...(sid === undefined ? {} : { sid }),
        ...(loginHint === undefined ? {} : { loginHint }),
      };
      await store.create({
        id,
        record: seals.sealRecord(id, cookie, session),
        tokens: seals.sealTokens(id, cookie, tokens),
        listing: listing(session, address),
        indexes: [
          seals.personIndexes(person.id)[0],
          ...(sid === undefined ? [] : [seals.sidIndexes(providerOf(person), sid)[0]]),
        ],
        ttl: ttl(session.expires),
        absoluteTtl: config.absolute,
      });
      touches.done(id);
      if (former.length > 0) await end(former, () => revoke(former));
      return { session, cookie: cookie.text };
    },
    async read(text, address) {
      const session = await peek(text);
      if (session) touch(session, address);
      return session;
    },
    peek,
    async tokens({ id }, text) {
      const cookie = readCookieValue(text);
      if (!cookie || !seals.ids(cookie).includes(id) || lookup.isEnded([id])) return undefined;
      const sealed = await store.readTokens(id);
      return sealed && seals.openTokens(id, cookie, sealed);
    },
    idsOf(text) {
      const cookie = readCookieValue(text);
      return cookie ? seals.ids(cookie) : [];
    },
    async end(text) {
      const cookie = readCookieValue(text);
      return !cookie || end(seals.ids(cookie), signOut(cookie));
    },
    async renew(session, text, { person, tokens }) {
      const cookie = readCookieValue(text);
      if (!cookie || lookup.isEnded([session.id])) return undefined;
      const { id } = session;
      const asked = person === undefined ? {} : { person, refreshed: now() };
      const renewed = { ...session, ...asked, refreshable: tokens.refreshToken !== undefined };
      const content = {
        record: seals.sealRecord(id, cookie, renewed),
        tokens: seals.sealTokens(id, cookie, tokens),
      };
      return (await store.replace(id, content)) ? renewed : undefined;
    },
    async claim({ id }, ttl) {
      const holder = randomUUID();
      if (!(await store.lock(`refresh:${id}`, holder, ttl))) return undefined;
      return () => store.unlock(`refresh:${id}`, holder);
    },
    drop: ({ id }) => end([id], () => revoke([id])),
    endProviderSession: (sid, issuer) => endIndexed(seals.sidIndexes(issuer ?? ENTRA, sid)),
    endUnprovenSession: (sid, issuer) => revokeIndexed(seals.sidIndexes(issuer ?? ENTRA, sid)),
    endPerson: person => endIndexed(seals.personIndexes(person)),
    async *list() {
      for await (const batch of store.listings()) {
        for (const { id, listing: sealed } of batch) {
          const listing = seals.openListing(id, sealed);
          if (listing) yield { id, ...listing };
        }
      }
    },
    revoke,
    active: lookup.active,
    onEnded(listener) {
      listeners.add(listener);
    },
    obey(next) {
      const before = config;
      config = next;
      // What is remembered lives on where it lives no shorter: a store that is away just now must not end it.
      if (isNarrower(next, before)) lookup.forgetAll();
    },
    ping: () => store.ping(),
    async close() {
      endings.close();
      lookup.close();
      await Promise.all(background);
      await store.close();
    },
  };
}

/** Whether a session that lives by the one may have ended by the other: its end is another, or its secret is gone. */
function isNarrower(next: SessionConfig, before: SessionConfig): boolean {
  if (next.idle < before.idle || next.absolute !== before.absolute) return true;
  return before.secrets.some(secret => !next.secrets.some(other => other.equals(secret)));
}

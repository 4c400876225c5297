import { randomUUID } from 'node:crypto';
import { type JSONWebKeySet, SignJWT } from 'jose';
import type { AssertionConfig, Portal } from '../config/index.ts';
import type { Session } from '../sessions/index.ts';
import { readSigningKey, type SigningKey } from './assertion-keys.ts';
import type { SharedKeys } from './shared-keys.ts';

/** Signed identity: what tells Halo that a request came through the gateway, and who makes it. */
export interface Assertions {
  /**
   * A JWT (ES256) about a session on a portal.
   * @param groups those of the person that go to Halo
   * @throws StoreUnreachableError where the shared keys have never been read
   */
  sign(session: Session, portal: Portal, groups: readonly string[]): Promise<string>;
  /**
   * The public keys, for `/.halogate/jwks.json`: the configured one, else the current and the next.
   * @throws StoreUnreachableError where the shared keys have never been read
   */
  jwks(): Promise<JSONWebKeySet>;
}

export interface AssertionsOptions {
  readonly config: AssertionConfig;
  /** Asked where no key is configured. */
  readonly sharedKeys: SharedKeys;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

interface Keys {
  readonly signing: SigningKey;
  readonly published: readonly SigningKey[];
}

/** Makes the signer. A configured key that is none makes `sign` and `jwks` reject with a TypeError. */
export function createAssertions({ config, sharedKeys, now = Date.now }: AssertionsOptions): Assertions {
  const keys = config.key === undefined ? keysOfNow(sharedKeys, now) : configuredKey(config.key);
  return {
    async sign(session, portal, groups) {
      const { signing } = await keys();
      const { person, connection } = session;
      const issued = Math.floor(now() / 1_000);
      const token = new SignJWT({
        iss: portal.origin,
        aud: portal.url,
        sub: person.id,
        iat: issued,
        exp: issued + Math.ceil(config.lifetime / 1_000),
        jti: randomUUID(),
        ...(person.email === '' ? {} : { email: person.email, email_verified: true }),
        name: person.name,
        groups: [...groups],
        portal: { name: portal.name, kind: portal.kind },
        tid: person.tid,
        oid: person.oid,
        connection,
      });
      return token.setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: signing.kid }).sign(signing.privateKey);
    },
    async jwks() {
      const { published } = await keys();
      return { keys: published.map(key => key.publicJwk) };
    },
  };
}

function configuredKey(pem: string): () => Promise<Keys> {
  const keys = readSigningKey(pem).then(key => ({ signing: key, published: [key] }));
  // Reported where it is used; here it would only end the process.
  keys.catch(() => undefined);
  return () => keys;
}

function keysOfNow(sharedKeys: SharedKeys, now: () => number): () => Promise<Keys> {
  return async () => {
    const { current, next, switchAt } = await sharedKeys.get();
    return { signing: now() < switchAt ? current : next, published: [current, next] };
  };
}

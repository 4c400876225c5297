import { generateKeyPair, type KeyObject, type webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK } from 'jose';
import type { Authority } from './authority.ts';
import { CONSUMER_TENANT } from './people.ts';

/** A signing key and its name in the key set. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const generate = promisify(generateKeyPair);

// RSA keys are slow to make, and no test needs two stand-ins with different ones: once a process is enough.
const made = new Map<string, Promise<SigningKey>>();

/** The key that the stand-in publishes. */
export function publishedKey(): Promise<SigningKey> {
  return key('stand-in-key-1');
}

/** The key that signs for consumer accounts alone; where any tenant may sign in, it is published beside the other. */
export function consumersKey(): Promise<SigningKey> {
  return key('stand-in-consumers-key');
}

/** A key that the stand-in never publishes. */
export function strangeKey(): Promise<SigningKey> {
  return key('strange-key');
}

/** The key set of a tenant, or of all; each key says for whom it may sign. */
export async function keySet(url: string, authority: Authority): Promise<{ keys: webcrypto.JsonWebKey[] }> {
  const tenants = await publicJwk(await publishedKey(), `${url}/{tenantid}/v2.0`);
  if (authority !== 'any') return { keys: [tenants] };
  return { keys: [tenants, await publicJwk(await consumersKey(), `${url}/${CONSUMER_TENANT}/v2.0`)] };
}

async function publicJwk({ kid, publicKey }: SigningKey, issuer: string): Promise<webcrypto.JsonWebKey> {
  return { ...(await exportJWK(publicKey)), kid, use: 'sig', issuer } as webcrypto.JsonWebKey;
}

function key(kid: string): Promise<SigningKey> {
  let found = made.get(kid);
  if (!found) {
    found = generate('rsa', { modulusLength: 2048 }).then(pair => ({ kid, ...pair }));
    made.set(kid, found);
  }
  return found;
}

import { generateKeyPair, type KeyObject, type webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK } from 'jose';

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

/** A key that the stand-in never publishes. */
export function strangeKey(): Promise<SigningKey> {
  return key('strange-key');
}

/** The key set of a tenant. */
export async function keySet(): Promise<{ keys: webcrypto.JsonWebKey[] }> {
  const { kid, publicKey } = await publishedKey();
  return { keys: [{ ...(await exportJWK(publicKey)), kid, use: 'sig' } as webcrypto.JsonWebKey] };
}

function key(kid: string): Promise<SigningKey> {
  let found = made.get(kid);
  if (!found) {
    found = generate('rsa', { modulusLength: 2048 }).then(pair => ({ kid, ...pair }));
    made.set(kid, found);
  }
  return found;
}

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';

/** A key that signs assertions. */
export interface SigningKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** The public half alone, as it stands in the key set. */
  readonly publicJwk: JWK;
}

/** The keys that replicas share, as they lie in the store. */
export interface KeyPair {
  /** Signs until `switchAt`. */
  readonly current: SigningKey;
  /** Signs from `switchAt` on, and is published long before. */
  readonly next: SigningKey;
  /** Milliseconds since the epoch. */
  readonly switchAt: number;
}

const VERSION = 1;

/**
 * A signing key of a PEM.
 * @throws TypeError where it holds no EC P-256 private key; the message quotes nothing of it
 */
export async function readSigningKey(pem: string): Promise<SigningKey> {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new TypeError('The key of the identity assertion is not a private key in PEM.');
  }
  return signingKey(privateKey);
}

/** A new key. */
export async function makeSigningKey(): Promise<SigningKey> {
  return signingKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

async function signingKey(privateKey: KeyObject): Promise<SigningKey> {
  if (privateKey.asymmetricKeyType !== 'ec' || privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new TypeError('The key of the identity assertion is not an EC P-256 key.');
  }
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  const jwk = { kty, crv, x, y } as JWK;
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, publicJwk: { ...jwk, kid, use: 'sig', alg: 'ES256' } };
}

/** The bytes of a pair; a secret. */
export function encodePair({ current, next, switchAt }: KeyPair): Buffer {
  const keys = [current, next].map(key => key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  return Buffer.from(JSON.stringify({ version: VERSION, switchAt, current: keys[0], next: keys[1] }));
}

/** The pair that {@link encodePair} wrote; undefined for anything else. */
export async function decodePair(bytes: Buffer): Promise<KeyPair | undefined> {
  try {
    const { version, switchAt, current, next } = JSON.parse(bytes.toString());
    if (version !== VERSION || !Number.isSafeInteger(switchAt)) return undefined;
    return { current: await readSigningKey(current), next: await readSigningKey(next), switchAt };
  } catch {
    return undefined;
  }
}

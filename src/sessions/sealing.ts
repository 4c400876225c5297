import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import type { LiveSealer, SealBinding, Sealer } from './api.ts';

// version (1) | id of the secret (4) | nonce (12) | ciphertext | tag (16)
const VERSION = 1;
const HEADER_BYTES = 5;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const LEAST_SECRET_BYTES = 32;

interface Secret {
  /** Version and id: what every text sealed under this secret begins with. */
  readonly header: Buffer;
  key(purpose: string, salt?: Buffer): Buffer;
  macKey(purpose: string): Buffer;
}

/**
 * Sealing under the secrets of the settings. Keys are derived with HKDF-SHA-256 (RFC 5869), texts sealed with AES-256-GCM
 * (NIST SP 800-38D) under a random 96-bit nonce.
 * @param secrets 32 bytes or more each: the first seals, all open
 * @throws Error where there is none, or one is shorter
 */
export function createSealer(secrets: readonly Buffer[]): Sealer {
  const [first, ...others] = secrets.map(createSecret);
  if (!first) throw new Error('Sealing needs a secret.');
  const all = [first, ...others];
  return {
    seal(purpose, plaintext, binding = {}) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, first.key(purpose, binding.salt), nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(authenticated(first.header, binding));
      return Buffer.concat([first.header, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    open(purpose, sealed, binding = {}) {
      if (sealed.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES) return undefined;
      const header = sealed.subarray(0, HEADER_BYTES);
      for (const secret of all) {
        // Two secrets may share an id by chance: the tag decides.
        const opened = secret.header.equals(header) && openUnder(secret, purpose, sealed, binding);
        if (opened) return opened;
      }
      return undefined;
    },
    isCurrent: sealed => sealed.subarray(0, HEADER_BYTES).equals(first.header),
    macs(purpose, data) {
      const mac = (secret: Secret) => createHmac('sha256', secret.macKey(purpose)).update(data).digest('base64url');
      return [mac(first), ...others.map(mac)];
    },
  };
}

/** @param first does the sealing until another one is to */
export function createLiveSealer(first: Sealer): LiveSealer {
  let current = first;
  return {
    seal: (...values) => current.seal(...values),
    open: (...values) => current.open(...values),
    isCurrent: sealed => current.isCurrent(sealed),
    macs: (...values) => current.macs(...values),
    use(next) {
      current = next;
    },
  };
}

function openUnder(secret: Secret, purpose: string, sealed: Buffer, binding: SealBinding): Buffer | undefined {
  const nonce = sealed.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, secret.key(purpose, binding.salt), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated(secret.header, binding));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The header's length is fixed, so what follows it cannot be mistaken for a part of it. */
function authenticated(header: Buffer, { aad = '' }: SealBinding): Buffer {
  return Buffer.concat([header, Buffer.from(aad)]);
}

function createSecret(bytes: Buffer): Secret {
  if (bytes.length < LEAST_SECRET_BYTES) throw new Error(`A secret needs ${LEAST_SECRET_BYTES} bytes or more.`);
  const secret = createSecretKey(bytes);
  const derive = (info: string, salt: Buffer, length = 32) =>
    Buffer.from(hkdfSync('sha256', secret, salt, `halogate ${VERSION} ${info}`, length));
  // Purposes are the program's own constants: what is kept here stays small. Keys with a salt belong to one session each.
  const unsalted = new Map<string, Buffer>();
  const keep = (info: string) => {
    const key = unsalted.get(info) ?? derive(info, Buffer.alloc(0));
    unsalted.set(info, key);
    return key;
  };
  return {
    header: Buffer.concat([Buffer.of(VERSION), derive('id', Buffer.alloc(0), HEADER_BYTES - 1)]),
    key: (purpose, salt) => (salt ? derive(`seal ${purpose}`, salt) : keep(`seal ${purpose}`)),
    macKey: purpose => keep(`mac ${purpose}`),
  };
}

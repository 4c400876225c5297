import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';

/** A certificate and its private key in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface CertificateOptions {
  /** Milliseconds from now at which it ends; negative: it has ended. Default a year. */
  readonly ends?: number;
  /** Bits of its RSA key. Default 2048. */
  readonly bits?: number;
}

export const DAY = 24 * 60 * 60 * 1000;

/** Makes a self-signed certificate (X.509 version 1, RFC 5280 section 4.1), which Node itself does not. */
export function makeCertificate({ ends = 365 * DAY, bits = 2048 }: CertificateOptions = {}): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const der = signed(toBeSigned(publicKey, Date.now() + ends), privateKey);
  const body = der.toString('base64').replace(/.{1,64}/g, '$&\n');
  const cert = `-----BEGIN CERTIFICATE-----\n${body}-----END CERTIFICATE-----\n`;
  return { cert, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
}

/** The public key of a certificate as a provider keeps it. */
export function publicJwk({ cert }: Certificate) {
  return new X509Certificate(cert).publicKey.export({ format: 'jwk' });
}

const SHA256_WITH_RSA = sequence(element(0x06, Buffer.from('2a864886f70d01010b', 'hex')), element(0x05, Buffer.of()));
const NAME = sequence(
  element(0x31, sequence(element(0x06, Buffer.from('550403', 'hex')), element(0x0c, Buffer.from('halogate')))),
);

function toBeSigned(publicKey: KeyObject, end: number): Buffer {
  const serial = element(0x02, Buffer.of(1));
  const validity = sequence(time(Math.min(Date.now(), end) - DAY), time(end));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  return sequence(serial, SHA256_WITH_RSA, NAME, validity, NAME, key);
}

function signed(content: Buffer, key: KeyObject): Buffer {
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', content, key)]);
  return sequence(content, SHA256_WITH_RSA, element(0x03, signature));
}

/** GeneralizedTime. */
function time(milliseconds: number): Buffer {
  return element(0x18, Buffer.from(`${new Date(milliseconds).toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

/** One element in DER: tag, length, content. */
function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

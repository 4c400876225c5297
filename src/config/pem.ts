import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Report } from './findings.ts';
import type { Path } from './location.ts';
import { readText, type Surroundings } from './secrets.ts';

/** A certificate and its private key, as texts and as what the texts mean. Without what could not be read or is wrong. */
export interface KeyPair {
  readonly cert?: string;
  readonly key?: string;
  readonly certificate?: X509Certificate;
  readonly privateKey?: KeyObject;
}

interface KeyPairFiles {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Reads the two files of a setting with `cert` and `key`, and reports what is wrong with each or with the two together. */
export function readKeyPair(files: KeyPairFiles, path: Path, surroundings: Surroundings, report: Report): KeyPair {
  const pem = (name: 'cert' | 'key') => {
    const file = files[name];
    if (file === undefined) return undefined;
    const { value, problem } = readText(file, surroundings);
    if (problem !== undefined) report('FILE_UNREADABLE', [...path, name], problem);
    return value;
  };
  const [cert, key] = [pem('cert'), pem('key')];
  const certificate = cert === undefined ? undefined : parseCertificate(cert);
  if (cert !== undefined && certificate === undefined) {
    report('INVALID_CERTIFICATE', [...path, 'cert'], 'expected a certificate in PEM');
  }
  const privateKey = key === undefined ? undefined : parsePrivateKey(key);
  const misfit = privateKey !== undefined && certificate?.checkPrivateKey(privateKey) === false;
  if (key !== undefined && privateKey === undefined) {
    report('INVALID_KEY', [...path, 'key'], 'expected an unencrypted private key in PEM');
  } else if (misfit) {
    report('INVALID_KEY', [...path, 'key'], 'the private key is not that of "cert"');
  }
  return {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(privateKey === undefined || misfit ? {} : { privateKey }),
  };
}

/** Reads a file of certificate authorities, and reports what is wrong with it. */
export function readCa(
  file: string | undefined,
  path: Path,
  surroundings: Surroundings,
  report: Report,
): string | undefined {
  if (file === undefined) return undefined;
  const { value, problem } = readText(file, surroundings);
  if (problem !== undefined) report('FILE_UNREADABLE', path, problem);
  if (value !== undefined && parseCertificate(value) === undefined) {
    report('INVALID_CERTIFICATE', path, 'expected certificates in PEM');
  }
  return value;
}

/** The first certificate of a PEM text; undefined where there is none. */
function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** The private key of a PEM text; undefined where there is none, or one that needs a passphrase. */
export function parsePrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

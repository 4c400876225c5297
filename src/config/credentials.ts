import type { ClientCertificate, Credential } from './config.ts';
import type { Draft } from './draft.ts';
import { expiryOf } from './expiry.ts';
import { readFederatedToken } from './federated-token.ts';
import type { Report } from './findings.ts';
import type { Path } from './location.ts';
import { readKeyPair } from './pem.ts';
import type { ConnectionSettings } from './schema/index.ts';
import { readSecretAt, type Surroundings } from './secrets.ts';

type CredentialDraft = Draft<ConnectionSettings['credential']>;

/** PS256 with a key that is shorter is refused by providers (RFC 7518 section 3.5), as it should be. */
const MINIMUM_BITS = 2048;

/** The credential of a connection, read and examined; undefined where something is missing or wrong, or lies outside and is not looked at. */
export function readCredential(
  credential: CredentialDraft | undefined,
  path: Path,
  surroundings: Surroundings,
  report: Report,
): Credential | undefined {
  const secret = readSecretAt(credential?.secret, [...path, 'secret'], surroundings, report);
  if (secret !== undefined) return { secret };
  if (credential?.certificate !== undefined) {
    const certificate = readCertificate(credential.certificate, [...path, 'certificate'], surroundings, report);
    return certificate && { certificate };
  }
  if (credential?.workloadIdentity !== true || surroundings.static) return undefined;
  const { problem } = readFederatedToken(surroundings.env);
  if (problem !== undefined) report('SECRET_MISSING', [...path, 'workloadIdentity'], problem);
  return { workloadIdentity: true };
}

function readCertificate(
  files: NonNullable<CredentialDraft['certificate']>,
  path: Path,
  surroundings: Surroundings,
  report: Report,
): ClientCertificate | undefined {
  const { cert, key, certificate, privateKey } = readKeyPair(files, path, surroundings, report);
  if (privateKey !== undefined) {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = privateKey;
    const bits = details?.modulusLength ?? 0;
    if (type !== 'rsa' || bits < MINIMUM_BITS) {
      const found = type === 'rsa' ? `one of ${bits} bits` : `a key of type ${type}`;
      report('INVALID_KEY', [...path, 'key'], `expected an RSA key of ${MINIMUM_BITS} bits or more, found ${found}`);
    }
  }
  if (certificate === undefined) return undefined;
  const expires = certificate.validToDate.getTime();
  warnOfExpiry(expires, [...path, 'cert'], report);
  return cert === undefined || key === undefined ? undefined : { cert, key, expires };
}

/** No error: a gateway whose certificate has ended still starts and serves the sessions that it has. */
function warnOfExpiry(expires: number, path: Path, report: Report): void {
  const expiry = expiryOf(expires, Date.now());
  if (expiry === 'good') return;
  const date = new Date(expires).toISOString().slice(0, 10);
  const message =
    expiry === 'ended'
      ? `the certificate ended on ${date}: nobody can sign in with it`
      : `the certificate ends on ${date}: nobody can sign in afterwards unless another one is registered`;
  report('CREDENTIAL_EXPIRES', path, message);
}

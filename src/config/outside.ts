import { locateAuditFile } from './audit-file.ts';
import type { Credential, ListenerTls, Logo } from './config.ts';
import { readCredential } from './credentials.ts';
import { type Draft, entries } from './draft.ts';
import type { Report } from './findings.ts';
import { readListenerTls } from './listener-tls.ts';
import type { Path } from './location.ts';
import { readLogo } from './logo.ts';
import { parsePrivateKey, readCa, readKeyPair } from './pem.ts';
import { type RedisOutside, readRedis } from './redis.ts';
import type { Secret, Settings, UpstreamSettings } from './schema/index.ts';
import { readSecretAt, type Surroundings } from './secrets.ts';

/** PEM texts. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What the settings point at: secrets and files, read and examined. Without what could not be read or is wrong. */
export interface Outside {
  readonly sessionSecrets: readonly Buffer[];
  /** By the index of the connection. */
  readonly credentials: ReadonlyMap<number, Credential>;
  readonly redis: RedisOutside;
  readonly assertionKey?: string;
  readonly logo?: Logo;
  readonly listenerTls?: ListenerTls;
  /** Absolute. */
  readonly auditFile?: string;
  readonly haloTls: TlsMaterial;
  /** By the index of the portal. */
  readonly portalTls: ReadonlyMap<number, TlsMaterial>;
}

const minimumSecretBytes = 32;

export function readOutside(settings: Draft<Settings>, surroundings: Surroundings, report: Report): Outside {
  const secret = (value: Draft<Secret> | undefined, path: Path) => readSecretAt(value, path, surroundings, report);
  const material = (upstream: Draft<UpstreamSettings> | undefined, path: Path) =>
    readTlsMaterial(upstream, path, surroundings, report);

  const credentials = new Map<number, Credential>();
  for (const { value: connection, path, index } of entries(settings.connections, ['connections'])) {
    const credential = readCredential(connection.credential, [...path, 'credential'], surroundings, report);
    if (credential !== undefined) credentials.set(index, credential);
  }
  const portalTls = new Map<number, TlsMaterial>();
  for (const { value: portal, path, index } of entries(settings.portals, ['portals'])) {
    portalTls.set(index, material(portal.upstream, [...path, 'upstream']));
  }
  const sessionSecrets: Buffer[] = [];
  for (const { value, path } of sessionSecretsOf(settings)) {
    const bytes = decodeSessionSecret(secret(value, path), path, report);
    if (bytes !== undefined) sessionSecrets.push(bytes);
  }
  const assertion = settings.identity?.assertion === false ? undefined : settings.identity?.assertion;
  const assertionPath = ['identity', 'assertion', 'key'];
  const assertionKey = secret(assertion?.key, assertionPath);
  if (assertionKey !== undefined && !isP256(assertionKey)) {
    report('INVALID_KEY', assertionPath, 'expected the PEM (PKCS#8, "BEGIN PRIVATE KEY") of an EC P-256 private key');
  }
  const logo = readLogo(settings.pages?.logo, ['pages', 'logo'], surroundings, report);
  const listenerTls = readListenerTls(settings.tls, ['tls'], surroundings, report);
  const auditFile = locateAuditFile(settings.audit?.file, ['audit', 'file'], surroundings, report);
  return {
    sessionSecrets,
    credentials,
    redis: readRedis(settings.session?.redis, surroundings, report),
    ...(assertionKey === undefined ? {} : { assertionKey }),
    ...(logo === undefined ? {} : { logo }),
    ...(listenerTls === undefined ? {} : { listenerTls }),
    ...(auditFile === undefined ? {} : { auditFile }),
    haloTls: material(settings.halo?.upstream, ['halo', 'upstream']),
    portalTls,
  };
}

function sessionSecretsOf(settings: Draft<Settings>): { value: Draft<Secret>; path: Path }[] {
  const value = settings.session?.secret;
  const path = ['session', 'secret'];
  if (value === undefined) return [];
  return isList(value) ? entries(value, path) : [{ value, path }];
}

function isList<T>(value: T | readonly (T | undefined)[]): value is readonly (T | undefined)[] {
  return Array.isArray(value);
}

function decodeSessionSecret(text: string | undefined, path: Path, report: Report): Buffer | undefined {
  if (text === undefined) return undefined;
  const advice = '`openssl rand -base64 32` makes one';
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) {
    report('SECRET_NOT_BASE64', path, `the secret is not base64; ${advice}`);
    return undefined;
  }
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length >= minimumSecretBytes) return bytes;
  report(
    'SECRET_TOO_SHORT',
    path,
    `expected ${minimumSecretBytes} bytes or more in base64, this decodes to ${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'}; ${advice}`,
  );
  return undefined;
}

function isP256(pem: string): boolean {
  const key = parsePrivateKey(pem);
  return /-----BEGIN PRIVATE KEY-----/.test(pem) && key?.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

function readTlsMaterial(
  upstream: Draft<UpstreamSettings> | undefined,
  path: Path,
  surroundings: Surroundings,
  report: Report,
): TlsMaterial {
  if (upstream === undefined || typeof upstream === 'string') return {};
  const ca = readCa(upstream.ca, [...path, 'ca'], surroundings, report);
  const { cert, key } = readKeyPair(upstream, path, surroundings, report);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

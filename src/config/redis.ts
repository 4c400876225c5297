import type { EntraIdentity, RedisNode, RedisTls } from './config.ts';
import { type Draft, present } from './draft.ts';
import { readFederatedToken } from './federated-token.ts';
import type { Report } from './findings.ts';
import { readCa, readKeyPair } from './pem.ts';
import type { Settings } from './schema/index.ts';
import { readSecretAt, type Surroundings } from './secrets.ts';

type RedisDraft = NonNullable<NonNullable<Draft<Settings>['session']>['redis']>;

const PATH = ['session', 'redis'];
const DEFAULT_AUTHORITY = 'https://login.microsoftonline.com';

/** What the settings of Redis point at, read and examined. Without what could not be read or is wrong. */
export interface RedisOutside {
  readonly url?: string;
  readonly password?: string;
  readonly tls?: RedisTls;
  readonly entra?: EntraIdentity;
}

export function readRedis(redis: RedisDraft | undefined, surroundings: Surroundings, report: Report): RedisOutside {
  if (redis === undefined) return {};
  const url = readSecretAt(redis.url, [...PATH, 'url'], surroundings, report);
  const password = readSecretAt(redis.password, [...PATH, 'password'], surroundings, report);
  if (url !== undefined) checkUrl(url, redis, report);
  const tls = readTls(redis.tls, surroundings, report);
  if (redis.entra === true && (redis.url === undefined || url !== undefined)) checkWayOfTokens(url, redis, report);
  const entra = redis.entra === true ? readIdentity(surroundings, report) : undefined;
  return {
    ...(url === undefined ? {} : { url }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
    ...(entra === undefined ? {} : { entra }),
  };
}

/** The parts of `host:port`, as the schema has let it pass. The host is without brackets. */
export function parseNode(text: string): RedisNode {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

/** A Redis address may carry a password, so nothing of it is quoted. */
function checkUrl(text: string, redis: RedisDraft, report: Report): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const wellFormed =
    url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^(\/[0-9]*)?$/.test(url.pathname);
  if (!wellFormed || url.search !== '' || url.hash !== '') {
    report('INVALID_URL', [...PATH, 'url'], 'expected redis://host:port, with a database number after it if any');
    return;
  }
  if (!isDecodable(url.username) || !isDecodable(url.password)) {
    report(
      'INVALID_URL',
      [...PATH, 'url'],
      'user and password are percent-encoded in a URL; write a "%" of theirs as %25',
    );
  }
  for (const key of ['username', 'password'] as const) {
    if (url[key] !== '' && redis[key] !== undefined) {
      report('SECRET_TWICE', [...PATH, key], `"url" carries a ${key} as well; give it once`, 'key');
    }
  }
  if (redis.entra === true && (url.username !== '' || url.password !== '')) {
    report(
      'SECRET_TWICE',
      [...PATH, 'url'],
      '"entra" signs in with tokens; "url" must carry neither user nor password',
    );
  }
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A token in plain text is anybody's. */
function checkWayOfTokens(url: string | undefined, redis: RedisDraft, report: Report): void {
  if (redis.tls !== undefined || /^rediss:/i.test(url ?? '')) return;
  const hosts = url === undefined ? present(redis.cluster).map(node => parseNode(node).host) : [hostOf(url)];
  if (hosts.every(isLoopback)) return;
  report(
    'MISSING_KEY',
    [...PATH, 'tls'],
    'is required: "entra" sends tokens, and they need TLS (or a rediss: "url")',
    'key',
  );
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? '';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

function readTls(tls: RedisDraft['tls'], surroundings: Surroundings, report: Report): RedisTls | undefined {
  if (tls === undefined) return undefined;
  const path = [...PATH, 'tls'];
  const ca = readCa(tls.ca, [...path, 'ca'], surroundings, report);
  const { cert, key } = readKeyPair(tls, path, surroundings, report);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(tls.servername === undefined ? {} : { servername: tls.servername }),
  };
}

/** From the variables that Azure Workload Identity sets. */
function readIdentity(surroundings: Surroundings, report: Report): EntraIdentity | undefined {
  if (surroundings.static) return undefined;
  const path = [...PATH, 'entra'];
  const { env } = surroundings;
  const variable = (name: string) => {
    const value = env[name] ?? '';
    if (value === '') report('SECRET_MISSING', path, `the environment variable ${name} is not set`);
    return value;
  };
  const [clientId, tenant] = [variable('AZURE_CLIENT_ID'), variable('AZURE_TENANT_ID')];
  const { problem } = readFederatedToken(env);
  if (problem !== undefined) report('SECRET_MISSING', path, problem);
  const authority = URL.parse(env.AZURE_AUTHORITY_HOST || DEFAULT_AUTHORITY);
  const secure =
    authority?.protocol === 'https:' || (authority?.protocol === 'http:' && isLoopback(authority.hostname));
  if (!authority || !secure) {
    report('INSECURE_URL', path, 'the environment variable AZURE_AUTHORITY_HOST is no https:// address');
    return undefined;
  }
  const directory = `${authority.pathname.replace(/\/$/, '')}/${encodeURIComponent(tenant)}`;
  return { tokenEndpoint: new URL(`${directory}/oauth2/v2.0/token`, authority).href, clientId };
}

import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { Connection } from '../config/index.ts';
import type { SignInRecorder } from '../ops/index.ts';
import { SignInError } from './errors.ts';
import type { Provider } from './provider.ts';
import { recordedFetch } from './recorded-fetch.ts';

/** A logout token that counts: whose sessions are to end. */
export type LogoutToken = {
  readonly issuer: string;
  readonly jti: string;
} & ({ readonly sid: string; readonly sub?: string } | { readonly sid?: undefined; readonly sub: string });

/** A logout token that does not count, and why. */
export class LogoutTokenError extends Error {
  override name = 'LogoutTokenError';
}

/** The member of `events` that makes a token a logout token (OpenID Connect Back-Channel Logout section 2.4). */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Signatures by the provider's own keys alone: a shared secret would let every client of the provider speak for it. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE = '30s';
const MAX_AGE = '5m';
/** How long the provider's keys may take, in milliseconds. */
const KEYS_TIMEOUT = 5000;
/** How soon the keys are asked for again, for a key that is not among them or because they could not be had, in milliseconds. */
const KEYS_PAUSE = 60_000;

/**
 * Reads logout tokens.
 * @param connections whose providers may send one; Entra sends none
 * @param recorder told how they answer
 * @returns reads one; throws LogoutTokenError for one that does not count, SignInError `PROVIDER_UNREACHABLE` where that cannot be known
 */
export function createLogoutTokens(
  connections: readonly Connection[],
  provider: (connection: Connection) => Provider,
  recorder?: Pick<SignInRecorder, 'providerAnswered'>,
): (token: string) => Promise<LogoutToken> {
  const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();
  const pausedUntil = new Map<string, number>();

  async function keysOf(connection: Connection) {
    const uri = await provider(connection).keysUri();
    const keys =
      keySets.get(uri) ??
      createRemoteJWKSet(new URL(uri), {
        timeoutDuration: KEYS_TIMEOUT,
        cooldownDuration: KEYS_PAUSE,
        [customFetch]: recordedFetch(recorder, connection.name, 'keys'),
      });
    keySets.set(uri, keys);
    return keys;
  }

  async function verify(token: string, connection: Connection, options: JWTVerifyOptions) {
    return jwtVerify(token, await keysOf(connection), options);
  }

  return async token => {
    const { iss, aud } = peek(token);
    const audiences = [aud ?? []].flat();
    const connection = connections.find(
      ({ provider, issuer, clientId }) => provider === 'oidc' && issuer === iss && audiences.includes(clientId),
    );
    if (!connection) throw new LogoutTokenError('of no connection');
    const { issuer, clientId } = connection;
    const options = {
      issuer,
      audience: clientId,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE,
      maxTokenAge: MAX_AGE,
      requiredClaims: ['jti', 'events'],
    };
    // Anybody can send tokens: what they say of themselves must not have the provider asked as often.
    if (Date.now() < (pausedUntil.get(issuer) ?? 0)) throw keysMissing();
    const { payload } = await verify(token, connection, options).catch((error: unknown) => {
      const fault = faultOf(error);
      if (fault !== undefined) throw new LogoutTokenError(fault);
      pausedUntil.set(issuer, Date.now() + KEYS_PAUSE);
      throw keysMissing(error);
    });
    return readPayload(issuer, payload);
  };
}

/** What it says of itself; nothing of it is believed yet. */
function peek(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw new LogoutTokenError('no JWT');
  }
}

/** What is wrong with the token; undefined where that is not known, because the keys could not be had or are none. */
function faultOf(error: unknown): string | undefined {
  if (!(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC') return undefined;
  return error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid ? undefined : error.code;
}

function keysMissing(cause?: unknown): SignInError {
  return new SignInError('PROVIDER_UNREACHABLE', { why: 'the keys cannot be had' }, { cause });
}

function readPayload(issuer: string, { jti, sid, sub, nonce, events }: JWTPayload): LogoutToken {
  if (nonce !== undefined) throw new LogoutTokenError('it has a nonce, as an ID token');
  const event = typeof events === 'object' && events !== null ? Reflect.get(events, EVENT) : undefined;
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    throw new LogoutTokenError('no logout event');
  if (!isText(jti)) throw new LogoutTokenError('no jti');
  if (sid !== undefined && !isText(sid)) throw new LogoutTokenError('sid is no text');
  if (sub !== undefined && !isText(sub)) throw new LogoutTokenError('sub is no text');
  if (sid !== undefined) return { issuer, jti, sid, ...(sub === undefined ? {} : { sub }) };
  if (sub !== undefined) return { issuer, jti, sub };
  throw new LogoutTokenError('neither sid nor sub');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

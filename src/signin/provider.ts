import { AsyncLocalStorage } from 'node:async_hooks';
import * as oidc from 'openid-client';
import type { Connection } from '../config/index.ts';
import type { ProviderTokens } from '../sessions/index.ts';
import type { RawClaims } from './claim-values.ts';
import { createClientAuthentication } from './credentials.ts';
import { providerFailure, SignInError } from './errors.ts';
import { checkTokenIssuer, discoverTenants, templateIssuer } from './issuer.ts';
import { systemPace, within } from './pace.ts';
import type { ProviderFetch } from './recorded-fetch.ts';

/** How long a discovery document is used before it is asked for again, in milliseconds. */
const DISCOVERY_MAX_AGE = 60 * 60 * 1000;
/** How long an old document goes on being used after the provider could not be asked for a new one, in milliseconds. */
const DISCOVERY_RETRY = 60 * 1000;
/** How long signing out waits for the provider's metadata, in milliseconds. */
const SIGN_OUT_TIME = 2000;
/** How long the provider may take to answer, in seconds. */
const PROVIDER_TIMEOUT = 10;

/** The provider's side of a connection. */
export interface Provider {
  /**
   * The authorization endpoint with `client_id` and the parameters given (OpenID Connect Core section 3.1.2.1).
   * @throws SignInError `PROVIDER_UNREACHABLE`
   */
  authorizationUrl(parameters: Readonly<Record<string, string>>): Promise<URL>;
  /**
   * Redeems the code of an authorization response and verifies the ID token that comes back.
   * @param response the configured redirect URI with the parameters of the response
   * @throws SignInError
   */
  redeem(response: URL, checks: RedeemChecks): Promise<ProviderAnswer & { readonly claims: RawClaims }>;
  /**
   * Asks again with a refresh token (RFC 6749 section 6) and verifies the ID token, if one comes back.
   * @param tokens of the last answer; what the new one leaves out goes on
   * @param rotated told the refresh token that takes the old one's place before anything of the answer is judged: the old one may be
   *   good no more, whatever is wrong with the rest
   * @throws SignInError
   */
  refresh(tokens: ProviderTokens, rotated: (refreshToken: string) => void): Promise<ProviderAnswer>;
  /**
   * Where to end the provider's own session (OpenID Connect RP-Initiated Logout section 2); undefined where the provider has no
   * such endpoint or cannot be asked: signing out of the gateway does not depend on it.
   */
  endSessionUrl(parameters: Readonly<Record<string, string>>): Promise<URL | undefined>;
  /** Where the provider's keys are (RFC 7517 section 5). @throws SignInError `PROVIDER_UNREACHABLE`, `PROVIDER_ERROR` */
  keysUri(): Promise<string>;
}

/** What the token endpoint gave. */
export interface ProviderAnswer {
  /** Of the ID token, verified; left out where none came. */
  readonly claims?: RawClaims;
  readonly tokens: ProviderTokens;
  /** For Graph, now; nobody keeps it. */
  readonly accessToken: string;
}

export interface RedeemChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/**
 * @param fetch asks the provider
 * @returns the provider of a connection; nothing is asked of it before it is needed
 */
export function createProvider(connection: Connection, fetch: ProviderFetch = globalThis.fetch): Provider {
  const discover = discovery(connection, fetch);
  return {
    async authorizationUrl(parameters) {
      const configuration = await discover();
      const url = attempt(() => oidc.buildAuthorizationUrl(configuration, { ...parameters }));
      if (!url || !isWeb(url))
        throw new SignInError('PROVIDER_ERROR', { why: 'the authorization endpoint is no web address' });
      return url;
    },
    async redeem(response, checks) {
      const configuration = await discover();
      const multi = connection.tenantType === 'multi';
      const received = multi ? templateIssuer(connection, response) : { response, named: null };
      const answer = await oidc
        .authorizationCodeGrant(configuration, received.response, {
          expectedState: checks.state,
          expectedNonce: checks.nonce,
          pkceCodeVerifier: checks.codeVerifier,
          idTokenExpected: true,
        })
        .catch(failed);
      const claims = answer.claims();
      if (!claims || !answer.id_token) throw new SignInError('TOKEN_INVALID', { why: 'no ID token' });
      if (multi) checkTokenIssuer(configuration, received.named, { idToken: answer.id_token, claims });
      return {
        claims,
        accessToken: answer.access_token,
        tokens: {
          idToken: answer.id_token,
          ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
        },
      };
    },
    async refresh({ idToken, refreshToken = '' }, rotated) {
      const configuration = await discover();
      const answer = await rotation
        .run(rotated, () => oidc.refreshTokenGrant(configuration, refreshToken))
        .catch(failed);
      const claims = answer.claims();
      if (connection.tenantType === 'multi' && claims && answer.id_token)
        checkTokenIssuer(configuration, null, { idToken: answer.id_token, claims });
      return {
        ...(claims ? { claims } : {}),
        accessToken: answer.access_token,
        tokens: { idToken: answer.id_token ?? idToken, refreshToken: answer.refresh_token ?? refreshToken },
      };
    },
    async endSessionUrl(parameters) {
      const configuration = await within(systemPace, SIGN_OUT_TIME, discover()).catch(() => undefined);
      if (!configuration?.serverMetadata().end_session_endpoint) return undefined;
      const url = attempt(() => oidc.buildEndSessionUrl(configuration, { ...parameters }));
      return url && isWeb(url) ? url : undefined;
    },
    async keysUri() {
      const { jwks_uri: uri } = (await discover()).serverMetadata();
      if (!uri || !URL.canParse(uri) || (!isHttp(connection.issuer) && isHttp(uri)))
        throw new SignInError('PROVIDER_ERROR', { why: 'the address of the keys is none' });
      return uri;
    },
  };
}

/** Who is to be told of a refresh token that comes: the library judges the whole answer before it gives any of it away. */
const rotation = new AsyncLocalStorage<(refreshToken: string) => void>();

async function tellRotation(answer: Response): Promise<void> {
  const rotated = rotation.getStore();
  if (!rotated || !answer.ok) return;
  const body: unknown = await answer.json().catch(() => undefined);
  const token = typeof body === 'object' && body !== null ? Reflect.get(body, 'refresh_token') : undefined;
  if (typeof token === 'string' && token !== '') rotated(token);
}

/** Asked for when it is first needed, by one request for all that wait, again after a failure and when it has grown old. */
function discovery(connection: Connection, fetch: ProviderFetch): () => Promise<oidc.Configuration> {
  let known: { configuration: oidc.Configuration; until: number } | undefined;
  let pending: Promise<oidc.Configuration> | undefined;

  async function ask(): Promise<oidc.Configuration> {
    try {
      const authentication = createClientAuthentication(connection);
      const options = {
        timeout: PROVIDER_TIMEOUT,
        // Without this the signature of an ID token from the token endpoint is not verified.
        execute: [oidc.enableNonRepudiationChecks, ...(isHttp(connection.issuer) ? [oidc.allowInsecureRequests] : [])],
        [oidc.customFetch]: async (url: string, { body, ...request }: oidc.CustomFetchOptions) => {
          const answer = await fetch(url, { ...request, body: body ?? null });
          if (request.method === 'POST') await tellRotation(answer.clone());
          return answer;
        },
      };
      const configuration = await (connection.tenantType === 'multi'
        ? discoverTenants(connection, authentication, options)
        : oidc.discovery(new URL(connection.issuer), connection.clientId, undefined, authentication, options));
      known = { configuration, until: Date.now() + DISCOVERY_MAX_AGE };
      return configuration;
    } catch (error) {
      if (known) {
        known = { ...known, until: Date.now() + DISCOVERY_RETRY };
        return known.configuration;
      }
      if (error instanceof SignInError) throw error;
      throw new SignInError('PROVIDER_UNREACHABLE', { why: reasonOf(error) }, { cause: error });
    } finally {
      pending = undefined;
    }
  }

  return async () => {
    if (known && Date.now() < known.until) return known.configuration;
    pending ??= ask();
    return pending;
  };
}

/** The settings allow http for loopback addresses alone. */
export function isHttp(issuer: string): boolean {
  return new URL(issuer).protocol === 'http:';
}

/** What the library throws, as what it means to the person who waits. */
export function failed(error: unknown): never {
  // The credential could not be had; the library wraps what it does not know.
  if (error instanceof oidc.ClientError && error.cause instanceof SignInError) throw error.cause;
  if (error instanceof oidc.ResponseBodyError) {
    if (error.status >= 500 || error.status === 429) {
      throw new SignInError(
        'PROVIDER_UNREACHABLE',
        { why: `token endpoint answered ${error.status}` },
        { cause: error },
      );
    }
    throw providerFailure(error.error, error.error_description);
  }
  if (error instanceof oidc.AuthorizationResponseError) throw providerFailure(error.error, error.error_description);
  // RFC 6749 lets a token endpoint refuse a client with a challenge in place of a body.
  if (error instanceof oidc.WWWAuthenticateChallengeError) {
    throw new SignInError(
      'SIGN_IN_MISCONFIGURED',
      { why: 'token endpoint asked for other credentials' },
      { cause: error },
    );
  }
  if (isResponseFault(error)) throw new SignInError('CALLBACK_INVALID', { why: reasonOf(error) }, { cause: error });
  if (isOutage(error)) throw new SignInError('PROVIDER_UNREACHABLE', { why: reasonOf(error) }, { cause: error });
  throw new SignInError('TOKEN_INVALID', { why: reasonOf(error) }, { cause: error });
}

/** The fault lies with the parameters that came to the callback, such as another issuer's `iss` (RFC 9207), not with a token. */
function isResponseFault(error: unknown): boolean {
  if (!(error instanceof oidc.ClientError) || !(error.cause instanceof Error)) return false;
  const { cause } = error.cause;
  return typeof cause === 'object' && cause !== null && 'parameters' in cause;
}

/** A failed connection is a bare TypeError of fetch; a late or useless answer carries one of these codes. */
function isOutage(error: unknown): boolean {
  if (error instanceof oidc.ClientError) {
    return ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'].includes(
      error.code ?? '',
    );
  }
  return error instanceof TypeError;
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : undefined;
  return [('code' in error && error.code) || error.name, cause].filter(Boolean).join(' ');
}

/** What a provider says of itself may be no address at all. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:';
}

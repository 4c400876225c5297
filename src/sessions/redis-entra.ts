import { type EntraIdentity, readFederatedToken } from '../config/index.ts';

/** What a token for Azure's Redis is asked for. */
const SCOPE = 'https://redis.azure.com/.default';
const TIMEOUT = 10_000;

/** An access token; a secret. */
interface RedisToken {
  readonly text: string;
  /** Milliseconds. */
  readonly lifetime: number;
  /** The object id of whom it names; empty where it says none. */
  readonly oid: string;
}

/** There is no token; the code says why and holds no secret. */
class TokenError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`No token (${code}).`);
    this.code = code;
  }
}

/**
 * Exchanges the token by which the cluster vouches for this process (Azure Workload Identity) for one that Redis takes (OAuth 2.0
 * client credentials, RFC 6749 section 4.4, with a client assertion, RFC 7523 section 2.2).
 * @param timeout milliseconds until the answer is there, whole
 * @throws whatever {@link reasonOf} knows to name
 */
export async function requestRedisToken(
  { tokenEndpoint, clientId }: EntraIdentity,
  timeout = TIMEOUT,
): Promise<RedisToken> {
  const { value: assertion } = readFederatedToken(process.env);
  if (assertion === undefined) throw new TokenError('FEDERATED_TOKEN');
  const answer = await fetch(tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      scope: SCOPE,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  });
  const body = parse(await answer.text());
  const { access_token: text, expires_in: seconds, error, error_codes: codes } = isRecord(body) ? body : {};
  if (!answer.ok || typeof text !== 'string' || text === '' || !(Number(seconds) > 0)) {
    throw new TokenError(refusal(answer.status, error, codes));
  }
  return { text, lifetime: Number(seconds) * 1000, oid: objectId(text) };
}

/** Why there is no token, in a word that is fit to be logged. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if (error instanceof TokenError) return error.code;
  if (error.name === 'TimeoutError') return 'TIMEOUT';
  const { cause } = error;
  return isRecord(cause) && typeof cause.code === 'string' ? cause.code : 'UNREACHABLE';
}

/** The provider's own code (RFC 6749 section 5.2) and its number for it; nothing that it says in words. */
function refusal(status: number, error: unknown, codes: unknown): string {
  const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : `HTTP ${status}`;
  const number: unknown = Array.isArray(codes) ? codes[0] : undefined;
  return Number.isSafeInteger(number) ? `${code} AADSTS${String(number)}` : code;
}

/** It is not verified: Redis will. */
function objectId(token: string): string {
  const payload = parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return isRecord(payload) && typeof payload.oid === 'string' ? payload.oid : '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto';
import { errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose';
import { EntraError } from './errors.ts';
import type { Call, Client, State } from './state.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Nobody needs an assertion that is good for longer, in seconds. */
const LONGEST = 600;

/** Which client calls the token endpoint. @throws {EntraError} for one that does not prove it. */
export async function authenticate(state: State, call: Call): Promise<Client> {
  const { params } = call;
  const client = state.clients.find(known => known.id === params.get('client_id'));
  if (!client) throw new EntraError('unauthorized_client', 700016);
  const assertion = params.get('client_assertion');
  if (assertion === null) {
    if (!same(params.get('client_secret') ?? '', client.secret)) throw refused(7000215);
    return client;
  }
  if (params.has('client_secret') || params.get('client_assertion_type') !== ASSERTION_TYPE) {
    throw new EntraError('invalid_request', 90014);
  }
  if (client.certificate !== undefined)
    await verifyAssertion(state, call, { ...client, certificate: client.certificate }, assertion);
  else if (!same(assertion, client.federatedToken ?? '')) throw refused(700213);
  return client;
}

/** An assertion that the registered certificate has signed (RFC 7523 section 3), for this endpoint and this once. */
async function verifyAssertion(
  state: State,
  call: Call,
  { id, certificate }: Client & { readonly certificate: string },
  assertion: string,
): Promise<void> {
  const registered = new X509Certificate(certificate);
  const verified = await jwtVerify(assertion, registered.publicKey, {
    algorithms: ['PS256'],
    audience: `${state.url}/${call.tenant}/oauth2/v2.0/token`,
    issuer: id,
    subject: id,
    requiredClaims: ['exp', 'nbf', 'iat', 'jti'],
    currentDate: new Date(state.now() * 1000),
  }).catch((error: unknown) => {
    throw refused(numberOf(error));
  });
  checkHeader(verified.protectedHeader, registered);
  checkOnce(state, verified.payload);
}

function checkHeader(header: JWTHeaderParameters, registered: X509Certificate): void {
  const thumbprint = createHash('sha256').update(registered.raw).digest('base64url');
  if (header['x5t#S256'] !== thumbprint || header.typ !== 'JWT') throw refused(700027);
}

/** Stricter than the real one, which takes an assertion as often as it comes until it ends. */
function checkOnce(state: State, { jti = '', iat = 0, exp = Number.POSITIVE_INFINITY }: JWTPayload): void {
  if (exp - iat > LONGEST) throw refused(700024);
  if (state.assertions.has(jti)) throw refused(50013);
  state.assertions.add(jti);
}

function numberOf(error: unknown): number {
  if (error instanceof errors.JWTExpired) return 700024;
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 700027;
  return { aud: 700023, nbf: 700024 }[error.claim] ?? 700021;
}

function refused(code: number): EntraError {
  return new EntraError('invalid_client', code, 401);
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return a !== '' && timingSafeEqual(digest(a), digest(b));
}

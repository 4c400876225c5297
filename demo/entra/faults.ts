import { CONSUMER_TENANT, ELSEWHERE } from './people.ts';

export type Endpoint = 'discovery' | 'keys' | 'authorize' | 'adminconsent' | 'token' | 'logout';
export type Claims = Record<string, unknown>;

/** How an ID token is signed when it is not signed as it should be. */
export type WrongSignature =
  | 'none'
  | 'hs256-public-key'
  | 'hs256-client-secret'
  | 'wrong-key'
  | 'unknown-kid'
  | 'key-of-consumers';

/** An answer that is given in place of the proper one. */
export type WrongAnswer =
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'slow' }
  | { readonly kind: 'rubbish' }
  | { readonly kind: 'error'; readonly status: number; readonly error: string; readonly code: number };

export type Fault =
  | { readonly at: Endpoint | 'everywhere'; readonly answer: WrongAnswer }
  | { readonly sign: WrongSignature }
  | { readonly claims: (about: { readonly now: number; readonly url: string; readonly clientId: string }) => Claims }
  | { readonly withhold: 'id_token' | 'refresh_token' };

const HANG_UP: WrongAnswer = { kind: 'hang-up' };
const SLOW: WrongAnswer = { kind: 'slow' };
const RUBBISH: WrongAnswer = { kind: 'rubbish' };
const error = (status: number, error: string, code: number): WrongAnswer => ({ kind: 'error', status, error, code });
const claims = (overrides: Claims): Fault => ({ claims: () => overrides });

const TABLE = {
  down: { at: 'everywhere', answer: HANG_UP },
  'discovery-500': { at: 'discovery', answer: error(500, 'server_error', 90033) },
  'discovery-slow': { at: 'discovery', answer: SLOW },
  'discovery-rubbish': { at: 'discovery', answer: RUBBISH },
  'keys-500': { at: 'keys', answer: error(500, 'server_error', 90033) },
  'keys-rubbish': { at: 'keys', answer: RUBBISH },
  'authorize-500': { at: 'authorize', answer: error(500, 'server_error', 90033) },
  'token-down': { at: 'token', answer: HANG_UP },
  'token-500': { at: 'token', answer: error(500, 'server_error', 90033) },
  'token-429': { at: 'token', answer: error(429, 'temporarily_unavailable', 90055) },
  'token-slow': { at: 'token', answer: SLOW },
  'token-rubbish': { at: 'token', answer: RUBBISH },
  'token-invalid-client': { at: 'token', answer: error(401, 'invalid_client', 7000222) },
  'token-invalid-grant': { at: 'token', answer: error(400, 'invalid_grant', 70008) },
  'token-interaction-required': { at: 'token', answer: error(400, 'interaction_required', 50076) },

  'alg-none': { sign: 'none' },
  'hs256-public-key': { sign: 'hs256-public-key' },
  'hs256-client-secret': { sign: 'hs256-client-secret' },
  'wrong-key': { sign: 'wrong-key' },
  'unknown-kid': { sign: 'unknown-kid' },
  'key-of-consumers': { sign: 'key-of-consumers' },

  'no-id-token': { withhold: 'id_token' },
  'no-refresh-token': { withhold: 'refresh_token' },

  'aud-wrong': claims({ aud: 'eeeeeeee-0000-4000-8000-00000000000e' }),
  'aud-missing': claims({ aud: undefined }),
  'aud-array': { claims: about => ({ aud: [about.clientId, 'eeeeeeee-0000-4000-8000-00000000000e'] }) },
  'iss-wrong': claims({ iss: 'https://sts.attacker.example/v2.0' }),
  'iss-missing': claims({ iss: undefined }),
  'iss-of-another-tenant': { claims: about => ({ iss: `${about.url}/${ELSEWHERE.id}/v2.0` }) },
  expired: { claims: about => ({ iat: about.now - 7200, nbf: about.now - 7200, exp: about.now - 3600 }) },
  'exp-missing': claims({ exp: undefined }),
  'exp-1e300': claims({ exp: 1e300 }),
  'exp-string': claims({ exp: '4102444800' }),
  'nbf-future': { claims: about => ({ nbf: about.now + 3600 }) },
  'iat-missing': claims({ iat: undefined }),
  'iat-future': { claims: about => ({ iat: about.now + 86_400 }) },
  'iat-past': { claims: about => ({ iat: about.now - 86_400 * 30 }) },
  'nonce-missing': claims({ nonce: undefined }),
  'nonce-wrong': claims({ nonce: 'the-nonce-of-somebody-else' }),
  'sub-missing': claims({ sub: undefined }),
  'tid-missing': claims({ tid: undefined }),
  'tid-not-a-guid': claims({ tid: 'example.com' }),
  'tid-of-another-tenant': claims({ tid: ELSEWHERE.id }),
  'tid-of-consumers': claims({ tid: CONSUMER_TENANT }),
  'oid-missing': claims({ oid: undefined }),
  'oid-number': claims({ oid: 1 }),
  'ver-wrong': claims({ ver: '1.0' }),
  'ver-missing': claims({ ver: undefined }),
  'name-object': claims({ name: {} }),
  'name-control-characters': claims({ name: 'Agnes\r\nX-Forwarded-User: admin@example.com' }),
  'username-control-characters': claims({ preferred_username: 'agnes@example.com\nadmin' }),
  'email-array': claims({ email: ['agnes@example.com', 'admin@example.com'] }),
  'groups-string': claims({ groups: '11111111-0000-4000-8000-000000000001' }),
  'groups-nested': claims({ groups: [['11111111-0000-4000-8000-000000000001']] }),
  'groups-overage': claims({ groups: undefined, _claim_names: { groups: 'src1' }, _claim_sources: { src1: {} } }),
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof TABLE;

/** Every fault by name: what the stand-in can be made to do wrong, a line each. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = TABLE;

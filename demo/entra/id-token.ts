import { createHash, createHmac } from 'node:crypto';
import { CompactSign } from 'jose';
import type { Claims, WrongSignature } from './faults.ts';
import { consumersKey, publishedKey, strangeKey } from './keys.ts';
import type { Person } from './people.ts';
import type { Switches } from './switches.ts';

/** What an ID token is made from. */
export interface IdTokenInput {
  readonly person: Person;
  /** The tenant that issues it. */
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly sid: string;
  readonly nonce: string | undefined;
  /** Origin of the stand-in. */
  readonly url: string;
  /** Seconds since the epoch. */
  readonly now: number;
}

// Entra dates a token five minutes back, for relying parties whose clocks are slow.
const DATED_BACK = 300;
const LIFETIME = 3600;

/** More groups than this are not listed in a token. */
const MOST_GROUPS = 200;

/** The opaque value that lets a sign-out name its person: the `login_hint` claim. */
export function loginHintOf(person: Person): string {
  return Buffer.from(`hint:${person.username}`).toString('base64url');
}

/** A signed ID token, spoiled by whatever faults are on. */
export async function idToken(input: IdTokenInput, switches: Switches): Promise<string> {
  let claims = properClaims(input);
  let signature: WrongSignature | undefined;
  for (const fault of switches.active()) {
    if ('claims' in fault) claims = { ...claims, ...fault.claims(input) };
    if ('sign' in fault) signature = fault.sign;
  }
  // JSON leaves out what is undefined: this is how an override deletes a claim.
  return sign(JSON.stringify({ ...claims, ...switches.claims }), signature, input.clientSecret);
}

function properClaims({ person, tenant, clientId, sid, nonce, url, now }: IdTokenInput): Claims {
  const oid = person.oids[tenant];
  const guest = person.home !== tenant;
  return {
    aud: clientId,
    iss: `${url}/${tenant}/v2.0`,
    iat: now - DATED_BACK,
    nbf: now - DATED_BACK,
    exp: now + LIFETIME,
    acct: guest ? 1 : 0,
    email: person.email,
    ...groupClaims(person, `${tenant}/users/${oid}`),
    idp: guest ? `${url}/${person.home}/v2.0` : undefined,
    login_hint: loginHintOf(person),
    name: person.name,
    nonce,
    oid,
    preferred_username: person.username,
    roles: person.roles.length > 0 ? person.roles : undefined,
    sid,
    sub: createHash('sha256').update(`${clientId} ${tenant} ${oid}`).digest('base64url'),
    tid: tenant,
    upn: guest ? `${person.username.replace('@', '_')}#EXT#@example.onmicrosoft.com` : undefined,
    ver: '2.0',
    xms_edov: person.emailDomainVerified,
  };
}

/** The groups; where there are too many, where to ask for them: at an endpoint that has long been switched off. */
function groupClaims({ groups }: Person, user: string): Claims {
  if (groups.length === 0) return {};
  if (groups.length <= MOST_GROUPS) return { groups };
  const endpoint = `https://graph.windows.net/${user}/getMemberObjects`;
  return { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint } } };
}

async function sign(payload: string, wrong: WrongSignature | undefined, clientSecret: string): Promise<string> {
  const published = await publishedKey();
  switch (wrong) {
    case 'none':
      return `${encode({ typ: 'JWT', alg: 'none' })}.${encode(payload)}.`;
    case 'hs256-public-key':
      return hs256(payload, published.kid, published.publicKey.export({ type: 'spki', format: 'pem' }));
    case 'hs256-client-secret':
      return hs256(payload, published.kid, clientSecret);
    case 'wrong-key':
      return rs256(payload, published.kid, (await strangeKey()).privateKey);
    case 'unknown-kid':
      return rs256(payload, 'unknown', published.privateKey);
    case 'key-of-consumers': {
      const { kid, privateKey } = await consumersKey();
      return rs256(payload, kid, privateKey);
    }
    default:
      return rs256(payload, published.kid, published.privateKey);
  }
}

function rs256(payload: string, kid: string, key: Parameters<CompactSign['sign']>[0]): Promise<string> {
  return new CompactSign(Buffer.from(payload)).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid }).sign(key);
}

// By hand, because a library refuses such keys, as it should.
function hs256(payload: string, kid: string, key: string | Buffer): string {
  const signed = `${encode({ typ: 'JWT', alg: 'HS256', kid })}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

function encode(value: object | string): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

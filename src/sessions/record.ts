import type { Person } from '../policy/index.ts';
import type { ProviderTokens, Session } from './session.ts';

// Arrays in a fixed order: each request reads a record, and field names would be a third of it.
const VERSION = 1;

/** What each request reads of a session, but for its id, under which it lies. */
export type SessionRecord = Omit<Session, 'id'>;

/** An entry of the listing of sessions, for an operator. */
export interface SessionListing {
  readonly person: string;
  readonly connection: string;
  /** Milliseconds since the epoch, both. */
  readonly created: number;
  readonly lastSeen: number;
  readonly address: string;
}

export function encodeRecord(record: SessionRecord): Buffer {
  const { connection, created, expires, refreshed, refreshable, sid, loginHint, person } = record;
  const { id, tid, oid, username, email, name, groups, roles, guest } = person;
  return encode([
    connection,
    created,
    expires,
    refreshed,
    refreshable,
    sid ?? null,
    loginHint ?? null,
    [id, tid, oid, username, email, name, groups, roles, guest],
  ]);
}

/** Undefined for a record of another version or shape: it is no session. */
export function decodeRecord(bytes: Buffer): SessionRecord | undefined {
  const fields = decode(bytes, 8);
  if (!fields) return undefined;
  const [connection, created, expires, refreshed, refreshable, sid, loginHint, personFields] = fields;
  const person = decodePerson(personFields);
  if (!isText(connection) || !isTime(created) || !isTime(expires) || !person) return undefined;
  if (!isTime(refreshed) || typeof refreshable !== 'boolean') return undefined;
  if (!isOptionalText(sid) || !isOptionalText(loginHint)) return undefined;
  return {
    connection,
    created,
    expires,
    refreshed,
    refreshable,
    person,
    ...(sid === null ? {} : { sid }),
    ...(loginHint === null ? {} : { loginHint }),
  };
}

export function encodeTokens({ idToken, refreshToken }: ProviderTokens): Buffer {
  return encode([idToken, refreshToken ?? null]);
}

/** Undefined for tokens of another version or shape. */
export function decodeTokens(bytes: Buffer): ProviderTokens | undefined {
  const fields = decode(bytes, 2);
  if (!fields) return undefined;
  const [idToken, refreshToken] = fields;
  if (!isText(idToken) || !isOptionalText(refreshToken)) return undefined;
  return {
    idToken,
    ...(refreshToken === null ? {} : { refreshToken }),
  };
}

export function encodeListing({ person, connection, created, lastSeen, address }: SessionListing): Buffer {
  return encode([person, connection, created, lastSeen, address]);
}

/** Undefined for an entry of another version or shape. */
export function decodeListing(bytes: Buffer): SessionListing | undefined {
  const fields = decode(bytes, 5);
  if (!fields) return undefined;
  const [person, connection, created, lastSeen, address] = fields;
  if (!isText(person) || !isText(connection) || !isTime(created) || !isTime(lastSeen) || !isText(address))
    return undefined;
  return { person, connection, created, lastSeen, address };
}

function decodePerson(fields: unknown): Person | undefined {
  if (!Array.isArray(fields) || fields.length !== 9) return undefined;
  const [id, tid, oid, username, email, name, groups, roles, guest]: unknown[] = fields;
  if (!isText(id) || !isText(tid) || !isText(oid) || !isText(username) || !isText(email) || !isText(name))
    return undefined;
  if (!isTexts(groups) || !isTexts(roles) || typeof guest !== 'boolean' || id === '') return undefined;
  return { id, tid, oid, username, email, name, groups, roles, guest };
}

function encode(fields: readonly unknown[]): Buffer {
  return Buffer.from(JSON.stringify([VERSION, ...fields]));
}

function decode(bytes: Buffer, length: number): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (!Array.isArray(value) || value.length !== length + 1 || value[0] !== VERSION) return undefined;
    return value.slice(1);
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isOptionalText(value: unknown): value is string | null {
  return value === null || isText(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

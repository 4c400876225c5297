import type { Tenant } from '../../config/index.ts';

/** What is known of a partner's customers, as replicas share it. Times are milliseconds since the epoch. */
export interface ListRecord {
  /** How often Graph has been asked: of two records the one with more is the newer. */
  readonly turn: number;
  /** The last list that could be read. */
  readonly list?: { readonly at: number; readonly customers: readonly Tenant[] };
  /** Why the last attempt failed; left out where it did not. */
  readonly failure?: ListFailure;
  /** When Graph is to be asked again. */
  readonly nextAt: number;
}

export interface ListFailure {
  readonly at: number;
  readonly why: string;
  /** How many attempts in a row have failed. */
  readonly count: number;
}

const VERSION = 1;

export function encodeList(record: ListRecord): Buffer {
  return Buffer.from(JSON.stringify({ version: VERSION, ...record }));
}

/** The record that {@link encodeList} wrote; undefined for anything else. */
export function decodeList(bytes: Buffer): ListRecord | undefined {
  try {
    const { version, turn, nextAt, list, failure } = JSON.parse(bytes.toString());
    if (version !== VERSION || !isTime(turn) || !isTime(nextAt)) return undefined;
    if (list !== undefined && !(isTime(list.at) && Array.isArray(list.customers) && list.customers.every(isTenant))) {
      return undefined;
    }
    if (failure !== undefined && !(isTime(failure.at) && typeof failure.why === 'string' && isTime(failure.count))) {
      return undefined;
    }
    return { turn, nextAt, ...(list === undefined ? {} : { list }), ...(failure === undefined ? {} : { failure }) };
  } catch {
    return undefined;
  }
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isTenant(value: unknown): value is Tenant {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('domains' in value)) return false;
  const { id, domains } = value;
  const named = !('name' in value) || typeof value.name === 'string';
  return (
    named && typeof id === 'string' && Array.isArray(domains) && domains.every(domain => typeof domain === 'string')
  );
}

/** Whether a record is newer than another. */
export function isNewer(one: ListRecord, other: ListRecord | undefined): boolean {
  if (other === undefined || one.turn !== other.turn) return one.turn > (other?.turn ?? -1);
  return (one.list?.at ?? 0) > (other.list?.at ?? 0);
}

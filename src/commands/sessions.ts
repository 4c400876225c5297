import type { Config, SessionConfig } from '../config/index.ts';
import { type Audit, createLog, createTelemetry } from '../ops/index.ts';
import { comparableId } from '../policy/index.ts';
import {
  createRedisStore,
  createSealer,
  createSessions,
  type ListedSession,
  type Sessions,
  StoreUnreachableError,
} from '../sessions/index.ts';
import { align } from './columns.ts';
import { type Arguments, UsageError } from './command.ts';
import { BAD_CONFIGURATION } from './exit-status.ts';
import { readConfig } from './settings.ts';
import { type Streams, standardStreams } from './streams.ts';

/** How many sessions are ended at a time. */
const BATCH = 500;

/** By what sessions are named. */
const FILTERS = ['person', 'tenant', 'connection', 'all'] as const;

/** What can be a tenant or a person at all: a GUID; two of them, or the issuer and the subject of another provider. */
const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const TENANT = new RegExp(`^${GUID}$`, 'i');
const PERSON = new RegExp(`^(?:${GUID}\\.${GUID}|https?://[^|]+\\|.+)$`, 'is');

const IN_MEMORY = `halogate: the sessions of these settings are in the memory of the gateway, where no other process can see or end them.
Restart the gateway to end all of them; with "session.redis" in the settings this command works.
`;

/** Which sessions are meant; without any part, all. */
interface Filter {
  readonly person?: string;
  readonly tenant?: string;
  readonly connection?: string;
}

export interface SessionsArguments {
  /** The settings file. */
  readonly config: string;
  readonly action: 'list' | 'revoke';
  /** `person`, `tenant`, `connection`, `all`, `json`. */
  readonly options: Arguments['options'];
}

/**
 * `halogate sessions`: prints the sessions in the store, or ends some of them in every gateway. Ids of sessions are never printed.
 * @returns the exit status: 0, 78 for bad settings, 1 where there is no store that can be asked, and for a connection that is neither in
 * the settings nor in a session
 * @throws UsageError
 */
export async function sessions(args: SessionsArguments, streams: Streams = standardStreams): Promise<number> {
  const filter = readFilter(args);
  const config = await readConfig(args.config, streams);
  if (!config) return BAD_CONFIGURATION;
  const store = openSessions(config.session);
  if (!store) {
    streams.err(IN_MEMORY);
    return 1;
  }
  const json = args.options.json === true;
  try {
    const { count, text } = await (args.action === 'list'
      ? list(store, filter, json)
      : withAudit(config, streams, audit => revoke(store, { filter, json, audit })));
    streams.out(text);
    // One that was struck from the settings may have left sessions; a misspelt one has none.
    if (count > 0 || !isUnknown(filter, config)) return 0;
    streams.err(`halogate: no connection of the settings is named "${printable(filter.connection ?? '')}".\n`);
    return 1;
  } catch (error) {
    if (!(error instanceof StoreUnreachableError)) throw error;
    streams.err(unreachable(error, args.action));
    return 1;
  } finally {
    await store.close();
  }
}

function readFilter({ action, options }: SessionsArguments): Filter {
  const given = FILTERS.filter(name => options[name] !== undefined);
  if (given.length > 1) throw new UsageError(`--${given.join(' and --')} are given; one of them says which sessions`);
  if (given.length === 0 && action === 'revoke')
    throw new UsageError('revoke needs one of --person ID, --tenant ID, --connection NAME and --all');
  const [name] = given;
  if (options.tenant !== undefined && !TENANT.test(String(options.tenant)))
    throw new UsageError(
      '--tenant is the id of a directory, 00000000-0000-0000-0000-000000000000, not a domain or a name',
    );
  if (options.person !== undefined && !PERSON.test(String(options.person)))
    throw new UsageError('--person is {tid}.{oid}, of another provider {iss}|{sub}, as "sessions list" prints it');
  return name === undefined || name === 'all' ? {} : { [name]: String(options[name]) };
}

/** Undefined for sessions that are not in a store. */
function openSessions(config: SessionConfig): Sessions | undefined {
  if (!config.redis) return undefined;
  return createSessions({ store: createRedisStore(config.redis), sealer: createSealer(config.secrets), config });
}

/** Those that are meant, the one seen last first. */
async function matching(store: Sessions, filter: Filter): Promise<readonly ListedSession[]> {
  const found: ListedSession[] = [];
  for await (const session of store.list()) if (isMeant(session, filter)) found.push(session);
  return found.sort((a, b) => b.lastSeen - a.lastSeen);
}

function isMeant(session: ListedSession, { person, tenant, connection }: Filter): boolean {
  if (person !== undefined) return comparableId(session.person) === comparableId(person);
  if (tenant !== undefined) return tenantOf(session.person) === tenant.toLowerCase();
  return connection === undefined || session.connection === connection;
}

/** The tenant of a person of Entra, `{tid}.{oid}`. */
function tenantOf(person: string): string | undefined {
  return /^([0-9a-f-]{36})\.[0-9a-f-]{36}$/.exec(person)?.[1];
}

/** Whether a connection is asked for that the settings do not have. */
function isUnknown({ connection }: Filter, { connections }: Pick<Config, 'connections'>): boolean {
  return connection !== undefined && !connections.some(({ name }) => name === connection);
}

/** What was done, and to how many sessions. */
interface Outcome {
  readonly count: number;
  readonly text: string;
}

async function list(store: Sessions, filter: Filter, json: boolean): Promise<Outcome> {
  const listed = await matching(store, filter);
  return { count: listed.length, text: describe(listed, json) };
}

interface Revocation {
  readonly filter: Filter;
  readonly json: boolean;
  readonly audit: Audit;
}

async function revoke(store: Sessions, { filter, json, audit }: Revocation): Promise<Outcome> {
  const count = await end(store, filter, audit);
  return { count, text: describeCount(count, json) };
}

/** Whoever ends sessions is audited where the gateways are; without a file of theirs, on standard error. */
async function withAudit<T>({ audit }: Config, { err }: Streams, work: (audit: Audit) => Promise<T>): Promise<T> {
  const where = audit.file === undefined ? { stream: { write: err } } : audit;
  const telemetry = await createTelemetry({ audit: where, log: createLog('silent') });
  try {
    return await work(telemetry.audit);
  } finally {
    await telemetry.close();
  }
}

/** @returns how many have ended */
async function end(store: Sessions, filter: Filter, audit: Audit): Promise<number> {
  const found = await matching(store, filter);
  for (let start = 0; start < found.length; start += BATCH) {
    const batch = found.slice(start, start + BATCH);
    await store.revoke(batch.map(({ id }) => id));
    for (const { id: session, person, connection } of batch) {
      audit.record({ action: 'revocation', outcome: 'success', reason: 'operator', person, connection, session });
    }
  }
  if (filter.person === undefined) return found.length;
  // Whoever signs in meanwhile stands in the index first.
  const { count, done } = await store.endPerson(comparableId(filter.person));
  if (!done) throw new StoreUnreachableError('end-person');
  return found.length + count;
}

function describe(listed: readonly ListedSession[], json: boolean): string {
  const rows = listed.map(({ person, connection, created, lastSeen, address }) => ({
    person,
    connection,
    created: new Date(created).toISOString(),
    lastSeen: new Date(lastSeen).toISOString(),
    address,
  }));
  if (json) return `${JSON.stringify(rows, null, 2)}\n`;
  if (rows.length === 0) return 'No sessions.\n';
  const heads = ['PERSON', 'CONNECTION', 'CREATED', 'LAST SEEN', 'ADDRESS'];
  return align([heads, ...rows.map(row => Object.values(row).map(printable))])
    .map(line => `${line}\n`)
    .join('');
}

/** Another provider's subject may hold anything, and this goes to a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}

function describeCount(count: number, json: boolean): string {
  return json
    ? `${JSON.stringify({ revoked: count })}\n`
    : `${count} ${count === 1 ? 'session' : 'sessions'} revoked.\n`;
}

function unreachable({ cause }: StoreUnreachableError, action: SessionsArguments['action']): string {
  const reason = typeof cause === 'string' ? ` (${cause})` : '';
  const left = action === 'revoke' ? 'Sessions may be left: run it again. ' : '';
  return `halogate: the session store cannot be reached${reason}.\n${left}halogate doctor tells what is wrong with "session.redis".\n`;
}

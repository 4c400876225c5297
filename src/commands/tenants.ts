import { type Connection, formatFinding, loadSettings, type Tenant } from '../config/index.ts';
import {
  GraphError,
  type GraphFailure,
  type JudgedTenant,
  judgeTenants,
  readCustomers,
  systemPace,
  type Verdict,
} from '../signin/index.ts';
import { align } from './columns.ts';
import { BAD_CONFIGURATION } from './exit-status.ts';
import { type Streams, standardStreams } from './streams.ts';

/** What is decided on a tenant, and why. */
const DECISIONS: Readonly<Record<Verdict, readonly [decision: string, reason: string]>> = {
  settings: ['admitted by settings', 'stands in "tenants"'],
  csp: ['admitted by csp', 'a customer of the partner'],
  excluded: ['excluded', 'a customer of the partner, stands in "csp.exclude"'],
  'not-included': ['not included', 'a customer of the partner, does not stand in "csp.include"'],
  'no-customer': ['not included', 'stands in "csp.include", but is no customer of the partner'],
};

/** What to do where the customers cannot be read. */
const ADVICE: Readonly<Record<GraphFailure, string>> = {
  PROVIDER_UNREACHABLE: 'Check that this machine reaches the "authority" of the connection, and try again.',
  TOKEN_REFUSED:
    'Check "csp.partnerTenant", "clientId" and "credential": the app registration must be one that the partner tenant knows.',
  GRAPH_UNREACHABLE: 'Check that this machine reaches the "graph" host of the connection, and try again.',
  GRAPH_THROTTLED: 'Too many requests were made. Try again later.',
  GRAPH_REFUSED:
    'Give the app registration the application permission Directory.Read.All for Microsoft Graph, and let an administrator of the partner tenant consent to it.',
  GRAPH_INVALID: 'Check the "graph" host of the connection: what answers there does not behave as Microsoft Graph.',
};

/**
 * `halogate tenants`: prints each tenant of each multi-tenant connection with the decision on it. Asks Graph itself.
 * @param args `config` is the settings file
 * @returns the exit status: 0, 78 for bad settings, 1 where the customers of a connection could not be read
 */
export async function tenants(
  args: { readonly config: string },
  { out, err }: Streams = standardStreams,
): Promise<number> {
  const { config, findings } = await loadSettings(args.config);
  if (!config) {
    for (const finding of findings) err(`${formatFinding(finding)}\n`);
    return BAD_CONFIGURATION;
  }
  const connections = config.connections.filter(({ tenantType }) => tenantType === 'multi');
  if (connections.length === 0) out('No connection is for several tenants.\n');
  let status = 0;
  for (const connection of connections) {
    const customers = await customersOf(connection);
    out(describe(connection, customers));
    if (!(customers instanceof GraphError)) continue;
    err(`halogate: ${connection.name}: ${customers.message}.\n${ADVICE[customers.code]}\n`);
    status = 1;
  }
  return status;
}

/** The customers of a connection, none without `csp`; or why they could not be read. */
async function customersOf(connection: Connection): Promise<readonly Tenant[] | GraphError> {
  if (!connection.csp) return [];
  try {
    return await readCustomers(connection, connection.csp, { pace: systemPace, signal: new AbortController().signal });
  } catch (error) {
    if (error instanceof GraphError) return error;
    throw error;
  }
}

function describe(connection: Connection, customers: readonly Tenant[] | GraphError): string {
  const unknown = customers instanceof GraphError;
  // Without the customers nobody can say who is none.
  const judged = judgeTenants(unknown ? { tenants: connection.tenants } : connection, unknown ? [] : customers);
  const lines = align(judged.map(rowOf)).map(line => `  ${line}\n`);
  const remarks = [
    ...(connection.published ? [] : ['not published: nobody signs in through it']),
    ...(unknown ? ['the customers of the partner are missing here'] : []),
    ...(judged.length === 0 && !unknown ? ['no tenant: nobody may sign in through it'] : []),
  ];
  const title = [connection.name, ...remarks.map(remark => `(${remark})`)].join(' ');
  return `${title}\n${lines.join('')}`;
}

function rowOf({ tenant: { id, name = '-', domains }, verdict }: JudgedTenant): readonly string[] {
  return [id, name, domains.join(', ') || '-', ...DECISIONS[verdict]];
}

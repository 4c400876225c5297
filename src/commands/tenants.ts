import type { Connection, Tenant } from '../config/index.ts';
import {
  GraphError,
  type JudgedTenant,
  judgeTenants,
  readCustomers,
  systemPace,
  type Verdict,
} from '../signin/index.ts';
import { align } from './columns.ts';
import { BAD_CONFIGURATION } from './exit-status.ts';
import { GRAPH_ADVICE } from './graph-advice.ts';
import { readConfig } from './settings.ts';
import { type Streams, standardStreams } from './streams.ts';

/** What is decided on a tenant, and why. */
const DECISIONS: Readonly<Record<Verdict, readonly [decision: string, reason: string]>> = {
  settings: ['admitted by settings', 'stands in "tenants"'],
  csp: ['admitted by csp', 'a customer of the partner'],
  excluded: ['excluded', 'a customer of the partner, stands in "csp.exclude"'],
  'not-included': ['not included', 'a customer of the partner, does not stand in "csp.include"'],
  'no-customer': ['not included', 'stands in "csp.include", but is no customer of the partner'],
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
  const config = await readConfig(args.config, { err });
  if (!config) return BAD_CONFIGURATION;
  const connections = config.connections.filter(({ tenantType }) => tenantType === 'multi');
  if (connections.length === 0) out('No connection is for several tenants.\n');
  let status = 0;
  for (const connection of connections) {
    const customers = await customersOf(connection);
    out(describe(connection, customers));
    if (!(customers instanceof GraphError)) continue;
    err(`halogate: ${connection.name}: ${customers.message}.\n${GRAPH_ADVICE[customers.code]}\n`);
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

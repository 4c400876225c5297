import { type Connection, type CspConfig, comparableDomain, type Tenant } from '../../config/index.ts';
import type { SignInRecorder } from '../../ops/index.ts';
import { GUID } from '../claim-values.ts';
import { askGraph, type GraphAnswer, GraphError, isObject } from '../graph.ts';
import type { Pace } from '../pace.ts';
import { recordedFetch } from '../recorded-fetch.ts';
import { appToken } from './app-token.ts';

/** How long reading the whole list may take, in milliseconds. */
export const READ_TIME = 60_000;
/** More pages than any partner has customers for. */
const MOST_PAGES = 1000;
const LONGEST_NAME = 256;

const DOMAIN = /^(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/;

/** What reading the customers needs beside the settings. */
export interface ReadOptions {
  readonly pace: Pace;
  /** Gives up. */
  readonly signal: AbortSignal;
  /** Told how provider and Graph answer. */
  readonly recorder?: Pick<SignInRecorder, 'providerAnswered'>;
}

/**
 * The partner's customers, as `GET /v1.0/contracts` names them: ids in lower case, each once; their own domain is the contract's default
 * domain. All of them or an error: half a list would shut people out.
 * @throws GraphError
 */
export async function readCustomers(
  connection: Connection,
  csp: CspConfig,
  { pace, signal, recorder }: ReadOptions,
): Promise<readonly Tenant[]> {
  const until = pace.now() + READ_TIME;
  const token = await appToken(connection, csp, signal, recordedFetch(recorder, connection.name));
  const fetch = recordedFetch(recorder, connection.name, 'graph');
  const customers = new Map<string, Tenant>();
  let url: URL | undefined = new URL(`${connection.graph}/v1.0/contracts`);
  for (let page = 0; url !== undefined; page += 1) {
    if (page === MOST_PAGES) throw invalid('pages without end');
    if (pace.now() >= until) throw new GraphError('GRAPH_UNREACHABLE', 'Graph took too long');
    const answer = await askGraph({ url, token, until, signal, fetch }, pace);
    for (const customer of customersOf(answer)) {
      // A customer may have several contracts.
      if (!customers.has(customer.id)) customers.set(customer.id, customer);
    }
    url = nextPage(answer, url.origin);
  }
  // Graph promises no order, and another order is no change.
  return [...customers.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

function customersOf({ value }: GraphAnswer): readonly Tenant[] {
  if (!Array.isArray(value)) throw invalid('no list of contracts');
  return value.map(readContract);
}

function readContract(contract: unknown): Tenant {
  const { customerId, displayName, defaultDomainName } = isObject(contract) ? contract : {};
  const id = typeof customerId === 'string' ? customerId.toLowerCase() : '';
  if (!GUID.test(id)) throw invalid('a contract without the id of a customer');
  const name = typeof displayName === 'string' ? printable(displayName) : '';
  const domain = (typeof defaultDomainName === 'string' && comparableDomain(defaultDomainName)) || '';
  return { id, ...(name === '' ? {} : { name }), domains: DOMAIN.test(domain) ? [domain] : [] };
}

/** Names go onto pages, terminals and into the log. */
function printable(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME);
}

/** The next page's address, which must be Graph's own: the token goes there. */
function nextPage(answer: GraphAnswer, origin: string): URL | undefined {
  const link = answer['@odata.nextLink'];
  if (link === undefined || link === null) return undefined;
  const url = typeof link === 'string' ? URL.parse(link) : null;
  if (!url || url.origin !== origin || url.username !== '' || url.password !== '') {
    throw invalid('a next page that is not on the Graph host');
  }
  return url;
}

function invalid(what: string): GraphError {
  return new GraphError('GRAPH_INVALID', `Graph answered with ${what}`);
}

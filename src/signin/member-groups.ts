import { GUID } from './claim-values.ts';
import { SignInError, type SignInFailure } from './errors.ts';
import { askGraph, type GraphAnswer, GraphError, type GraphFailure } from './graph.ts';
import { type Pace, systemPace } from './pace.ts';
import type { ProviderFetch } from './recorded-fetch.ts';

/** How long a person waits for Graph, in milliseconds; a `Retry-After` beyond it is not waited for. */
const TIME = 10_000;
/** One request, and another one where Graph asks to wait for a moment. */
const ATTEMPTS = 2;
/** What Graph lists at most. */
const MOST = 11_000;

export interface MemberGroupsOptions {
  /** Asks Graph. */
  readonly fetch?: ProviderFetch;
  /** Set by tests, as the time. */
  readonly pace?: Pace;
  /** Milliseconds. */
  readonly time?: number;
}

/**
 * The security groups of the person whose token it is, nested ones included (Microsoft Graph, `getMemberObjects`). All of them, or an
 * error.
 * @param graph origin; where the token itself says to ask is not read
 * @param accessToken delegated, with the permission User.Read
 * @returns ids in lower case
 * @throws SignInError `GROUPS_UNREACHABLE` where Graph does not answer now; `SIGN_IN_MISCONFIGURED` where it refuses the token;
 *   `GROUPS_OVERAGE` where it does not list them all
 */
export async function readMemberGroups(
  graph: string,
  accessToken: string | undefined,
  { pace = systemPace, time = TIME, fetch = globalThis.fetch }: MemberGroupsOptions = {},
): Promise<readonly string[]> {
  if (accessToken === undefined) throw overage('there is no access token to ask Graph with');
  const signal = AbortSignal.timeout(time);
  const answer = await askGraph(
    {
      url: new URL(`${graph}/v1.0/me/getMemberObjects`),
      token: accessToken,
      method: 'POST',
      body: { securityEnabledOnly: true },
      attempts: ATTEMPTS,
      until: pace.now() + time,
      signal,
      fetch,
    },
    pace,
  ).catch((error: unknown) => unanswered(error, signal));
  return groupsOf(answer);
}

/** A permission that is missing is an operator's to give. */
const FAILURES: Readonly<Partial<Record<GraphFailure, SignInFailure>>> = {
  GRAPH_UNREACHABLE: 'GROUPS_UNREACHABLE',
  GRAPH_THROTTLED: 'GROUPS_UNREACHABLE',
  GRAPH_REFUSED: 'SIGN_IN_MISCONFIGURED',
};

function unanswered(error: unknown, { aborted }: AbortSignal): never {
  if (!(error instanceof GraphError)) {
    if (!aborted) throw error;
    throw new SignInError('GROUPS_UNREACHABLE', { why: 'Graph took too long' }, { cause: error });
  }
  throw new SignInError(FAILURES[error.code] ?? 'GROUPS_OVERAGE', { why: error.message }, { cause: error });
}

function groupsOf({ value, '@odata.nextLink': next }: GraphAnswer): readonly string[] {
  if (!Array.isArray(value)) throw overage('Graph answered without a list');
  if (next !== undefined || value.length > MOST) throw overage('Graph listed more groups than can be read');
  return value.map(entry => {
    const id = typeof entry === 'string' ? entry.toLowerCase() : '';
    if (!GUID.test(id)) throw overage('Graph listed something that is not the id of a group');
    return id;
  });
}

function overage(why: string): SignInError {
  return new SignInError('GROUPS_OVERAGE', { why });
}

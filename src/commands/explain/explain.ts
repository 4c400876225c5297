import { type Connection, type Layout, loadSettings } from '../../config/index.ts';
import { compilePolicy, decide, type SignedIn } from '../../policy/index.ts';
import { createLocate, isMisplaced } from '../../portals/index.ts';
import { UsageError } from '../command.ts';
import { BAD_CONFIGURATION } from '../exit-status.ts';
import { printFindings } from '../settings.ts';
import { type Streams, standardStreams } from '../streams.ts';
import { examplePerson, possibleTenants, type Role, whyNobody } from './person.ts';
import { navigationTo, readAddress } from './request.ts';

export interface ExplainArguments {
  /** The settings file. */
  readonly config: string;
  readonly method: string;
  readonly url: string;
  readonly as: 'nobody' | Role;
  /** Through which connection the person signed in; left out: the first that has such a person, published ones before the others. */
  readonly connection?: string;
  readonly json: boolean;
}

/** What is printed, in this order. What no portal is found for has neither portal nor path nor rule. */
interface Explanation {
  readonly portal?: string;
  readonly path?: string;
  readonly rule?: number;
  readonly outcome: string;
  readonly why: string;
}

/** Nobody signs in or is forwarded here: the settings are used without what they point at. */
const NOWHERE = { origin: '' };
const NO_CREDENTIAL = { secret: '' };

/** What is answered to a request that has no place. */
const STATUS = { BAD_TARGET: 400, UNKNOWN_HOST: 421 } as const;

/**
 * `halogate explain`: prints what the gateway would do with a navigation, and why. Reads no secret and asks nobody.
 * @returns the exit status: 0, 78 for bad settings, 1 where nobody can be signed in like that
 * @throws UsageError
 */
export async function explain(args: ExplainArguments, { out, err }: Streams = standardStreams): Promise<number> {
  const address = readAddress(args.url);
  if (!address) throw new UsageError(`"${args.url}" is no address of the form https://host/path`);
  const { layout, findings } = await loadSettings(args.config, { static: true });
  if (!layout) {
    printFindings(findings, err);
    return BAD_CONFIGURATION;
  }
  const connections = layout.connections.map(connection => ({ ...connection, credential: NO_CREDENTIAL }));
  const session = args.as === 'nobody' ? undefined : sessionOf(args.as, chosen(connections, args.connection));
  if (typeof session === 'string') {
    err(`halogate: ${session}\n`);
    return 1;
  }
  const explanation = explained(layout, connections, args.method.toUpperCase(), address, session);
  out(args.json ? `${JSON.stringify(explanation, null, 2)}\n` : lines(explanation));
  return 0;
}

function chosen(connections: readonly Connection[], name: string | undefined): readonly Connection[] {
  if (name === undefined) return connections.toSorted((a, b) => Number(b.published) - Number(a.published));
  const found = connections.filter(connection => connection.name === name);
  if (found.length > 0) return found;
  const names = connections.map(connection => `"${connection.name}"`).join(', ');
  throw new UsageError(`the settings have no connection "${name}"; expected ${names}`);
}

/** Somebody's session, or why there can be none. */
function sessionOf(role: Role, connections: readonly Connection[]): SignedIn | string {
  const admitted = possibleTenants(connections);
  for (const connection of connections) {
    const found = examplePerson(role, connection, admitted);
    if (found) return found;
  }
  return connections.map(connection => whyNobody(role, connection, admitted)).join('\n');
}

function explained(
  layout: Layout,
  connections: readonly Connection[],
  method: string,
  address: { readonly host: string; readonly target: string },
  session: SignedIn | undefined,
): Explanation {
  const portals = layout.portals.map(portal => ({ ...portal, upstream: NOWHERE }));
  const request = navigationTo(createLocate({ portals, halo: layout }), method, address);
  if (isMisplaced(request)) {
    const { refused, why } = request;
    return { outcome: 'refuse', why: answered(why, STATUS[refused], refused) };
  }
  const policy = compilePolicy({ portals, connections, routes: layout.routes }, possibleTenants(connections));
  const { portal, rule, outcome, why, status, code } = decide(policy, request, session);
  const { path, query } = request.place.target;
  return { portal: portal.name, path: path + query, rule, outcome, why: answered(why, status, code) };
}

function answered(why: string, status: number | undefined, code: string | undefined): string {
  return status === undefined ? why : `${why} The answer is ${status} ${code}.`;
}

function lines(explanation: Explanation): string {
  return Object.entries(explanation)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

import { type Config, loadSettingsText, type Portal } from '../../src/config/index.ts';
import {
  type AccessRequest,
  compilePolicy,
  type Decision,
  decide,
  type Person,
  type Policy,
  readTokenRequest,
  type SignedIn,
} from '../../src/policy/index.ts';
import { createLocate, isMisplaced, type Locate, type Misplaced } from '../../src/portals/index.ts';

export const TENANT = 'aaaaaaaa-0000-4000-8000-00000000000a';
export const G1 = '11111111-0000-4000-8000-000000000001';
const OID = 'dddddddd-0000-4000-8000-00000000000a';

/** How a request is sent: see the head of `decisions.yaml`. */
export type Manner = 'navigate' | 'fetch' | 'plain' | 'ws';

const METADATA: Readonly<Record<Manner, Readonly<Record<string, string>>>> = {
  navigate: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' },
  fetch: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' },
  plain: {},
  ws: {},
};

const SETTINGS = {
  version: 1,
  halo: { upstream: 'http://halo.internal' },
  portals: [
    { name: 'agents', kind: 'agent', url: 'https://halo.example.com' },
    { name: 'customers', kind: 'user', url: 'https://halo.example.com/portal' },
  ],
  session: { secret: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' },
};

/** A connection as the settings write it; admits members of G1 to the agent portals and everybody to the user portals. */
export function connectionSettings(differences: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    name: 'default',
    published: true,
    tenant: TENANT,
    clientId: 'client',
    credential: { secret: 'example' },
    allow: 'agents-and-users',
    autoRedirect: true,
    agents: { groups: [G1] },
    ...differences,
  };
}

/** @param differences replace the settings of the same key */
export async function testConfig(differences: Readonly<Record<string, unknown>> = {}): Promise<Config> {
  const settings = { ...SETTINGS, connections: [connectionSettings()], ...differences };
  const { config, findings } = await loadSettingsText(JSON.stringify(settings), { file: 'test.yaml', env: {} });
  if (config === undefined) throw new Error(findings.map(({ message }) => message).join('; '));
  return config;
}

/** A person of the home tenant, through connection `default`; a user unless `differences` say more. */
export function signedIn(differences: Partial<Person> = {}, connection = 'default'): SignedIn {
  const { tid = TENANT, oid = OID } = differences;
  const person = {
    id: `${tid}.${oid}`,
    tid,
    oid,
    username: 'kim@example.com',
    email: 'kim@example.com',
    name: 'Kim',
    groups: [],
    roles: [],
    guest: false,
    ...differences,
  };
  return { connection, person };
}

export function agent(): SignedIn {
  return signedIn({ groups: [G1] });
}

/** A request in words: `GET https://halo.example.com/ticket`, and what comes with it. */
export interface Ask extends Partial<Pick<AccessRequest, 'emergency' | 'signedOut' | 'ourCallback' | 'headers'>> {
  readonly as?: Manner;
  readonly form?: string | undefined;
  readonly body?: string | undefined;
}

/** Portals and policy of one Config, for tests. */
export interface Judge {
  readonly config: Config;
  readonly policy: Policy;
  readonly locate: Locate;
  /** The request as decisions take it. */
  access(request: string, ask?: Ask): AccessRequest | Misplaced;
  /** @throws Error where the request has no place */
  place(request: string, ask?: Ask): AccessRequest;
  decide(request: string, session?: SignedIn, ask?: Ask): Decision;
  portal(name: string): Portal;
}

export function judge(config: Config): Judge {
  const policy = compilePolicy(config);
  const locate = createLocate(config);
  const access: Judge['access'] = (request, ask = {}) => {
    const [, method = '', host = '', target = ''] = /^([A-Z]+) https?:\/\/([^/]+)(.*)$/s.exec(request) ?? [];
    const place = locate(method, target, host);
    if (isMisplaced(place)) return place;
    const form = ask.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const headers = { ...METADATA[ask.as ?? 'plain'], ...form, ...ask.headers };
    const isToken = method === 'POST' && place.route.kind === 'auth' && place.route.rest === 'token';
    const body = Buffer.from(ask.form ?? ask.body ?? '');
    return {
      method,
      place,
      headers,
      websocket: ask.as === 'ws',
      ourCallback: ask.ourCallback ?? false,
      ...(isToken ? { token: readTokenRequest(headers, place.target.query, body, true) } : {}),
      emergency: ask.emergency ?? false,
      signedOut: ask.signedOut ?? false,
    };
  };
  const place: Judge['place'] = (request, ask) => {
    const found = access(request, ask);
    if (isMisplaced(found)) throw new Error(`${request}: ${found.why}`);
    return found;
  };
  return {
    config,
    policy,
    locate,
    access,
    place,
    decide: (request, session, ask) => decide(policy, place(request, ask), session),
    portal: name => {
      const found = config.portals.find(portal => portal.name === name);
      if (found === undefined) throw new Error(`no portal ${name}`);
      return found;
    },
  };
}

/** The judge of the settings with some keys replaced. */
export async function judgeOf(differences?: Readonly<Record<string, unknown>>): Promise<Judge> {
  return judge(await testConfig(differences));
}

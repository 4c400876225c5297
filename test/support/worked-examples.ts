import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Person } from '../../src/policy/index.ts';
import type { World } from './world.ts';

/** A worked example of the decision; what its members mean stands at the head of the file. */
export interface Example {
  readonly settings: string;
  readonly who: 'nobody' | 'agent' | 'user' | 'guest';
  readonly as: 'navigate' | 'fetch' | 'plain' | 'ws';
  readonly headers?: Readonly<Record<string, string>>;
  readonly request: string;
  readonly form?: string;
  readonly body?: string;
  readonly client?: string;
  readonly out: 'forward' | 'identity' | 'sign-in' | number;
  readonly path?: string;
}

interface Fixture {
  readonly G1: string;
  readonly base: Readonly<Record<string, unknown>>;
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly cases: readonly Example[];
}

const text = readFileSync(new URL('../fixtures/decisions.yaml', import.meta.url), 'utf8');
const fixture: Fixture = parse(text, { merge: true });

const METADATA: Readonly<Record<Example['as'], Readonly<Record<string, string>>>> = {
  navigate: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' },
  fetch: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' },
  plain: {},
  ws: {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  },
};

/** The worked examples by the name of their settings, with these as a world takes them. */
export const workedExamples = Object.entries(fixture.settings).map(([name, differences]) => ({
  name,
  settings: { ...settingsOf(differences), trustedProxies: ['127.0.0.1'] },
  examples: fixture.cases.filter(({ settings }) => settings === name),
}));

function settingsOf(differences: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { halo: _, ...base } = { ...fixture.base, ...differences };
  const { authPath } = (differences.halo ?? {}) as { authPath?: string };
  return { ...base, version: 1, ...(authPath ? { authPath } : {}) };
}

/** The parts of an example's request, the target byte for byte. */
export function requestOf({ request }: Example): { readonly method: string; host: string; target: string } {
  const [, method = '', host = '', target = ''] = /^(\S+) https:\/\/([^/]+)(.*)$/.exec(request) ?? [];
  if (host === '') throw new Error(request);
  return { method, host, target };
}

/** The header fields of an example's request beside Host and what frames its body; who asks gets a session. */
export async function fieldsOf(world: World, example: Example): Promise<Readonly<Record<string, string>>> {
  const cookie = await cookieOf(world, example.who);
  return {
    ...METADATA[example.as],
    ...(cookie ? { cookie } : {}),
    ...(example.client ? { 'x-forwarded-for': example.client } : {}),
    ...(example.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...example.headers,
  };
}

/** A session of somebody of the examples. @returns the `Cookie` value */
async function cookieOf({ gateway }: World, who: Example['who']): Promise<string | undefined> {
  if (who === 'nobody') return undefined;
  const tid = 'aaaaaaaa-0000-4000-8000-00000000000a';
  const oid = 'dddddddd-0000-4000-8000-00000000000a';
  const person: Person = {
    id: `${tid}.${oid}`,
    tid,
    oid,
    username: `${who}@example.com`,
    email: `${who}@example.com`,
    name: who,
    groups: who === 'agent' ? [fixture.G1] : [],
    roles: [],
    guest: who === 'guest',
  };
  const { cookie } = await gateway.sessions.create({
    connection: 'default',
    person,
    tokens: { idToken: 'unused' },
    address: '127.0.0.1',
    former: [],
  });
  return `__Host-halogate=${cookie}`;
}

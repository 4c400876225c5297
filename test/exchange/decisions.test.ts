import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import type { SignedIn } from '../../src/policy/index.ts';
import { sendRaw, wholeAnswer } from '../support/raw.ts';
import { startWorld, type World } from '../support/world.ts';

interface Case {
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

type Assertions = Pick<typeof t, 'equal' | 'match' | 'ok'>;

interface Fixture {
  readonly G1: string;
  readonly base: Readonly<Record<string, unknown>>;
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly cases: readonly Case[];
}

const text = readFileSync(new URL('../fixtures/decisions.yaml', import.meta.url), 'utf8');
const fixture: Fixture = parse(text, { merge: true });

const METADATA: Readonly<Record<Case['as'], Readonly<Record<string, string>>>> = {
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

for (const [name, differences] of Object.entries(fixture.settings)) {
  t.test(`the worked examples under the settings "${name}", on the wire`, async t => {
    const world = await startWorld(t, { settings: { ...settingsOf(differences), trustedProxies: ['127.0.0.1'] } });
    for (const example of fixture.cases.filter(({ settings }) => settings === name)) {
      await t.test(`${example.who} ${example.as} ${example.request}`, t => check(t, world, example));
    }
  });
}

function settingsOf(differences: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { halo: _, ...base } = { ...fixture.base, ...differences };
  const { authPath } = (differences.halo ?? {}) as { authPath?: string };
  return { ...base, version: 1, ...(authPath ? { authPath } : {}) };
}

async function check(t: Assertions, world: World, example: Case): Promise<void> {
  world.halo.clear();
  const answer = await sendRaw(world.address, await head(world, example), wholeOrUpgraded);
  const status = answer.statuses.at(-1);
  const arrived = world.halo.received.at(-1);
  if (typeof example.out === 'number') {
    t.equal(status, example.out);
    t.equal(arrived, undefined, 'nothing reached Halo');
    return;
  }
  if (example.out === 'sign-in') {
    t.equal(status, 302);
    t.match(answer.text, /\r\nlocation: \/\.halogate\/sign-in\?return=/i);
    t.equal(arrived, undefined, 'nothing reached Halo');
    return;
  }
  t.ok(arrived, 'it reached Halo');
  const { pathname, search } = new URL(example.request.split(' ')[1] ?? '');
  t.equal(arrived?.target, example.path ?? pathname + search);
  const names = (arrived?.rawHeaders ?? []).filter((_, at) => at % 2 === 0).map(field => field.toLowerCase());
  t.equal(names.includes('x-halo-assertion'), example.out === 'identity');
  t.equal(names.includes('x-halo-object-id'), example.out === 'identity');
}

function wholeOrUpgraded(text: string): boolean {
  return wholeAnswer(text) || text.startsWith('HTTP/1.1 101') || /\r\n0\r\n\r\n$/.test(text);
}

async function head(world: World, example: Case): Promise<string> {
  const [method, url = ''] = example.request.split(' ');
  const [, host = '', target = ''] =
    /^https:\/\/([^/]+)(.*)$/.exec(example.request.slice(example.request.indexOf(' ') + 1)) ?? [];
  if (!url) throw new Error(example.request);
  const body = example.form ?? example.body;
  const cookie = await cookieOf(world, example.who);
  const fields = {
    host,
    ...METADATA[example.as],
    ...(cookie ? { cookie } : {}),
    ...(example.client ? { 'x-forwarded-for': example.client } : {}),
    ...(example.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...example.headers,
  };
  const lines = Object.entries(fields).map(([field, value]) => `${field}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}

async function cookieOf({ gateway }: World, who: Case['who']): Promise<string | undefined> {
  if (who === 'nobody') return undefined;
  const tid = 'aaaaaaaa-0000-4000-8000-00000000000a';
  const oid = 'dddddddd-0000-4000-8000-00000000000a';
  const signedIn: SignedIn = {
    connection: 'default',
    person: {
      id: `${tid}.${oid}`,
      tid,
      oid,
      username: `${who}@example.com`,
      email: `${who}@example.com`,
      name: who,
      groups: who === 'agent' ? [fixture.G1] : [],
      roles: [],
      guest: who === 'guest',
    },
  };
  const { cookie } = await gateway.sessions.create({
    ...signedIn,
    tokens: { idToken: 'unused' },
    address: '127.0.0.1',
    former: [],
  });
  return `__Host-halogate=${cookie}`;
}

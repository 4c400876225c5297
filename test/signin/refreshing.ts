import { setImmediate as turn } from 'node:timers/promises';
import { connectionTo } from '../../demo/connection.ts';
import { type Config, loadSettingsText } from '../../src/config/index.ts';
import type { AuditEvent } from '../../src/ops/index.ts';
import { compilePolicy } from '../../src/policy/index.ts';
import {
  createMemoryStore,
  createSealer,
  createSessions,
  type ProviderTokens,
  type Store,
} from '../../src/sessions/index.ts';
import { createProvider, createRefreshing, type Provider } from '../../src/signin/index.ts';

export const MINUTE = 60_000;
/** Long overdue. */
export const HOURS = 3 * 60 * MINUTE;
export const TID = 'aaaaaaaa-0000-4000-8000-00000000000a';
export const OID = 'dddddddd-0000-4000-8000-00000000000a';
export const G1 = '11111111-0000-4000-8000-000000000001';
export const G2 = '22222222-0000-4000-8000-000000000002';

type Answer = Awaited<ReturnType<Provider['refresh']>>;
type Claims = Readonly<Record<string, unknown>>;

async function settings(session: object = {}): Promise<Config> {
  const text = JSON.stringify({
    version: 1,
    halo: { upstream: 'http://127.0.0.1:9' },
    portals: [{ name: 'agents', kind: 'agent', url: 'https://halo.example.com' }],
    connections: [connectionTo('http://127.0.0.1:9')],
    session: { secret: Buffer.alloc(32, 7).toString('base64'), idle: '12h', ...session },
  });
  const { config } = await loadSettingsText(text, { file: 'test.yaml' });
  if (!config) throw new Error('The settings are wrong.');
  return config;
}

/** Two replicas with one store and one clock, and a provider that answers as a test says. */
export async function start(session?: object) {
  const config = await settings(session);
  const [connection] = config.connections;
  if (!connection) throw new Error('There is no connection.');
  let time = Date.now();
  const now = () => time;
  const sleepers = new Set<{ readonly end: number; readonly wake: () => void }>();
  const sleep = (milliseconds: number, signal?: AbortSignal) =>
    new Promise<void>(resolve => {
      const sleeper = { end: time + milliseconds, wake: resolve };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', () => sleepers.delete(sleeper));
    });
  const memory = createMemoryStore({ now });
  const store: Store = { ...memory };
  const asked: ProviderTokens[] = [];
  const events: AuditEvent[] = [];
  const refreshes: string[] = [];
  const errors: [string, object][] = [];
  const world = {
    groups: [G1] as readonly string[],
    claims: {} as Claims,
    answer: async (tokens: ProviderTokens, _rotated: (refreshToken: string) => void): Promise<Answer> => ({
      claims: {
        ...{ tid: TID, oid: OID, ver: '2.0', name: 'Agnes', preferred_username: 'agnes@example.com' },
        ...{ iat: Math.floor(time / 1000), exp: Math.floor(time / 1000) + 3600, groups: world.groups },
        ...world.claims,
      },
      accessToken: '',
      tokens: { idToken: `after ${tokens.refreshToken}`, refreshToken: `${tokens.refreshToken}+` },
    }),
  };
  const provider: Provider = {
    ...createProvider(connection),
    refresh(tokens, rotated) {
      asked.push(tokens);
      return world.answer(tokens, rotated);
    },
  };
  const open = () =>
    createRefreshing({
      config,
      policy: compilePolicy(config),
      tenantsKnown: async () => {},
      sessions: createSessions({ store, sealer: createSealer(config.session.secrets), config: config.session, now }),
      provider: () => provider,
      audit: { record: event => events.push(event) },
      recorder: { providerAnswered() {}, sessionRefreshed: (_, result) => void refreshes.push(result) },
      log: { warn() {}, error: (details: object, message: string) => void errors.push([message, details]) },
      pace: { now, sleep },
    });
  const [here, there] = [open(), open()];
  const { cookie } = await here.create({
    person: {
      ...{ id: `${TID}.${OID}`, tid: TID, oid: OID, username: 'agnes@example.com', email: '', name: 'Agnes' },
      ...{ groups: [G1, G2], roles: [], guest: false },
    },
    connection: 'default',
    tokens: { idToken: 'first', refreshToken: 'r' },
    address: '',
    former: [],
  });
  const groups = async (at = here) => (await at.read(cookie, ''))?.person.groups;
  return {
    ...{ here, there, world, store, asked, events, refreshes, errors, cookie, groups },
    pass(milliseconds: number) {
      time += milliseconds;
      for (const sleeper of sleepers) {
        if (sleeper.end > time) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}

/** Lets what was begun in the background come to its end. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn();
}

/** Has the provider keep whoever asks waiting. @returns lets it answer */
export function holdAnswers(world: Pick<Awaited<ReturnType<typeof start>>['world'], 'answer'>): () => void {
  const proper = world.answer;
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  world.answer = async (...asked) => {
    await held;
    return proper(...asked);
  };
  return release;
}

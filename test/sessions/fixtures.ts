import { randomBytes } from 'node:crypto';
import type { Person } from '../../src/policy/index.ts';
import { createSealer, createSessions, type NewSession, type Store } from '../../src/sessions/index.ts';

export const TENANT = '11111111-2222-3333-4444-555555555555';
const OBJECT = '99999999-8888-7777-6666-555555555555';

export const ADA: Person = {
  id: `${TENANT}.${OBJECT}`,
  tid: TENANT,
  oid: OBJECT,
  username: 'ada.lovelace@example.com',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  groups: ['aaaaaaaa-0000-0000-0000-000000000001', 'aaaaaaaa-0000-0000-0000-000000000002'],
  roles: ['Halo.Agent'],
  guest: false,
};

/** Somebody of another provider than Entra. */
export function personOf(issuer: string, subject: string): Person {
  return { ...ADA, id: `${issuer}|${subject}`, tid: '', oid: subject };
}

export const TOKENS = {
  idToken: 'id-token-text',
  refreshToken: 'refresh-token-text',
};

export function newSession(change: Partial<NewSession> = {}): NewSession {
  return { person: ADA, connection: 'default', tokens: TOKENS, address: '203.0.113.77', former: [], ...change };
}

export const SECRET = randomBytes(32);

/** A process with its sessions in `store`. */
export function openSessions(
  store: Store,
  options: {
    secrets?: readonly Buffer[];
    idle?: number;
    absolute?: number;
    outageGrace?: number;
    now?: () => number;
    ticks?: () => number;
  } = {},
) {
  const { secrets = [SECRET], idle = 3_600_000, absolute = 43_200_000, outageGrace = 30_000, now, ticks } = options;
  return createSessions({
    store,
    sealer: createSealer(secrets),
    config: { secrets, idle, absolute, outageGrace, refresh: 0, refreshGrace: 0 },
    ...(now ? { now } : {}),
    ...(ticks ? { ticks } : {}),
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { connectionTo, partnersTo } from '../../demo/connection.ts';
import { loadSettingsText } from '../../src/config/index.ts';
import { createProvider } from '../../src/signin/index.ts';
import { connectionToProvider, startCertifiedProvider } from '../support/certified-provider.ts';
import { AGENTS, CUSTOMERS, SESSION_SECRET, startWorld, type World } from '../support/world.ts';

const session = { secret: SESSION_SECRET, refresh: '500ms' };

/** Asks until the answer is what is waited for. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await sleep(50);
  }
}

function refreshes({ entra }: World): number {
  return entra.requestsTo('token').filter(({ params }) => params.grant_type === 'refresh_token').length;
}

t.test('who left the group is turned away, and who comes back is let in, without signing in again', async t => {
  const world = await startWorld(t, { settings: { session } });
  const person = world.browser();
  world.entra.choose('agnes');
  await person.go(`${AGENTS}/ticket`);
  const { groups } = world.entra.people.agnes;
  world.entra.people.agnes.groups = [];
  const turnedAway = await until(
    () => person.ask(`${AGENTS}/ticket`),
    ({ status }) => status !== 200,
  );
  t.equal(turnedAway.status, 403);
  t.match(turnedAway.body, /NOT_ADMITTED/);
  world.entra.people.agnes.groups = groups;
  await until(
    () => person.ask(`${AGENTS}/ticket`),
    ({ status }) => status === 200,
  );
  t.equal(world.entra.requestsTo('authorize').length, 1);
});

t.test('a disabled account ends the session, and an outage of the provider does not', async t => {
  const world = await startWorld(t, { settings: { session } });
  const person = world.browser();
  world.entra.choose('ulrich');
  await person.go(`${CUSTOMERS}/home`);
  world.entra.faults.on('token-500');
  await until(
    async () => {
      t.equal((await person.ask(`${CUSTOMERS}/home`)).status, 200, 'served meanwhile');
      return refreshes(world);
    },
    count => count > 0,
  );
  t.equal((await person.ask(`${CUSTOMERS}/home`)).status, 200);
  world.entra.faults.off('token-500');

  const other = world.browser();
  world.entra.choose('ulrich');
  await other.go(`${CUSTOMERS}/home`);
  world.entra.people.ulrich.disabled = true;
  const ended = await until(
    () => other.ask(`${CUSTOMERS}/home`),
    ({ status }) => status !== 200,
  );
  t.equal(ended.status, 302);
  t.same(ended.setCookies, [], 'no cookie is cleared');
  t.ok(
    world.logs.some(({ event }) => {
      const { action, reason } = (event ?? {}) as { action?: string; reason?: string };
      return action === 'revocation' && reason === 'ACCOUNT_DISABLED';
    }),
  );
});

t.test('a session of a multi-tenant connection is refreshed at its tenant’s issuer', async t => {
  const world = await startWorld(t, {
    settings: { session },
    connections: authority => [{ ...connectionTo(authority), published: false }, partnersTo(authority)],
  });
  const person = world.browser();
  world.entra.choose('ulrich');
  await person.go(`${CUSTOMERS}/home`);
  world.entra.people.ulrich.name = 'Ulrich Renamed';
  await until(
    async () => {
      t.equal((await person.ask(`${CUSTOMERS}/home`)).status, 200);
      return world.halo.received.at(-1)?.header('x-forwarded-name');
    },
    name => name === 'Ulrich Renamed',
  );
  t.ok(refreshes(world) > 0);
});

t.test('a rotated refresh token is told although the answer cannot be verified', async t => {
  const world = await startWorld(t);
  const person = world.browser();
  world.entra.choose('ulrich');
  await person.go(`${CUSTOMERS}/home`);
  const cookie = person.cookies(CUSTOMERS)['__Host-halogate'] ?? '';
  const found = await world.gateway.sessions.peek(cookie);
  const tokens = found && (await world.gateway.sessions.tokens(found, cookie));
  const { config } = await loadSettingsText(
    JSON.stringify({
      version: 1,
      halo: { upstream: 'http://127.0.0.1:9' },
      portals: [{ name: 'agents', kind: 'agent', url: AGENTS }],
      connections: [connectionTo(world.entra.url)],
      session: { secret: SESSION_SECRET },
    }),
    { file: 'test.yaml' },
  );
  const [connection] = config?.connections ?? [];
  if (!tokens || !connection) throw new Error('Nobody is signed in.');

  const provider = createProvider(connection);
  const told: string[] = [];
  world.entra.faults.on('keys-500');
  await t.rejects(
    provider.refresh(tokens, token => told.push(token)),
    { code: 'PROVIDER_UNREACHABLE' },
  );
  world.entra.faults.clear();
  await t.rejects(
    provider.refresh(tokens, () => {}),
    { code: 'CODE_REJECTED' },
    'the old one is good no more',
  );
  const [refreshToken = ''] = told;
  t.match(await provider.refresh({ ...tokens, refreshToken }, () => {}), { claims: { name: 'Ulrich User' } });
});

t.test('a certified provider, which rotates its refresh tokens, is asked again and again', async t => {
  const names: Record<string, string> = { agnes: 'Agnes' };
  const provider = await startCertifiedProvider({
    redirectUris: [`${AGENTS}/auth/account/azureresponse`],
    claims: account => ({ name: names[account] }),
  });
  t.teardown(() => provider.close());
  const world = await startWorld(t, {
    settings: {
      session,
      connections: [{ ...connectionToProvider(provider.issuer), prompt: 'consent' }],
    },
  });
  const person = world.browser();
  await person.go(`${AGENTS}/ticket`);
  for (const name of ['Second', 'Third']) {
    names.agnes = name;
    await until(
      async () => {
        t.equal((await person.ask(`${AGENTS}/ticket`)).status, 200);
        return world.halo.received.at(-1)?.header('x-forwarded-name');
      },
      seen => seen === name,
    );
  }
});

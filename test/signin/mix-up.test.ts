import t from 'tap';
import { connectionTo } from '../../demo/connection.ts';
import { CLIENT, PARTNERS } from '../../demo/entra/index.ts';
import { type Browser, locationOf } from '../support/browser.ts';
import { RELYING_PARTY, startCertifiedProvider } from '../support/certified-provider.ts';
import { AGENTS, CUSTOMERS, SUPPORT, startWorld, type World } from '../support/world.ts';

const SUPPORT_HOST = new URL(SUPPORT).origin;

/** Two connections; `second` says how the other one differs. */
function two(authority: string, second: Readonly<Record<string, unknown>> = {}) {
  const staff = { ...connectionTo(authority), name: 'staff', agents: undefined };
  const people = { clientId: PARTNERS.id, credential: { secret: PARTNERS.secret } };
  return [staff, { ...staff, ...people, name: 'people', ...second }];
}

/** Signs in through a connection as far as the provider's answer, which is not yet delivered. */
async function toCallback(person: Browser, entra: World['entra'], connection: string, path = '/ticket'): Promise<URL> {
  entra.choose('agnes');
  const query = new URLSearchParams({ connection, return: path, switch: '1' });
  const start = await person.ask(`${AGENTS}/.halogate/sign-in?${query}`);
  return new URL(locationOf(await person.ask(locationOf(start))));
}

/** The answer to one request under the `state` of another. */
function mixed(response: URL, stateOf: URL): URL {
  const address = new URL(stateOf);
  address.search = response.search;
  address.searchParams.set('state', stateOf.searchParams.get('state') ?? '');
  return address;
}

const transactions = (person: Browser) =>
  Object.entries(person.cookies(AGENTS)).filter(([name]) => name.startsWith('__Host-halogate-tx-'));

async function isSignedIn(person: Browser): Promise<boolean> {
  const { status } = await person.ask(`${AGENTS}/.halogate/session`);
  return person.cookies(AGENTS)['__Host-halogate'] !== undefined || status !== 401;
}

t.test('two sign-ins under way through two connections end each in its own', async t => {
  const { entra, browser } = await startWorld(t, { connections: two });
  const person = browser();
  const answers = [await toCallback(person, entra, 'staff'), await toCallback(person, entra, 'people')];
  for (const [at, name] of ['staff', 'people'].entries()) {
    t.equal((await person.go(answers[at] ?? '')).status, 200);
    t.match(JSON.parse((await person.ask(`${AGENTS}/.halogate/session`)).body), { connection: name });
  }
});

t.test('a code of one connection is worth nothing under the state of another', async t => {
  const { entra, browser } = await startWorld(t, { connections: two });
  for (const [mine, other, client] of [
    ['staff', 'people', CLIENT.id],
    ['people', 'staff', PARTNERS.id],
  ] as const) {
    const person = browser();
    const [stateOf, response] = [await toCallback(person, entra, mine), await toCallback(person, entra, other)];
    entra.requests.length = 0;
    const page = await person.ask(mixed(response, stateOf));
    t.match([page.status, page.body], [400, /CODE_REJECTED/]);
    t.same(
      entra.requestsTo('token').map(({ params }) => params.client_id),
      [client],
      'the connection of the state answers for it, with its own credential',
    );
    t.equal(await isSignedIn(person), false);
  }
});

t.test('nor is it where both are the same app registration', async t => {
  const same = { clientId: CLIENT.id, credential: { secret: CLIENT.secret } };
  const { entra, browser } = await startWorld(t, { connections: authority => two(authority, same) });
  const person = browser();
  const [stateOf, response] = [await toCallback(person, entra, 'staff'), await toCallback(person, entra, 'people')];
  const page = await person.ask(mixed(response, stateOf));
  t.match([page.status, page.body], [400, /CODE_REJECTED/], 'the code is bound to the verifier of its own transaction');
  t.equal(await isSignedIn(person), false);
});

t.test('a code that a stranger was given is worth nothing in another browser', async t => {
  const { entra, browser } = await startWorld(t, { connections: two });
  const [person, stranger] = [browser(), browser()];
  const page = await person.ask(
    mixed(await toCallback(stranger, entra, 'staff'), await toCallback(person, entra, 'staff')),
  );
  t.match([page.status, page.body], [400, /CODE_REJECTED/]);
  t.equal(await isSignedIn(person), false);
});

t.test('the cookie of one transaction does not open another', async t => {
  const { entra, browser } = await startWorld(t, { connections: two });
  const person = browser();
  const answers = [await toCallback(person, entra, 'staff'), await toCallback(person, entra, 'people')];
  const [[first, ofFirst] = ['', ''], [second, ofSecond] = ['', '']] = transactions(person);
  person.plant(AGENTS, first, ofSecond);
  person.plant(AGENTS, second, ofFirst);
  for (const answer of answers) {
    const restart = await person.ask(answer);
    t.equal(restart.status, 303);
    t.match(locationOf(restart), /\/\.halogate\/sign-in\?.*again=1/);
  }
  t.equal(entra.requestsTo('token').length, 0, 'no code is spent on it');
  t.equal(await isSignedIn(person), false);
});

t.test('an answer is good at the address that was sent alone, whatever cookies come along', async t => {
  const { entra, halo, browser } = await startWorld(t, { connections: two });
  for (const [path, addresses] of [
    ['/ticket', [CUSTOMERS, SUPPORT, SUPPORT_HOST]],
    ['/portal/home', [AGENTS, SUPPORT, SUPPORT_HOST]],
  ] as const) {
    for (const address of addresses) {
      const person = browser();
      const { search } = await toCallback(person, entra, 'people', path);
      for (const [name, value] of transactions(person)) person.plant(SUPPORT_HOST, name, value);
      halo.clear();
      entra.requests.length = 0;
      const page = await person.ask(`${address}/auth/account/azureresponse${search}`);
      t.match([page.status, page.body], [400, /CALLBACK_INVALID/], `${path} at ${address}`);
      t.equal(halo.received.length, 0, 'and Halo sees nothing of it');
      t.equal(entra.requestsTo('token').length, 0);
      t.equal(person.cookies(address)['__Host-halogate'], undefined);
    }
  }
});

t.test('a connection that no longer serves the portal completes nothing', async t => {
  const before = await startWorld(t, { connections: two });
  for (const change of [{ published: false }, { portals: ['customers'] }, { allow: 'users' }, { name: 'renamed' }]) {
    const after = await startWorld(t, { connections: () => two(before.entra.url, change) });
    const [person, later] = [before.browser(), after.browser()];
    const answer = await toCallback(person, before.entra, 'people');
    before.entra.requests.length = 0;
    person.copyTo(later);
    const page = await later.ask(answer);
    t.match([page.status, page.body], [400, /CALLBACK_INVALID/], JSON.stringify(change));
    t.equal(before.entra.requestsTo('token').length, 0);
    t.equal(await isSignedIn(later), false);
  }
});

t.test('an answer that names another issuer, or none where one is promised, is refused (RFC 9207)', async t => {
  const provider = await startCertifiedProvider({
    redirectUris: [`${AGENTS}/auth/account/azureresponse`],
    claims: () => ({}),
  });
  t.teardown(() => provider.close());
  const oidc = { provider: 'oidc', issuer: provider.issuer, authority: undefined, tenant: undefined };
  const client = { clientId: RELYING_PARTY.id, credential: { secret: RELYING_PARTY.secret } };
  const { entra, browser } = await startWorld(t, {
    connections: authority => two(authority, { ...oidc, ...client, scope: 'openid profile email' }),
  });
  for (const [stateOf, responseOf] of [
    ['staff', 'people'],
    ['people', 'staff'],
  ] as const) {
    const person = browser();
    const state = await answerOf(person, stateOf);
    const response = await answerOf(person, responseOf);
    entra.requests.length = 0;
    const page = await person.ask(mixed(response, state));
    t.match([page.status, page.body], [400, /CALLBACK_INVALID/], `a code of ${responseOf} under a state of ${stateOf}`);
    t.equal(entra.requestsTo('token').length, 0);
    t.equal(await isSignedIn(person), false);
  }

  /** As {@link toCallback}, over as many pages as the provider takes. */
  async function answerOf(person: Browser, connection: string): Promise<URL> {
    if (connection === 'staff') return toCallback(person, entra, connection);
    let next = locationOf(await person.ask(`${AGENTS}/.halogate/sign-in?connection=${connection}&return=/ticket`));
    while (!next.startsWith(AGENTS)) next = locationOf(await person.ask(next));
    return new URL(next);
  }
});

import t from 'tap';
import { CONSUMER_TENANT, ELSEWHERE, FAULTS, type FaultName, G1, HOME } from '../../demo/entra/index.ts';
import { locationOf } from '../support/browser.ts';
import { tagsOf, textOf } from '../support/markup.ts';
import { AGENTS, CUSTOMERS, startWorld, type World } from '../support/world.ts';

type Test = Parameters<typeof startWorld>[0];
type Settings = Readonly<Record<string, unknown>>;

const LISTED = [
  { id: HOME.id, name: HOME.name, domains: [HOME.domain] },
  { id: ELSEWHERE.id, name: ELSEWHERE.name, domains: [ELSEWHERE.domain] },
];

/** A world whose connection takes the people of several tenants. */
function startTenants(t: Test, connection: Settings = {}): Promise<World> {
  return startWorld(t, {
    connection: {
      tenantType: 'multi',
      tenant: undefined,
      tenants: LISTED,
      agents: { tenants: [HOME.id], groups: [G1] },
      graph: 'http://127.0.0.1:1',
      ...connection,
    },
  });
}

/** Where the links of a page lead. */
function linksOf(page: string): readonly string[] {
  return tagsOf(page).flatMap(({ name, attributes }) => (name === 'a' ? [attributes.href ?? ''] : []));
}

/** As far as the provider's answer, which is not yet delivered. */
async function toCallback({ entra }: World, person: ReturnType<World['browser']>): Promise<URL> {
  entra.choose('otto');
  const start = await person.ask(`${AGENTS}/.halogate/sign-in?return=/portal/home`);
  return new URL(locationOf(await person.ask(locationOf(start))));
}

t.test('people of every listed tenant sign in at the authority of all organisations', async t => {
  const world = await startTenants(t);
  const { entra, halo, browser } = world;
  for (const [who, path, tenant] of [
    ['agnes', '/ticket', HOME],
    ['otto', '/portal/home', ELSEWHERE],
  ] as const) {
    entra.choose(who);
    halo.clear();
    t.equal((await browser().go(AGENTS + path)).status, 200, who);
    const arrived = halo.received.at(-1);
    const { username, oids } = entra.people[who];
    t.equal(arrived?.header('x-halo-tenant'), tenant.id);
    t.equal(arrived?.header('x-halo-object-id'), oids[tenant.id]);
    t.equal(arrived?.header('x-forwarded-user'), username);
    t.equal(arrived?.header('x-forwarded-email'), username);
  }
  for (const endpoint of ['discovery', 'authorize', 'token', 'keys'] as const) {
    t.strictSame([...new Set(entra.requestsTo(endpoint).map(({ tenant }) => tenant))], ['organizations'], endpoint);
  }
});

t.test('a customer’s administrator does not become an agent by the group of the agents', async t => {
  const { entra, browser } = await startTenants(t);
  entra.people.otto.groups = [G1];
  entra.choose('otto');
  const page = await browser().go(`${AGENTS}/ticket`);
  t.match([page.status, page.body], [403, /NOT_ADMITTED/]);
});

t.test('an address of another organisation reaches nobody (nOAuth)', async t => {
  const { entra, halo, browser } = await startTenants(t);
  Object.assign(entra.people.otto, { email: 'agnes@example.com', username: 'agnes@example.com' });
  entra.choose('otto');
  t.equal((await browser().go(`${AGENTS}/portal/home`)).status, 200);
  const arrived = halo.received.at(-1);
  t.equal(arrived?.header('x-forwarded-user'), `${ELSEWHERE.id}.${entra.people.otto.oids[ELSEWHERE.id]}`);
  t.equal(arrived?.header('x-forwarded-email'), undefined);
  t.notMatch(JSON.stringify(arrived), /agnes@example\.com/, 'nor within the assertion');
});

t.test('an address that nobody has proven is not handed on', async t => {
  const { entra, halo, browser } = await startTenants(t);
  entra.people.otto.emailDomainVerified = false;
  entra.choose('otto');
  t.equal((await browser().go(`${AGENTS}/portal/home`)).status, 200);
  t.equal(halo.received.at(-1)?.header('x-forwarded-email'), undefined);
  t.equal(halo.received.at(-1)?.header('x-forwarded-user'), 'otto@elsewhere.example');
});

t.test('a tenant that is not listed gets a page that names it, and a line in the log to copy its id from', async t => {
  const { entra, halo, logs, browser } = await startTenants(t, { tenants: [LISTED[0]] });
  entra.choose('otto');
  halo.clear();
  const person = browser();
  const page = await person.go(`${AGENTS}/portal/home`);
  t.equal(page.status, 403);
  t.match(page.body, /TENANT_NOT_ADMITTED/);
  t.match(textOf(page.body), ELSEWHERE.id);
  t.ok(
    linksOf(page.body).some(href => href.startsWith('/.halogate/sign-in?') && href.includes('switch=1')),
    'another account can be used',
  );
  t.equal(person.cookies(AGENTS)['__Host-halogate'], undefined);
  t.equal(halo.received.length, 0);
  t.match(
    logs.find(line => line.msg === 'audit'),
    {
      event: { action: 'sign-in', outcome: 'failure', reason: 'TENANT_NOT_ADMITTED' },
      organization: { id: ELSEWHERE.id },
      halogate: { connection: 'default' },
    },
  );
});

t.test('the page says the tenant’s name where another connection knows it', async t => {
  const world = await startWorld(t, {
    connections: authority =>
      ['one', 'two'].map((name, index) => ({
        name,
        published: true,
        authority,
        tenantType: 'multi',
        tenants: [LISTED[index]],
        clientId: 'cccccccc-0000-4000-8000-00000000000c',
        credential: { secret: 'stand-in-client-secret' },
        allow: 'users',
        autoRedirect: true,
      })),
  });
  world.entra.choose('otto');
  const page = await world.browser().go(`${AGENTS}/.halogate/sign-in?connection=one&return=/portal/home`);
  t.equal(page.status, 403);
  t.match(textOf(page.body), ELSEWHERE.name);
});

t.test('an empty list admits nobody', async t => {
  const { entra, browser } = await startTenants(t, { tenants: [] });
  for (const who of ['agnes', 'otto'] as const) {
    entra.choose(who);
    const page = await browser().go(`${AGENTS}/portal/home`);
    t.match([page.status, page.body], [403, /TENANT_NOT_ADMITTED/], who);
  }
});

t.test(
  'private accounts are turned away by the provider, and by the gateway if the provider lets them through',
  async t => {
    const { entra, browser } = await startTenants(t);
    entra.choose('connie');
    const refused = await browser().go(`${AGENTS}/portal/home`);
    t.match([refused.status, refused.body], [403, /ACCOUNT_NOT_IN_ORGANISATION/]);

    entra.faults.claims = { tid: CONSUMER_TENANT, iss: `${entra.url}/${CONSUMER_TENANT}/v2.0` };
    for (const fault of [undefined, 'key-of-consumers'] as const) {
      if (fault) entra.faults.on(fault);
      entra.choose('otto');
      const page = await browser().go(`${AGENTS}/portal/home`);
      t.match([page.status, page.body], [403, /TENANT_NOT_ADMITTED/], fault ?? 'signed with the common key');
    }
  },
);

t.test('an ID token with a fault signs nobody in', async t => {
  const { entra, halo, browser } = await startTenants(t);
  const spoiled = (Object.entries(FAULTS) as [FaultName, object][]).filter(
    ([name, fault]) => ('sign' in fault || 'claims' in fault || name === 'no-id-token') && name !== 'aud-array',
  );
  t.ok(spoiled.length > 30);
  for (const [fault] of spoiled) {
    entra.faults.clear();
    entra.faults.on(fault);
    halo.clear();
    const stranger = browser();
    entra.choose('agnes');
    const page = await stranger.go(`${AGENTS}/ticket`);
    t.equal(page.status, fault === 'groups-overage' ? 503 : 502, fault);
    t.equal(stranger.cookies(AGENTS)['__Host-halogate'], undefined, fault);
    t.equal(halo.received.length, 0, fault);
  }
});

t.test('a response that names its issuer must name that of the token (RFC 9207)', async t => {
  const world = await startTenants(t);
  const { entra, browser } = world;
  for (const [iss, status, redeemed] of [
    [`${entra.url}/${ELSEWHERE.id}/v2.0`, 200, true],
    [`${entra.url}/${HOME.id}/v2.0`, 400, true],
    [`https://login.attacker.example/${ELSEWHERE.id}/v2.0`, 400, false],
    [`${entra.url.replace('127.0.0.1', '127.0.0.2')}/${ELSEWHERE.id}/v2.0`, 400, false],
    [`${entra.url}/{tenantid}/v2.0`, 400, false],
    [`${entra.url}/${ELSEWHERE.id}/v2.0/`, 400, false],
    ['', 400, false],
  ] as const) {
    const person = browser();
    const callback = await toCallback(world, person);
    callback.searchParams.set('iss', iss);
    entra.requests.length = 0;
    t.equal((await person.go(callback)).status, status, iss);
    t.equal(entra.requestsTo('token').length > 0, redeemed, `${iss}: whether the code was shown to anybody`);
    t.equal(person.cookies(AGENTS)['__Host-halogate'] !== undefined, status === 200, iss);
  }
});

t.test('an administrator approves the app from the page, and people sign in', async t => {
  const { entra, browser } = await startTenants(t);
  const [client] = entra.clients;
  if (!client) throw new Error('There is no client.');
  client.consentedBy = [HOME.id];
  entra.choose('otto');
  const person = browser();
  const page = await person.go(`${AGENTS}/portal/home`);
  t.match([page.status, page.body], [403, /CONSENT_REQUIRED/]);
  const consent = new URL(linksOf(page.body).find(href => href.includes('adminconsent')) ?? '');
  t.equal(consent.origin + consent.pathname, `${entra.url}/organizations/v2.0/adminconsent`);
  t.match(Object.fromEntries(consent.searchParams), {
    client_id: client.id,
    scope: /openid/,
    redirect_uri: `${CUSTOMERS}/auth/account/azureresponse`,
  });

  // The administrator has a browser of their own.
  const administrator = browser();
  const form = { ...Object.fromEntries(consent.searchParams), tenant: ELSEWHERE.id };
  const approved = await administrator.ask(consent, { method: 'POST', form });
  const back = await administrator.ask(locationOf(approved));
  t.equal(back.status, 303);
  t.match(locationOf(back), /\/\.halogate\/sign-in\?return=%2Fportal%2Fhome/);
  t.equal(administrator.cookies(AGENTS)['__Host-halogate'], undefined, 'approving is no sign-in');

  entra.choose('otto');
  t.equal((await person.go(`${AGENTS}/portal/home`)).status, 200);
});

t.test('what an approval says of a tenant admits nobody', async t => {
  const { entra, browser } = await startTenants(t, { tenants: [LISTED[0]] });
  const person = browser();
  const start = await person.ask(`${AGENTS}/.halogate/sign-in?return=/portal/home`);
  const state = new URL(locationOf(start)).searchParams.get('state') ?? '';
  const query = new URLSearchParams({ admin_consent: 'True', tenant: ELSEWHERE.id, state });
  const back = await person.ask(`${CUSTOMERS}/auth/account/azureresponse?${query}`);
  t.equal(back.status, 303);
  entra.choose('otto');
  t.equal((await person.go(locationOf(back))).status, 403);
});

t.test('an administrator’s answer is good at the address that was sent, and one who declines is told so', async t => {
  const { browser } = await startTenants(t);
  const person = browser();
  const start = await person.ask(`${AGENTS}/.halogate/sign-in?return=/portal/home`);
  const state = new URL(locationOf(start)).searchParams.get('state') ?? '';
  const sent = `${CUSTOMERS}/auth/account/azureresponse`;
  const answer = { admin_consent: 'True', tenant: ELSEWHERE.id, state };
  const declined = { ...answer, error: 'access_denied', error_description: 'AADSTS65004: declined' };
  const ask = (address: string, ...query: [string, string][]) => person.ask(`${address}?${new URLSearchParams(query)}`);
  for (const given of [answer, declined]) {
    const query = Object.entries(given);
    for (const name of ['state', 'error', 'iss']) {
      const twice = await ask(sent, ...query, [name, state], [name, state]);
      t.match([twice.status, twice.body], [400, /CALLBACK_INVALID/], `${name} twice`);
    }
    const elsewhere = await ask(`${AGENTS}/auth/account/azureresponse`, ...query);
    t.match([elsewhere.status, elsewhere.body], [400, /CALLBACK_INVALID/], 'at another portal');
  }
  const page = await ask(sent, ...Object.entries(declined));
  t.match([page.status, page.body], [400, /SIGN_IN_CANCELLED/]);
});

import t from 'tap';
import { partnersTo } from '../../demo/connection.ts';
import { CLIENT, CONSUMER_TENANT, ELSEWHERE, G1, HOME } from '../../demo/entra/index.ts';
import { Browser } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { textOf } from '../support/markup.ts';

type Settings = Readonly<Record<string, unknown>>;

/** A connection for the people of several tenants; agents are those of the home tenant's group. */
function tenantsAt(authority: string, changes: Settings = {}): Settings {
  return {
    ...partnersTo(authority),
    tenants: [
      { id: HOME.id, name: HOME.name, domains: [HOME.domain] },
      { id: ELSEWHERE.id, name: ELSEWHERE.name, domains: [ELSEWHERE.domain] },
    ],
    clientId: CLIENT.id,
    credential: { secret: CLIENT.secret },
    domains: [],
    agents: { tenants: [HOME.id], groups: [G1] },
    ...changes,
  };
}

t.test('the built gateway signs in the people of listed tenants, each as who they are', async t => {
  const world = await startBuiltWorld(t, ({ authority }) => ({ connections: [tenantsAt(authority)] }));
  const { entra, halo, url } = world;

  entra.choose('agnes');
  t.equal((await new Browser({}).go(`${url}/ticket`)).status, 200);
  t.equal(halo.received.at(-1)?.header('x-halo-tenant'), HOME.id);

  // He is the administrator of his tenant: whatever he writes there makes him nobody else.
  Object.assign(entra.people.otto, { groups: [G1], email: 'agnes@example.com', username: 'agnes@example.com' });
  const otto = new Browser({});
  entra.choose('otto');
  t.equal((await otto.go(`${url}/portal/home`)).status, 200);
  const arrived = halo.received.at(-1);
  t.equal(arrived?.header('x-halo-tenant'), ELSEWHERE.id);
  t.equal(arrived?.header('x-forwarded-user'), `${ELSEWHERE.id}.${entra.people.otto.oids[ELSEWHERE.id]}`);
  t.equal(arrived?.header('x-forwarded-email'), undefined);
  t.equal((await otto.go(`${url}/ticket`)).status, 403, 'not even in the group of the agents');
});

t.test('the built gateway turns away whoever is of no listed tenant, and says of which they are', async t => {
  const connection = { tenants: [{ id: HOME.id }] };
  const world = await startBuiltWorld(t, ({ authority }) => ({ connections: [tenantsAt(authority, connection)] }));
  const { entra, gateway, halo, url } = world;

  const person = new Browser({});
  entra.choose('otto');
  const page = await person.go(`${url}/portal/home`);
  t.match([page.status, page.body], [403, /TENANT_NOT_ADMITTED/]);
  t.match(textOf(page.body), ELSEWHERE.id);
  t.equal(person.cookies(url).halogate, undefined);

  entra.choose('connie');
  const refused = await new Browser({}).go(`${url}/portal/home`);
  t.match([refused.status, refused.body], [403, /ACCOUNT_NOT_IN_ORGANISATION/], 'a private account');

  entra.faults.claims = { tid: CONSUMER_TENANT, iss: `${entra.url}/${CONSUMER_TENANT}/v2.0` };
  entra.choose('otto');
  t.equal((await new Browser({}).go(`${url}/portal/home`)).status, 403, 'one that the provider let through');
  entra.faults.claims = { tid: HOME.id };
  entra.choose('otto');
  t.equal((await new Browser({}).go(`${url}/portal/home`)).status, 502, 'a token of one tenant about another');

  t.equal(halo.received.length, 0);
  await gateway.stop();
  const audit = gateway
    .logs()
    .filter(line => line.includes('"dataset":"halogate.audit"') && line.includes('TENANT_NOT_ADMITTED'));
  t.strictSame(
    audit.map(line => JSON.parse(line).organization.id),
    [ELSEWHERE.id, CONSUMER_TENANT],
  );
});

t.test('the built gateway admits nobody by an empty list', async t => {
  const world = await startBuiltWorld(t, ({ authority }) => ({
    connections: [tenantsAt(authority, { tenants: [] })],
  }));
  world.entra.choose('agnes');
  t.equal((await new Browser({}).go(`${world.url}/ticket`)).status, 403);
  t.equal(world.halo.received.length, 0);
});

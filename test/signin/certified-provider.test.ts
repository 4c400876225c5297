import t from 'tap';
import { locationOf } from '../support/browser.ts';
import { connectionToProvider, startCertifiedProvider } from '../support/certified-provider.ts';
import { AGENTS, CUSTOMERS, startWorld } from '../support/world.ts';

const CALLBACKS = [`${AGENTS}/auth/account/azureresponse`, `${CUSTOMERS}/auth/account/azureresponse`];

async function oidcWorld(t: Parameters<typeof startWorld>[0], rule: Record<string, unknown> = {}) {
  const provider = await startCertifiedProvider({
    redirectUris: CALLBACKS,
    postLogoutRedirectUris: [`${AGENTS}/.halogate/signed-out`],
    claims: account => ({
      name: `${account} at the provider`,
      preferred_username: account,
      email: `${account}@example.com`,
      email_verified: account === 'agnes',
      groups: account === 'agnes' ? ['helpdesk'] : [],
    }),
  });
  t.teardown(() => provider.close());
  const world = await startWorld(t, {
    settings: {
      connections: [{ ...connectionToProvider(provider.issuer), scope: 'openid profile email', ...rule }],
    },
  });
  return { ...world, provider };
}

t.test('a person signs in at a certified provider and is known by issuer and subject', async t => {
  const { provider, halo, browser } = await oidcWorld(t);
  const person = browser();
  t.equal((await person.go(`${AGENTS}/ticket?id=1`)).url.href, `${AGENTS}/ticket?id=1`);
  const arrived = halo.received.at(-1);
  t.equal(arrived?.header('x-forwarded-user'), 'agnes');
  t.equal(arrived?.header('x-forwarded-email'), 'agnes@example.com');
  t.equal(arrived?.header('x-halo-object-id'), 'agnes');
  t.equal(arrived?.header('x-halo-tenant'), undefined, 'an empty value is not sent');
  const session = JSON.parse((await person.ask(`${AGENTS}/.halogate/session`)).body);
  t.equal(session.person, `${provider.issuer}|agnes`);
});

t.test('an address that the provider has not verified does not count', async t => {
  const { provider, halo, browser } = await oidcWorld(t);
  provider.account = 'ulrich';
  await browser().go(`${AGENTS}/ticket`);
  const arrived = halo.received.at(-1);
  t.equal(arrived?.header('x-forwarded-user'), 'ulrich');
  t.equal(arrived?.header('x-forwarded-email'), undefined);
});

t.test('a rule by group decides who enters the agent app', async t => {
  const { provider, browser } = await oidcWorld(t, { agents: { groups: ['helpdesk'] } });
  t.equal((await browser().go(`${AGENTS}/ticket`)).status, 200);
  provider.account = 'ulrich';
  t.equal((await browser().go(`${AGENTS}/ticket`)).status, 403);
});

t.test('signing out ends the session at the certified provider too', async t => {
  const { provider, browser } = await oidcWorld(t);
  const person = browser();
  await person.go(`${AGENTS}/ticket`);
  const out = await person.ask(`${AGENTS}/.halogate/sign-out`, {
    method: 'POST',
    headers: { origin: AGENTS, 'sec-fetch-site': 'same-origin' },
  });
  t.equal(out.status, 303);
  const next = new URL(locationOf(out));
  t.equal(next.origin, provider.issuer);
  t.ok(next.searchParams.get('id_token_hint'));
  const question = await person.ask(next);
  t.equal(question.status, 200, 'the provider takes the hint and the post-logout address');
});

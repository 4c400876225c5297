import t from 'tap';
import { adminConsentUrl } from '../../src/signin/admin-consent.ts';
import { connectionSettings, TENANT, testConfig } from '../support/policy.ts';

/** The link of the one connection at its first user portal. */
async function linkOf(connection: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  const config = await testConfig({ connections: [connectionSettings(connection)] });
  const [only] = config.connections;
  const portal = config.portals.find(({ kind }) => kind === 'user');
  if (!only || !portal) throw new Error('There is no connection or no portal.');
  return adminConsentUrl(only, portal, config, 'the-state');
}

t.test(
  'an administrator of a single tenant approves the app for that tenant, and comes back to the callback',
  async t => {
    const url = new URL((await linkOf({ scope: 'openid User.Read' })) ?? '');
    t.equal(url.origin + url.pathname, `https://login.microsoftonline.com/${TENANT}/v2.0/adminconsent`);
    t.strictSame(Object.fromEntries(url.searchParams), {
      client_id: 'client',
      scope: 'openid User.Read',
      redirect_uri: 'https://halo.example.com/portal/auth/account/azureresponse',
      state: 'the-state',
    });
  },
);

t.test('other providers have no such page', async t => {
  const oidc = { provider: 'oidc', issuer: 'https://id.example.com', tenant: undefined };
  t.equal(await linkOf(oidc), undefined);
});

import t from 'tap';
import { ELSEWHERE, HOME, PARTNER } from '../../../demo/entra/index.ts';
import { listen, sendJson } from '../../../demo/web/index.ts';
import { RELYING_PARTY, startCertifiedProvider } from '../../support/certified-provider.ts';
import { about, started } from './support.ts';

t.test('a provider that cannot be asked', async t => {
  const { run, entra, connection } = await started(t);
  entra.faults.on('down');
  const down = await run();
  t.equal(down.status, 1);
  t.match(
    about(down.out, 'connection default, discovery'),
    /^FAIL .*does not describe itself .*"authority" and "tenant"/,
  );
  t.notMatch(down.out, 'credential', 'is told of once');
  entra.faults.clear();
  const unknown = await run(connection({ tenant: '99999999-0000-4000-8000-000000000000' }));
  t.match(about(unknown.out, 'connection default, discovery'), /^FAIL /);
  for (const fault of ['keys-500', 'keys-rubbish'] as const) {
    entra.faults.on(fault);
    t.match(about((await run()).out, 'connection default, keys'), /^FAIL .*\/discovery\/v2.0\/keys /);
    entra.faults.clear();
  }
});

t.test('a client credential that the provider refuses: its code, and what to do', async t => {
  const { run, entra, connection } = await started(t);
  const tried = async (differences: object) => {
    const { status, out } = await run(connection(differences));
    t.equal(status, 1);
    t.notMatch(out, 'wrong-secret');
    return about(out, 'connection default, client credential');
  };
  t.match(
    await tried({ credential: { secret: 'wrong-secret' } }),
    /^FAIL .*\(invalid_client AADSTS7000215\)\. .*the value that Entra showed/,
  );
  t.match(await tried({ clientId: HOME.id }), /^FAIL .*\(unauthorized_client AADSTS700016\)\. .*check "clientId"/);
  entra.faults.on('token-invalid-client');
  t.match(await tried({}), /^FAIL .*AADSTS7000222.*make a new one/);
  entra.faults.clear();
  entra.faults.on('token-down');
  t.match(await tried({}), /^FAIL .*cannot be asked .*Try again/);
});

t.test('a multi-tenant credential is tried where the application is known', async t => {
  const { run, entra, connection } = await started(t);
  const [client] = entra.clients;
  if (client) client.consentedBy = [HOME.id];
  const tried = async (known: readonly { id: string }[]) => {
    const tenants = known.map(({ id }) => ({ id }));
    const multi = { tenantType: 'multi', tenant: undefined, tenants, agents: undefined, allow: 'users' };
    return about((await run(connection(multi))).out, 'connection default, client credential');
  };
  t.match(await tried([PARTNER, HOME]), new RegExp(`^ok .* at the tenant ${HOME.id}`));
  t.match(await tried([PARTNER, ELSEWHERE]), /^FAIL .*nor any of the others.*AADSTS700016.*approve it first/);
  t.match(await tried([]), /^warn .*cannot be tried without a tenant/);
});

t.test('another provider: what can be tried of a credential', async t => {
  const { run } = await started(t);
  const oidc = (issuer: string, credential: object) => ({
    connections: [
      {
        name: 'other',
        published: true,
        provider: 'oidc',
        issuer,
        clientId: RELYING_PARTY.id,
        credential,
        allow: 'users',
        autoRedirect: true,
      },
    ],
  });
  const certified = await startCertifiedProvider({ redirectUris: ['https://a.example/'], claims: () => ({}) });
  t.teardown(() => certified.close());
  const untried = await run(oidc(certified.issuer, { secret: RELYING_PARTY.secret }));
  t.equal(untried.status, 0);
  t.match(about(untried.out, 'connection other, client credential'), /^warn .*cannot be tried.*Sign in once/);

  let answer: [number, object] = [200, { access_token: 'x', token_type: 'bearer' }];
  const provider = await listen(({ url = '' }, response) => {
    if (url === '/token') return sendJson(response, ...answer);
    if (url === '/keys') return sendJson(response, 200, { keys: [{ kty: 'RSA' }] });
    return sendJson(response, 200, {
      issuer: provider.url,
      jwks_uri: `${provider.url}/keys`,
      token_endpoint: `${provider.url}/token`,
      grant_types_supported: ['authorization_code', 'client_credentials'],
    });
  }, 0);
  t.teardown(() => provider.close());
  for (const [status, error, verdict] of [
    [200, undefined, /^ok .*takes it/],
    [400, 'unauthorized_client', /^ok .*takes it/],
    [400, 'invalid_scope', /^ok .*takes it/],
    [400, 'unsupported_grant_type', /^warn .*cannot be tried/],
    [400, 'invalid_client', /^FAIL .*\(invalid_client\)\. Check "clientId" and "credential"/],
    [503, 'server_error', /^FAIL .*cannot be asked/],
  ] as const) {
    if (error) answer = [status, { error }];
    const { out } = await run(oidc(provider.url, { secret: 'some-secret' }));
    t.match(about(out, 'connection other, client credential'), verdict, error ?? 'a token');
    t.notMatch(out, 'some-secret');
  }
});

t.test('customers of a partner', async t => {
  const { run, graph, entra, connection } = await started(t);
  const csp = {
    name: 'partners',
    graph: graph.url,
    tenantType: 'multi',
    tenant: undefined,
    csp: { partnerTenant: HOME.id },
    allow: 'users',
    agents: undefined,
  };
  const subject = 'connection partners, customers of the partner';
  t.match(about((await run(connection(csp))).out, subject), /^ok .*Graph names \d+/);
  graph.next({ status: 403, body: { error: { code: 'Authorization_RequestDenied' } } });
  const refused = await run(connection(csp));
  t.equal(refused.status, 1);
  t.match(about(refused.out, subject), /^FAIL .*403 Authorization_RequestDenied\. .*Directory\.Read\.All/);
  entra.requests.splice(0);
  const unpublished = await run(connection({ ...csp, published: false }));
  t.match(about(unpublished.out, 'connection partners'), /^warn .*not published/);
  t.equal(entra.requests.length, 0);
});

t.test('clocks that differ', async t => {
  const { run } = await started(t);
  for (const [ahead, status, said] of [
    [5000, 0, /^ok /],
    [20_000, 0, /^warn .*differs .* s\. .*NTP/],
    [-25_000, 0, /^warn /],
    [90_000, 1, /^FAIL .*ID tokens are not valid yet, or no longer.*NTP/],
    [-90_000, 1, /^FAIL /],
  ] as const) {
    const seen = await run({}, () => Date.now() + ahead);
    t.match(about(seen.out, 'connection default, clock'), said, `${ahead} ms`);
    t.equal(seen.status, status);
  }
});

import * as oidc from 'openid-client';
import t, { type Test } from 'tap';
import { ELSEWHERE, HOME } from '../../../demo/entra/index.ts';
import { startGraph } from '../../../demo/graph/index.ts';
import { discover, refusalOf, signIn, start } from '../entra/support.ts';

t.test('an application reads the customers of its partner tenant, a page at a time', async t => {
  const { graph, appToken, get } = await started(t);
  const token = await appToken(HOME.id);
  const first = await get('/v1.0/contracts', token);
  t.equal(first.status, 200);
  t.equal(first.body.value.length, 2);
  t.match(first.body.value[0], {
    customerId: ELSEWHERE.id,
    displayName: 'Elsewhere',
    defaultDomainName: ELSEWHERE.domain,
  });
  const next = new URL(first.body['@odata.nextLink']);
  t.equal(next.origin, graph.url);
  const second = await get(next.pathname + next.search, token);
  t.strictSame(
    second.body.value.map(({ customerId }: { customerId: string }) => customerId),
    [graph.customers[2]?.id],
  );
  t.notOk('@odata.nextLink' in second.body, 'the last page leads nowhere');
});

t.test('a tenant that is no partner has no customers', async t => {
  const { appToken, get } = await started(t);
  const { status, body } = await get('/v1.0/contracts', await appToken(ELSEWHERE.id));
  t.equal(status, 200);
  t.strictSame(body.value, []);
});

t.test('no token, a forged one and one for another resource are refused', async t => {
  const { appToken, get } = await started(t);
  t.equal((await get('/v1.0/contracts')).status, 401);
  t.equal((await get('/v1.0/contracts', 'forged')).status, 401);
  t.equal((await get('/v1.0/contracts', await appToken(HOME.id, 'https://vault.example/.default'))).status, 401);
});

t.test("a person's token does not read what is for applications", async t => {
  const { entra, get } = await started(t);
  const { access_token } = await signIn(entra, await discover(entra));
  t.equal((await get('/v1.0/contracts', access_token)).status, 403);
});

t.test('an app-only token is for one tenant, one resource and the right secret', async t => {
  const { entra, graph } = await started(t);
  const scope = `${graph.url}/.default`;
  const configuration = await discover(entra);
  t.equal(
    await refusalOf(oidc.clientCredentialsGrant(configuration, { scope: 'openid' })),
    '400 invalid_scope AADSTS1002012',
  );
  const body = { grant_type: 'client_credentials', client_id: entra.clients[0]?.id ?? '', client_secret: 'x', scope };
  const ask = async (tenant: string, form: Record<string, string>) => {
    const answer = await fetch(`${entra.url}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    return `${answer.status} ${JSON.parse(await answer.text()).error}`;
  };
  t.equal(await ask(HOME.id, body), '401 invalid_client');
  const secret = entra.clients[0]?.secret ?? '';
  t.equal(await ask('organizations', { ...body, client_secret: secret }), '400 invalid_request');
});

t.test('wrong answers are given once, or until further notice', async t => {
  const { graph, appToken, get } = await started(t);
  const token = await appToken(HOME.id);
  graph.next({ status: 429, headers: { 'retry-after': '7' } });
  const limited = await get('/v1.0/contracts', token);
  t.equal(limited.status, 429);
  t.equal(limited.headers.get('retry-after'), '7');
  t.equal((await get('/v1.0/contracts', token)).status, 200);
  graph.always('hang-up');
  await t.rejects(get('/v1.0/contracts', token));
  graph.always();
  t.equal((await get('/v1.0/contracts', token)).status, 200);
});

async function started(t: Test) {
  const entra = await start(t);
  const graph = await startGraph({ entra });
  t.teardown(() => graph.close());
  return {
    entra,
    graph,
    async appToken(tenant: string, scope = `${graph.url}/.default`) {
      return (await oidc.clientCredentialsGrant(await discover(entra, tenant), { scope })).access_token;
    },
    async get(target: string, token?: string) {
      const answer = await fetch(graph.url + target, {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
      return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
    },
  };
}

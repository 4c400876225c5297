import { createHash, X509Certificate } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import t from 'tap';
import { connectionTo } from '../../demo/connection.ts';
import { CLIENT, HOME, startEntra } from '../../demo/entra/index.ts';
import { startGraph } from '../../demo/graph/index.ts';
import { startHalo } from '../../demo/halo/index.ts';
import { Browser } from '../support/browser.ts';
import { type Certificate, DAY, makeCertificate, publicJwk } from '../support/certificate.ts';
import { RELYING_PARTY, startCertifiedProvider } from '../support/certified-provider.ts';
import { freePort } from '../support/free-port.ts';
import { startGateway } from '../support/gateway.ts';
import { SESSION_SECRET } from '../support/world.ts';

type Test = Parameters<typeof startGateway>[0] & { testdir(files: Record<string, string>): string };

/** The built gateway on `url`, with one connection. */
async function startWith(t: Test, url: string, connection: object, env: Record<string, string> = {}) {
  const halo = await startHalo();
  t.teardown(() => halo.close());
  const settings = {
    version: 1,
    listen: new URL(url).host.replace('localhost', '127.0.0.1'),
    opsListen: '127.0.0.1:0',
    halo: { upstream: halo.url },
    portals: [
      { name: 'agents', kind: 'agent', url },
      { name: 'customers', kind: 'user', url: `${url}/portal` },
    ],
    connections: [connection],
    session: { secret: SESSION_SECRET },
  };
  return startGateway(t, settings, { env });
}

/** A stand-in for Entra ID that knows a client by what the test gives it. */
async function startStandIn(t: Test, client: { certificate?: string; federatedToken?: string }) {
  const entra = await startEntra({ clients: [{ ...CLIENT, ...client }] });
  t.teardown(() => entra.close());
  const [registered] = entra.clients;
  if (!registered) throw new Error('The stand-in knows no client.');
  return { entra, registered };
}

function filesOf(t: Test, { cert, key }: Certificate) {
  const directory = t.testdir({ 'halogate.crt': cert, 'halogate.key': key });
  return { certificate: { cert: `${directory}/halogate.crt`, key: `${directory}/halogate.key` } };
}

const newUrl = async () => `http://localhost:${await freePort()}`;

async function credentialIn(opsUrl: string) {
  const status = await (await fetch(`${opsUrl}/status`)).json();
  return (status as { connections: { credential: unknown }[] }).connections[0]?.credential;
}

function partsOf(assertion = '') {
  const [header, payload] = assertion.split('.').map(part => Buffer.from(part, 'base64url').toString('utf8'));
  return { header: JSON.parse(header ?? ''), payload: JSON.parse(payload ?? '') };
}

t.test('a certificate: the provider verifies an assertion for the endpoint that is called', async t => {
  const pair = makeCertificate();
  const { entra } = await startStandIn(t, { certificate: pair.cert });
  const url = await newUrl();
  const gateway = await startWith(t, url, { ...connectionTo(entra.url), credential: filesOf(t, pair) });
  for (const attempt of ['first', 'second']) {
    entra.choose('agnes');
    const page = await new Browser({}).go(`${url}/ticket`);
    t.match([page.status, page.url.pathname], [200, '/ticket'], `the ${attempt} sign-in`);
  }
  const certificate = new X509Certificate(pair.cert);
  const sent = entra.requestsTo('token').map(({ params }) => params);
  t.equal(sent.length, 2);
  const endpoint = `${entra.url}/${HOME.id}/oauth2/v2.0/token`;
  for (const params of sent) {
    t.notOk('client_secret' in params);
    const { header, payload } = partsOf(params.client_assertion);
    const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url');
    t.match(header, { alg: 'PS256', 'x5t#S256': thumbprint });
    t.match(payload, { aud: endpoint, iss: CLIENT.id, sub: CLIENT.id, jti: String, exp: Number });
  }
  const expires = certificate.validToDate.toISOString();
  t.same(await credentialIn(gateway.opsUrl), { kind: 'certificate', expires });
  const logs = gateway.logs().join('\n');
  t.notOk(logs.includes(pair.key.split('\n')[1] ?? ''), 'the key is in no log');
  for (const params of sent) t.notOk(logs.includes(params.client_assertion ?? ''), 'nor is an assertion');
});

t.test('a certificate that the provider does not know: a page that says so, and an operator hears of it', async t => {
  const { entra } = await startStandIn(t, { certificate: makeCertificate().cert });
  const url = await newUrl();
  const connection = { ...connectionTo(entra.url), credential: filesOf(t, makeCertificate()) };
  const gateway = await startWith(t, url, connection);
  entra.choose('agnes');
  const person = new Browser({});
  const page = await person.go(`${url}/ticket`);
  t.match([page.status, page.body], [500, /SIGN_IN_MISCONFIGURED/]);
  t.equal((await person.ask(`${url}/.halogate/session`)).status, 401);
  const [alert] = await gateway.logged(['sign-in needs an operator']);
  t.match(JSON.parse(alert ?? '{}'), { level: 50, reason: 'SIGN_IN_MISCONFIGURED', detail: /AADSTS700027/ });
});

t.test('a certificate that has ended: the gateway starts, and says so at once and in /status', async t => {
  const pair = makeCertificate({ ends: -DAY });
  const { entra } = await startStandIn(t, { certificate: pair.cert });
  const connection = { ...connectionTo(entra.url), credential: filesOf(t, pair) };
  const { opsUrl, logs } = await startWith(t, await newUrl(), connection);
  t.match(logs().join('\n'), /CREDENTIAL_EXPIRES warning: connections\[0\]\.credential\.certificate\.cert: .* ended/);
  const expires = new X509Certificate(pair.cert).validToDate.toISOString();
  t.same(await credentialIn(opsUrl), { kind: 'certificate', expires, warning: 'CREDENTIAL_EXPIRES' });
});

t.test('a certificate at a certified provider', async t => {
  const pair = makeCertificate();
  const url = await newUrl();
  const provider = await startCertifiedProvider({
    redirectUris: [`${url}/auth/account/azureresponse`],
    claims: account => ({ name: account, preferred_username: account }),
    key: publicJwk(pair),
  });
  t.teardown(() => provider.close());
  await startWith(t, url, {
    name: 'generic',
    published: true,
    provider: 'oidc',
    issuer: provider.issuer,
    clientId: RELYING_PARTY.id,
    credential: filesOf(t, pair),
    allow: 'agents',
    autoRedirect: true,
    scope: 'openid profile email',
  });
  const person = new Browser({});
  const page = await person.go(`${url}/ticket`);
  t.match([page.status, page.url.href], [200, `${url}/ticket`]);
  t.match(JSON.parse((await person.ask(`${url}/.halogate/session`)).body), { person: `${provider.issuer}|agnes` });
});

t.test(
  "a certificate for several tenants, and for the application's own questions about a partner's customers",
  async t => {
    const pair = makeCertificate();
    const { entra } = await startStandIn(t, { certificate: pair.cert });
    const graph = await startGraph({ entra });
    t.teardown(() => graph.close());
    const url = await newUrl();
    await startWith(t, url, {
      ...connectionTo(entra.url),
      tenantType: 'multi',
      tenant: undefined,
      graph: graph.url,
      csp: { partnerTenant: HOME.id },
      credential: filesOf(t, pair),
      allow: 'users',
      agents: undefined,
    });
    entra.choose('otto');
    const page = await new Browser({}).go(`${url}/portal/home`);
    t.match([page.status, page.url.pathname], [200, '/portal/home'], 'a customer signs in');
    const audiences = entra
      .requestsTo('token')
      .map(({ params }) => [params.grant_type, partsOf(params.client_assertion).payload.aud].join(' '));
    t.same(audiences.sort(), [
      `authorization_code ${entra.url}/organizations/oauth2/v2.0/token`,
      `client_credentials ${entra.url}/${HOME.id}/oauth2/v2.0/token`,
    ]);
  },
);

t.test('a workload identity: the token is read from its file with each call', async t => {
  const directory = t.testdir({ token: 'the-first-token\n' });
  const file = `${directory}/token`;
  const { entra, registered } = await startStandIn(t, { federatedToken: 'the-first-token' });
  const url = await newUrl();
  const connection = { ...connectionTo(entra.url), credential: { workloadIdentity: true } };
  const environment = { AZURE_FEDERATED_TOKEN_FILE: file, AZURE_CLIENT_ID: 'another-client' };
  const gateway = await startWith(t, url, connection, environment);
  const signIn = async () => {
    entra.choose('agnes');
    const page = await new Browser({}).go(`${url}/ticket`);
    return { status: page.status, body: page.body, sent: entra.requestsTo('token').at(-1)?.params };
  };

  const first = await signIn();
  t.equal(first.status, 200);
  t.match(first.sent, { client_id: CLIENT.id, client_assertion: 'the-first-token' });
  t.equal(first.sent?.client_assertion_type, 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  t.notOk(first.sent && 'client_secret' in first.sent);

  registered.federatedToken = 'the-second-token';
  t.match(await signIn(), { status: 500, body: /SIGN_IN_MISCONFIGURED/ }, 'the provider refuses a token of yesterday');
  await writeFile(file, '  the-second-token\n');
  t.match(await signIn(), { status: 200, sent: { client_assertion: 'the-second-token' } });

  await rm(file);
  const asked = entra.requestsTo('token').length;
  t.match(await signIn(), { status: 500, body: /SIGN_IN_MISCONFIGURED/ });
  t.equal(entra.requestsTo('token').length, asked, 'without a token nothing is asked');
  const alerts = await gateway.logged(['sign-in needs an operator'], 2);
  t.match(
    alerts.map(line => JSON.parse(line).detail),
    [/AADSTS700213/, /workload identity: AZURE_FEDERATED_TOKEN_FILE: the file ".*" does not exist/],
  );
  t.same(await credentialIn(gateway.opsUrl), { kind: 'workloadIdentity' });
  t.notMatch(gateway.logs().join('\n'), /the-(first|second)-token/);
});

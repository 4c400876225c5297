import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import t from 'tap';
import { CLIENT, HOME } from '../../../demo/entra/index.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { start } from './support.ts';

const REGISTERED = makeCertificate();
const OTHER = makeCertificate();
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface Assertion {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly signer?: { readonly cert: string; readonly key: string };
  readonly alg?: string;
}

/** A stand-in at which the certificate is registered, and how to call its token endpoint. */
async function counter(t: Parameters<typeof start>[0]) {
  const entra = await start(t, { clients: [{ ...CLIENT, certificate: REGISTERED.cert }] });
  const endpoint = `${entra.url}/${HOME.id}/oauth2/v2.0/token`;
  const now = Math.floor(Date.now() / 1000);

  function assertion({ header = {}, claims = {}, signer = REGISTERED, alg = 'PS256' }: Assertion = {}) {
    const thumbprint = createHash('sha256').update(new X509Certificate(signer.cert).raw).digest('base64url');
    const proper = { iss: CLIENT.id, sub: CLIENT.id, aud: endpoint, iat: now, nbf: now, exp: now + 60 };
    return new SignJWT({ ...proper, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg, typ: 'JWT', 'x5t#S256': thumbprint, ...header })
      .sign(createPrivateKey(signer.key));
  }

  async function call(parameters: Record<string, string>): Promise<string> {
    const proper = { client_id: CLIENT.id, grant_type: 'client_credentials', scope: 'https://graph.example/.default' };
    const body = new URLSearchParams({ ...proper, ...parameters });
    const answer = await fetch(endpoint, { method: 'POST', body });
    const { error, error_codes: codes = [] } = (await answer.json()) as { error?: string; error_codes?: number[] };
    return error ? `${answer.status} ${error} ${codes}` : String(answer.status);
  }

  const present = async (given?: Assertion) =>
    call({ client_assertion_type: TYPE, client_assertion: await assertion(given) });
  return { endpoint, entra, now, assertion, call, present };
}

t.test('an assertion that the registered certificate signed is taken, once', async t => {
  const { assertion, call, present } = await counter(t);
  t.equal(await present(), '200');
  const twice = { client_assertion_type: TYPE, client_assertion: await assertion() };
  t.equal(await call(twice), '200');
  t.equal(await call(twice), '401 invalid_client 50013');
});

t.test('an assertion that is not what it should be is refused', async t => {
  const { entra, now, present } = await counter(t);
  const table: [what: string, given: Assertion, number: number][] = [
    ['another certificate', { signer: OTHER }, 700027],
    ['another certificate under the name of the registered one', { signer: { ...REGISTERED, key: OTHER.key } }, 700027],
    ['the registered key under the name of another certificate', { signer: { ...OTHER, key: REGISTERED.key } }, 700027],
    ['another algorithm', { alg: 'RS256' }, 700027],
    ['no thumbprint', { header: { 'x5t#S256': undefined } }, 700027],
    ['the issuer as audience', { claims: { aud: `${entra.url}/${HOME.id}/v2.0` } }, 700023],
    ['the endpoint of another tenant', { claims: { aud: `${entra.url}/organizations/oauth2/v2.0/token` } }, 700023],
    ['another client', { claims: { sub: 'another-client' } }, 700021],
    ['an assertion that has ended', { claims: { exp: now - 1 } }, 700024],
    ['one that is not yet good', { claims: { nbf: now + 600 } }, 700024],
    ['one for an hour', { claims: { exp: now + 3600 } }, 700024],
    ['one without an end', { claims: { exp: undefined } }, 700021],
    ['one without an id', { claims: { jti: undefined } }, 700021],
  ];
  for (const [what, given, number] of table) t.equal(await present(given), `401 invalid_client ${number}`, what);
});

t.test('an assertion of an unknown type, or beside a secret, is refused', async t => {
  const { assertion, call } = await counter(t);
  const own = await assertion();
  t.equal(await call({ client_assertion: own }), '400 invalid_request 90014');
  t.equal(await call({ client_assertion: own, client_assertion_type: 'jwt' }), '400 invalid_request 90014');
  const both = { client_assertion: own, client_assertion_type: TYPE, client_secret: CLIENT.secret };
  t.equal(await call(both), '400 invalid_request 90014');
});

t.test('a federated token is taken as long as it is the one that the stand-in expects', async t => {
  const entra = await start(t, { clients: [{ ...CLIENT, federatedToken: 'a-token' }] });
  const call = async (token: string) => {
    const body = new URLSearchParams({
      client_id: CLIENT.id,
      grant_type: 'client_credentials',
      scope: 'https://graph.example/.default',
      client_assertion_type: TYPE,
      client_assertion: token,
    });
    return (await fetch(`${entra.url}/${HOME.id}/oauth2/v2.0/token`, { method: 'POST', body })).status;
  };
  t.equal(await call('a-token'), 200);
  t.equal(await call('another-token'), 401);
  t.equal(await call(''), 401);
});

import t from 'tap';
import type { FaultName } from '../../demo/entra/index.ts';
import { AGENTS, startWorld } from '../support/world.ts';

/** Every fault of an ID token, and the status that the sign-in ends in. */
const REFUSED: Readonly<Partial<Record<FaultName, 502 | 503 | 403>>> = {
  'alg-none': 502,
  'hs256-public-key': 502,
  'hs256-client-secret': 502,
  'wrong-key': 502,
  'unknown-kid': 502,
  'key-of-consumers': 502,
  'no-id-token': 502,
  'aud-wrong': 502,
  'aud-missing': 502,
  'iss-wrong': 502,
  'iss-missing': 502,
  'iss-of-another-tenant': 502,
  expired: 502,
  'exp-missing': 502,
  'exp-1e300': 502,
  'exp-string': 502,
  'nbf-future': 502,
  'iat-missing': 502,
  'iat-future': 502,
  'iat-past': 502,
  'nonce-missing': 502,
  'nonce-wrong': 502,
  'sub-missing': 502,
  'tid-missing': 502,
  'tid-not-a-guid': 502,
  'tid-of-another-tenant': 403,
  'tid-of-consumers': 403,
  'oid-missing': 502,
  'oid-number': 502,
  'ver-wrong': 502,
  'ver-missing': 502,
  'name-object': 502,
  'name-control-characters': 502,
  'username-control-characters': 502,
  'email-array': 502,
  'groups-string': 502,
  'groups-nested': 502,
  'groups-overage': 503,
};

t.test('an ID token with a fault signs nobody in and leaves an older session as it was', async t => {
  // Nobody is there to ask for groups.
  // More failed callbacks than one address may have.
  const settings = { limits: { signIn: 0 } };
  const { entra, halo, browser } = await startWorld(t, { settings, connection: { graph: 'http://127.0.0.1:1' } });
  const person = browser();
  entra.choose('agnes');
  await person.go(`${AGENTS}/ticket`);
  const older = person.cookies(AGENTS)['__Host-halogate'];
  t.ok(older);

  for (const [fault, status] of Object.entries(REFUSED) as [FaultName, number][]) {
    entra.faults.clear();
    entra.faults.on(fault);
    halo.clear();
    const stranger = browser();
    entra.choose('agnes');
    const page = await stranger.go(`${AGENTS}/ticket`);
    t.equal(page.status, status, fault);
    t.match(page.headers['content-type'], /^text\/html/, fault);
    t.equal(stranger.cookies(AGENTS)['__Host-halogate'], undefined, fault);
    t.equal(halo.received.length, 0, fault);

    const again = await person.go(`${AGENTS}/.halogate/sign-in?return=/ticket`);
    t.equal(again.status, status, `${fault}, over a session`);
    t.equal(person.cookies(AGENTS)['__Host-halogate'], older, fault);
  }
  entra.faults.clear();
  t.equal((await person.ask(`${AGENTS}/ticket`)).status, 200, 'the older session still serves');
});

t.test('the tenant that was turned away stands in the log, ready to be copied', async t => {
  const { entra, logs, browser } = await startWorld(t);
  entra.faults.on('tid-of-another-tenant');
  entra.choose('agnes');
  await browser().go(`${AGENTS}/ticket`);
  const refused = logs.find(line => line.msg === 'audit');
  t.match(refused, { event: { reason: 'TENANT_NOT_ADMITTED', outcome: 'failure' } });
  t.match(JSON.stringify(refused), /bbbbbbbb-0000-4000-8000-00000000000b/);
});

t.test("a provider's refusal becomes a page with words of our own and nothing of the provider's", async t => {
  const { entra, browser } = await startWorld(t);
  for (const [error, description, status, code] of [
    ['access_denied', 'AADSTS65004: declined', 400, 'SIGN_IN_CANCELLED'],
    ['access_denied', 'AADSTS50020: other tenant', 403, 'ACCOUNT_NOT_IN_ORGANISATION'],
    ['access_denied', 'AADSTS50105: not assigned', 403, 'ACCESS_NOT_ASSIGNED'],
    ['consent_required', 'AADSTS65001: consent', 403, 'CONSENT_REQUIRED'],
    ['unauthorized_client', 'AADSTS700016: unknown app', 403, 'ORGANISATION_NOT_SET_UP'],
    ['access_denied', 'AADSTS53003: policy', 403, 'BLOCKED_BY_POLICY'],
    ['invalid_grant', 'AADSTS50057: disabled', 403, 'ACCOUNT_DISABLED'],
    ['server_error', 'broken', 502, 'PROVIDER_ERROR'],
    ['<script>alert(1)</script>', '<img src=x>', 502, 'PROVIDER_ERROR'],
  ] as const) {
    entra.faults.authorizeError = { error, error_description: `${description} <b>markup</b>` };
    const page = await browser().go(`${AGENTS}/ticket`);
    t.equal(page.status, status, code);
    t.match(page.body, new RegExp(code));
    t.notMatch(page.body, /<b>markup|<script|<img src=x/);
  }
});

t.test('faults of the token endpoint say whose they are', async t => {
  const { entra, browser } = await startWorld(t);
  for (const [fault, status, code] of [
    ['token-down', 503, 'PROVIDER_UNREACHABLE'],
    ['token-500', 503, 'PROVIDER_UNREACHABLE'],
    ['token-429', 503, 'PROVIDER_UNREACHABLE'],
    ['token-invalid-client', 500, 'SIGN_IN_MISCONFIGURED'],
    ['token-invalid-grant', 400, 'CODE_REJECTED'],
    ['keys-500', 503, 'PROVIDER_UNREACHABLE'],
  ] as const) {
    entra.faults.clear();
    entra.faults.on(fault);
    entra.choose('agnes');
    const page = await browser().go(`${AGENTS}/ticket`);
    t.equal(page.status, status, fault);
    t.match(page.body, new RegExp(code), fault);
  }
});

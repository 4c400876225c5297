import type { Connection } from '../../config/index.ts';
import type { CredentialTrial } from '../../signin/index.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** What to do about Entra's numbers (AADSTS…). */
const BY_NUMBER: Readonly<Record<string, string>> = {
  7000215:
    'The secret is wrong: set the value that Entra showed when the secret was made (not its id), or make a new one under Certificates & secrets.',
  7000222: 'The secret has ended: make a new one under Certificates & secrets and set its value.',
  700016:
    'The tenant knows no such application: check "clientId" and the tenant; in a customer\'s tenant an administrator has to approve it first.',
  700027: 'The certificate is not registered with the application: upload it under Certificates & secrets.',
  700213:
    'No federated credential of the application matches: compare its issuer, subject and audience with the service account.',
  700024: 'The assertion is not valid at this time: set the clock of this machine.',
  90002: 'The tenant does not exist: check "tenant" and "authority".',
  500011: 'Microsoft Graph is not known there: check "graph", which differs from cloud to cloud.',
};

/** What to do about errors of OAuth (RFC 6749 section 5.2). */
const BY_ERROR: Readonly<Record<string, string>> = {
  invalid_client: 'Check "clientId" and "credential": the provider does not take them.',
  unauthorized_client: 'Check "clientId" and the tenant: the provider does not know the application.',
};

/** A trial of a credential in words. */
export function describeTrial(subject: string, { tenants, csp }: Connection, trial: CredentialTrial): Check {
  const at = 'tenant' in trial && trial.tenant !== undefined ? ` at the tenant ${trial.tenant}` : '';
  if (trial.result === 'accepted') return ok(subject, `The provider takes it${at}.`);
  if (trial.result === 'untried') {
    return trial.why === 'no-grant'
      ? warn(
          subject,
          'It cannot be tried: the provider does not say that it gives applications tokens (client_credentials). Sign in once to try it.',
        )
      : warn(subject, 'It cannot be tried without a tenant: list one in "tenants".');
  }
  const { code, detail } = trial.error;
  const { error, aadsts, why } = detail;
  const said = [error, aadsts && `AADSTS${aadsts}`, why].filter(Boolean).join(' ') || code;
  if (code === 'PROVIDER_UNREACHABLE')
    return fail(
      subject,
      `The provider cannot be asked${at} (${said}). Try again, and check that this machine reaches it.`,
    );
  const others =
    tenants.length + (csp ? 1 : 0) > 1 && aadsts === '700016' ? ', nor any of the others that were tried' : '';
  return fail(subject, `The provider refuses it${at}${others} (${said}). ${adviceOn(code, error, aadsts)}`);
}

function adviceOn(code: string, error: string | undefined, aadsts: string | undefined): string {
  const byNumber = aadsts === undefined ? undefined : BY_NUMBER[aadsts];
  if (byNumber !== undefined) return byNumber;
  if (code === 'ORGANISATION_NOT_SET_UP' && error === undefined)
    return 'The tenant does not exist: check its id and "authority".';
  return (
    BY_ERROR[error ?? ''] ?? 'Check "clientId" and "credential", and look the code up in the provider\'s documentation.'
  );
}

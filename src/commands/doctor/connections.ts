import type { Connection } from '../../config/index.ts';
import {
  createProvider,
  GraphError,
  readCustomers,
  SignInError,
  systemPace,
  tryCredential,
} from '../../signin/index.ts';
import { GRAPH_ADVICE } from '../graph-advice.ts';
import { type Check, fail, ok, reasonOf, warn } from './check.ts';
import { describeTrial } from './credential.ts';

/** How long a provider may take for one answer, and Graph for the whole list, in milliseconds. */
const PROVIDER_TIME = 10_000;
const GRAPH_TIME = 30_000;

/** By how much the clocks may differ, in milliseconds: more is told, and at what token checks tolerate sign-ins fail. */
const NOTABLE_SKEW = 10_000;
const FATAL_SKEW = 30_000;

/**
 * What signing in through a connection needs, tried in turn.
 * @param now milliseconds since the epoch
 */
export async function examineConnection(connection: Connection, now: () => number): Promise<readonly Check[]> {
  const subject = `connection ${connection.name}`;
  if (!connection.published)
    return [warn(subject, 'It is not published, so nobody signs in through it. Nothing was tried.')];
  const [keys, clock] = await Promise.all([examineKeys(connection, subject), examineClock(connection, subject, now)]);
  // A provider that cannot be asked would only be told of again.
  if (keys.some(({ verdict }) => verdict === 'FAIL')) return [...keys, ...clock];
  const [credential, customers] = await Promise.all([
    tryCredential(connection, AbortSignal.timeout(PROVIDER_TIME * 2)).then(trial =>
      describeTrial(`${subject}, client credential`, connection, trial),
    ),
    examineCustomers(connection, subject),
  ]);
  return [...keys, credential, ...customers, ...clock];
}

async function examineKeys(connection: Connection, subject: string): Promise<readonly Check[]> {
  const discovery = `${subject}, discovery`;
  let uri: string;
  try {
    uri = await createProvider(connection).keysUri();
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    const setting = connection.provider === 'entra' ? '"authority" and "tenant"' : '"issuer"';
    const why = `${connection.issuer} does not describe itself (${error.detail.why ?? error.code}).`;
    return [fail(discovery, `${why} Check ${setting}, and that this machine reaches it.`)];
  }
  return [ok(discovery, `${connection.issuer} describes itself.`), await fetchKeys(uri, `${subject}, keys`)];
}

async function fetchKeys(uri: string, subject: string): Promise<Check> {
  try {
    const answer = await fetch(uri, { redirect: 'manual', signal: AbortSignal.timeout(PROVIDER_TIME) });
    const count = answer.ok ? keysIn(await answer.json()) : 0;
    if (count > 0) return ok(subject, `${count} to verify ID tokens with.`);
    return fail(
      subject,
      `${uri} answers ${answer.status} without keys: no ID token can be verified. It is the provider's to mend.`,
    );
  } catch (error) {
    return fail(subject, `${uri} cannot be read (${reasonOf(error)}). Check that this machine reaches it.`);
  }
}

function keysIn(body: unknown): number {
  return typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys) ? body.keys.length : 0;
}

async function examineCustomers(connection: Connection, about: string): Promise<readonly Check[]> {
  const subject = `${about}, customers of the partner`;
  if (!connection.csp) return [];
  try {
    const options = { pace: systemPace, signal: AbortSignal.timeout(GRAPH_TIME) };
    const { length } = await readCustomers(connection, connection.csp, options);
    return [ok(subject, `Graph names ${length}; halogate tenants prints who is admitted.`)];
  } catch (error) {
    if (error instanceof GraphError) return [fail(subject, `${error.message}. ${GRAPH_ADVICE[error.code]}`)];
    return [fail(subject, `Graph could not be read (${reasonOf(error)}). ${GRAPH_ADVICE.GRAPH_UNREACHABLE}`)];
  }
}

/** Nothing where the provider does not answer with a date: discovery tells of a provider that does not answer. */
async function examineClock({ issuer }: Connection, about: string, now: () => number): Promise<readonly Check[]> {
  const subject = `${about}, clock`;
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const before = now();
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PROVIDER_TIME) }).catch(
    () => undefined,
  );
  const after = now();
  await answer?.body?.cancel();
  const date = Date.parse(answer?.headers.get('date') ?? '');
  if (Number.isNaN(date)) return [];
  // The header counts whole seconds, and was written at some time between.
  const skew = Math.max(0, before - (date + 1000), date - after);
  const seconds = `${Math.round(skew / 1000)} s`;
  if (skew < NOTABLE_SKEW) return [ok(subject, "It agrees with the provider's.")];
  const mend = 'Have this machine set its clock by NTP.';
  return skew < FATAL_SKEW
    ? [warn(subject, `It differs from the provider's by ${seconds}. ${mend}`)]
    : [
        fail(
          subject,
          `It differs from the provider's by ${seconds}: ID tokens are not valid yet, or no longer. ${mend}`,
        ),
      ];
}

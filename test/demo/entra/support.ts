import * as oidc from 'openid-client';
import type { Test } from 'tap';
import {
  type Choice,
  CLIENT,
  type Entra,
  type EntraOptions,
  HOME,
  type PersonKey,
  startEntra,
} from '../../../demo/entra/index.ts';
import { type Ask, Browser, locationOf, type Seen } from '../../support/browser.ts';
import { tagsOf, textOf } from '../../support/markup.ts';

export const REDIRECT_URI = 'http://localhost:8080/auth/account/azureresponse';

/** A stand-in that ends with the test. */
export async function start(t: Test, options: EntraOptions = {}): Promise<Entra> {
  const entra = await startEntra(options);
  t.teardown(() => entra.close());
  return entra;
}

/** openid-client as the gateway uses it: discovered, and checking signatures. */
export async function discover(entra: Entra, tenant = HOME.id): Promise<oidc.Configuration> {
  const server = new URL(`${entra.url}/${tenant}/v2.0`);
  const config = await oidc.discovery(server, CLIENT.id, undefined, oidc.ClientSecretPost(CLIENT.secret), {
    execute: [oidc.allowInsecureRequests],
  });
  oidc.enableNonRepudiationChecks(config);
  return config;
}

/** One sign-in: what was sent, and what its answer is checked against. */
export interface Attempt {
  readonly url: URL;
  readonly checks: oidc.AuthorizationCodeGrantChecks & { pkceCodeVerifier: string; expectedNonce: string };
}

export async function attempt(config: oidc.Configuration, params: Record<string, string> = {}): Promise<Attempt> {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid profile email offline_access',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...params,
  });
  return { url, checks };
}

/** Opens an address whose answer is a redirect, and returns where it leads. */
export async function follow(browser: Browser, url: URL | string, ask: Ask = {}): Promise<URL> {
  const seen = await browser.ask(url, ask);
  if (seen.headers.location === undefined) throw new Error(`No redirect, but ${seen.status}: ${textOf(seen.body)}`);
  return new URL(locationOf(seen));
}

/** Where the sign-in of a person, or its cancelling, leads a browser that was never here. */
export function callbackOf(entra: Entra, url: URL, choice: Choice): Promise<URL> {
  entra.choose(choice);
  return follow(new Browser({}), url);
}

/** Signs somebody in and redeems the code, checked as openid-client checks. */
export async function signIn(entra: Entra, config: oidc.Configuration, person: PersonKey = 'agnes') {
  const { url, checks } = await attempt(config);
  return oidc.authorizationCodeGrant(config, await callbackOf(entra, url, person), checks);
}

/** The claims of an ID token, unchecked. */
export function claimsOf(idToken: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

/** The hidden fields of a page's form, and where it is sent. */
export function formOf({ body, url }: Seen): { action: string; fields: Record<string, string> } {
  const tags = tagsOf(body);
  const action = tags.find(({ name }) => name === 'form')?.attributes.action ?? '';
  const hidden = tags.filter(({ attributes }) => attributes.type === 'hidden').map(({ attributes }) => attributes);
  const fields = Object.fromEntries(hidden.map(({ name = '', value = '' }) => [name, value]));
  return { action: new URL(action, url).href, fields };
}

/** How the token endpoint refuses a request; an answer that is no refusal is an error. */
export async function refusalOf(answer: Promise<unknown>): Promise<string> {
  const refused = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(refused instanceof oidc.ResponseBodyError))
    throw new Error('The token endpoint did not refuse.', { cause: refused });
  const [number = ''] = /^AADSTS\d+/.exec(refused.error_description ?? '') ?? [];
  return `${refused.status} ${refused.error} ${number}`;
}

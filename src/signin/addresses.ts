import type { Portal } from '../config/index.ts';

const SIGN_IN = '/.halogate/sign-in';
/** Where the provider sends a person after it has ended its own session; to be registered there. */
export const SIGNED_OUT = '/.halogate/signed-out';
/** Where the provider tells that it has ended its own session: through the browser, or by itself. */
export const FRONT_CHANNEL = '/.halogate/front-channel-sign-out';
export const BACK_CHANNEL = '/.halogate/back-channel-sign-out';

/** The hidden field by which the chooser's form says that it was sent. */
export const FROM_FORM = 'form';

/** What a sign-in may start with; every part is optional. */
export interface SignInParameters {
  /** Path and query of this host. */
  readonly returnPath?: string;
  readonly connection?: string;
  readonly portal?: string;
  readonly again?: boolean;
  /** The provider is to ask which account: the one that it would take by itself has just been turned away. */
  readonly switchAccount?: boolean;
  readonly loginHint?: string;
}

/** The path that starts a sign-in. */
export function signInPath(parameters: SignInParameters): string {
  const query = Object.entries(signInFields(parameters)).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return query.length === 0 ? SIGN_IN : `${SIGN_IN}?${query.join('&')}`;
}

/** The parameters of that path, as a form's hidden fields. */
export function signInFields(parameters: SignInParameters): Readonly<Record<string, string>> {
  const { returnPath, connection, portal, again, switchAccount, loginHint } = parameters;
  return {
    ...(returnPath === undefined ? {} : { return: returnPath }),
    ...(connection === undefined ? {} : { connection }),
    ...(portal === undefined ? {} : { portal }),
    ...(again ? { again: '1' } : {}),
    ...(switchAccount ? { switch: '1' } : {}),
    ...(loginHint === undefined ? {} : { login_hint: loginHint }),
  };
}

/** The callback address of a portal: what is sent to the provider as `redirect_uri` and registered there. */
export function redirectUri(portal: Pick<Portal, 'kind' | 'origin' | 'url'>, authPath: string): string {
  const base = portal.kind === 'agent' ? portal.origin : portal.url;
  return `${base}${authPath}/account/azureresponse`;
}

/** The path of a portal's start page. */
export function startPage(portal: Portal): string {
  return portal.path === '' ? '/' : portal.path;
}

import type { Portal } from '../config/index.ts';

const SIGN_IN = '/.halogate/sign-in';
/** Where the provider sends a person after it has ended its own session; to be registered there. */
export const SIGNED_OUT = '/.halogate/signed-out';

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
export function signInPath({
  returnPath,
  connection,
  portal,
  again,
  switchAccount,
  loginHint,
}: SignInParameters): string {
  const parameters = Object.entries({
    return: returnPath,
    connection,
    portal,
    again: again ? '1' : undefined,
    switch: switchAccount ? '1' : undefined,
    login_hint: loginHint,
  });
  const query = parameters.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return query.length === 0 ? SIGN_IN : `${SIGN_IN}?${query.join('&')}`;
}

/** The callback address of a portal: what is sent to the provider as `redirect_uri` and registered there. */
export function redirectUri(portal: Portal, authPath: string): string {
  const base = portal.kind === 'agent' ? portal.origin : portal.url;
  return `${base}${authPath}/account/azureresponse`;
}

/** The path of a portal's start page. */
export function startPage(portal: Portal): string {
  return portal.path === '' ? '/' : portal.path;
}

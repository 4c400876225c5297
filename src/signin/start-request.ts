import type { Portal } from '../config/index.ts';
import { choosePortal } from '../policy/index.ts';
import { cookieName } from '../sessions/index.ts';
import { FROM_FORM, type SignInParameters, startPage } from './addresses.ts';
import { readReturnPath } from './return-path.ts';
import type { SignInContext, Visit } from './visit.ts';

/** A longer hint is no name of an account; it would only burst the `state`. In characters. */
const MAX_LOGIN_HINT = 320;

/** A sign-in that is about to start, as it was asked for. */
export interface StartRequest {
  readonly portal: Portal;
  readonly returnPath: string;
  /** The connection that was named, whether there is one or not. */
  readonly connection?: string;
  readonly again: boolean;
  /** The provider is to ask which account. */
  readonly choose: boolean;
  /** Who is about to sign in: leads to a connection, and goes on to the provider's form. */
  readonly loginHint?: string;
  /** It was asked for with the chooser's form. */
  readonly fromForm: boolean;
}

/** Reads the parameters of `/.halogate/sign-in`; undefined where they name a portal that the host does not have. */
export function readStart({ locate, policy }: SignInContext, visit: Visit): StartRequest | undefined {
  const { parameters, place } = visit;
  const wanted = readReturnPath(locate, visit.origin, parameters.get('return') ?? undefined);
  const name = parameters.get('portal');
  const portal =
    name === null
      ? choosePortal(policy, (wanted ?? { place }).place, undefined, false)
      : place.hostPortals.find(candidate => candidate.name === name);
  if (!portal) return undefined;
  const connection = parameters.get('connection');
  const loginHint = parameters.get('login_hint')?.trim();
  return {
    portal,
    returnPath: wanted?.path ?? startPage(portal),
    ...(connection === null ? {} : { connection }),
    again: parameters.get('again') === '1',
    choose: parameters.get('switch') === '1' || visit.cookies.has(cookieName('out', visit.secure)),
    ...(loginHint && loginHint.length <= MAX_LOGIN_HINT ? { loginHint } : {}),
    fromForm: parameters.has(FROM_FORM),
  };
}

/** What a start was asked for with, so that a page on the way loses nothing of it. */
export function parametersOf(start: StartRequest): SignInParameters {
  const { returnPath, portal, connection, again, choose, loginHint } = start;
  return {
    returnPath,
    portal: portal.name,
    again,
    switchAccount: choose,
    ...(connection === undefined ? {} : { connection }),
    ...(loginHint === undefined ? {} : { loginHint }),
  };
}

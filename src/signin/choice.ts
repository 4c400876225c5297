import type { Answer } from '../answers/index.ts';
import type { Connection } from '../config/index.ts';
import { chooser } from '../pages/index.ts';
import { cookieName } from '../sessions/index.ts';
import { FROM_FORM, signInFields, signInPath } from './addresses.ts';
import { homesOf } from './home-realm.ts';
import { parametersOf, type StartRequest } from './start-request.ts';
import type { SignInContext, Visit } from './visit.ts';

/** What is left to choose from, where a start leads to no connection by itself. */
export interface Choices {
  readonly among: readonly Connection[];
  /** Some connection is found by an address. */
  readonly byAddress: boolean;
  /** An address was given, and it leads nowhere. */
  readonly unmatched: boolean;
}

/**
 * The one connection, where there is but one, or an address leads to one alone; else those that are left to choose from: those
 * to which the address leads, or all of them.
 */
export function chooseConnection(
  candidates: readonly [Connection, ...Connection[]],
  { loginHint }: StartRequest,
): Connection | Choices {
  const [first, ...others] = candidates;
  if (others.length === 0) return first;
  const homes = loginHint === undefined ? [] : homesOf(candidates, loginHint);
  const [home, ...furtherHomes] = homes;
  if (home && furtherHomes.length === 0) return home;
  return {
    among: home ? homes : candidates,
    byAddress: candidates.some(({ domains }) => domains.length > 0),
    unmatched: loginHint !== undefined && !home,
  };
}

/**
 * The page on which a person chooses. What this browser used last comes first; where some connection is found by an address, one
 * may be typed.
 */
export function chooserPage(
  { answers, browser }: SignInContext,
  visit: Visit,
  start: StartRequest,
  { among, byAddress, unmatched }: Choices,
): Answer {
  const last = browser.lastConnection(visit.cookies.get(cookieName('last', visit.secure)));
  const { loginHint = '', ...others } = parametersOf(start);
  const choices = among.map(({ name }) => ({
    name,
    href: signInPath({ ...parametersOf(start), connection: name }),
    last: name === last,
  }));
  const form = { fields: { ...signInFields(others), [FROM_FORM]: '1' }, value: loginHint, unmatched };
  return answers.page(visit.audience, 200, chooser({ choices, ...(byAddress ? { form } : {}) }));
}

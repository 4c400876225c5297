import type { PageAction, PageContent } from './api.ts';
import { texts } from './texts/index.ts';

/** Where a sign-in starts. */
const SIGN_IN = '/.halogate/sign-in';

/** A connection to choose. */
export interface Choice {
  /** The connection's name. */
  readonly name: string;
  /** The path that starts a sign-in through it. */
  readonly href: string;
  /** This browser used it last: it is marked and comes first. */
  readonly last: boolean;
}

/** Finds the connection by an e-mail address: GET to `/.halogate/sign-in` with `login_hint` and the fields given. */
export interface AddressForm {
  /**
   * Hidden fields of the form. One of them has to tell the answer that the form was sent: a browser lets no form of the page be
   * redirected off the host (`form-action 'self'` holds for redirects), so what leads on to a provider is {@link moveOn}, not a 302.
   */
  readonly fields: Readonly<Record<string, string>>;
  /** The address that was given before, else empty. */
  readonly value: string;
  /** No connection serves that address. */
  readonly unmatched: boolean;
}

/** Asks which connection to sign in through. */
export function chooser(input: {
  readonly choices: readonly Choice[];
  /** Left out: no connection is found by an address. */
  readonly form?: AddressForm;
}): PageContent {
  const { heading, paragraphs, choice, last } = texts.chooser;
  const { form } = input;
  const lastFirst = [...input.choices].sort((one, other) => Number(other.last) - Number(one.last));
  return {
    heading,
    paragraphs,
    actions: [
      ...lastFirst.map(
        (given): PageAction => ({
          kind: 'link',
          href: given.href,
          label: choice(given.name),
          ...(given.last ? { note: last, primary: true } : {}),
        }),
      ),
      ...(form === undefined ? [] : [addressForm(form)]),
    ],
  };
}

function addressForm({ fields, value, unmatched }: AddressForm): PageAction {
  const { address, problem, submit } = texts.chooser;
  return {
    kind: 'address',
    action: SIGN_IN,
    label: submit,
    fields,
    input: { name: 'login_hint', label: address, value, ...(unmatched ? { problem } : {}) },
  };
}

/** Leads on at once, as a navigation of its own, and offers the same as a link. @param input.href where to, a path of this host */
export function moveOn(input: { readonly href: string }): PageContent {
  const { heading, paragraphs, action } = texts.moveOn;
  return {
    heading,
    paragraphs,
    actions: [{ kind: 'link', href: input.href, label: action, primary: true }],
    moveTo: input.href,
  };
}

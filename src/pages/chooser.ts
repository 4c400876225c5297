import type { AddressAction, PageAction, PageContent } from './api.ts';
import { isolated } from './names.ts';
import { primaryLink, said } from './said.ts';
import type { Texts } from './texts/index.ts';

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
  const { choices, form } = input;
  const lastFirst = [...choices].sort((one, other) => Number(other.last) - Number(one.last));
  return {
    say: texts => {
      const [heading, ...paragraphs] = texts.chooser.words;
      return {
        heading,
        paragraphs: choices.length > 0 ? paragraphs : [texts.chooser.addressAlone],
        actions: [
          ...lastFirst.map(choice => linkTo(choice, texts)),
          ...(form === undefined ? [] : [addressForm(form, choices.length === 0, texts)]),
        ],
      };
    },
  };
}

function linkTo({ name, href, last }: Choice, { actions, chooser: { last: note } }: Texts): PageAction {
  const label = actions.signInThrough(isolated(name));
  return { kind: 'link', href, label, ...(last ? { note, primary: true } : {}) };
}

function addressForm({ fields, value, unmatched }: AddressForm, alone: boolean, texts: Texts): AddressAction {
  const { address, addressBelow, unmatched: problem } = texts.chooser;
  return {
    kind: 'address',
    action: SIGN_IN,
    label: texts.actions.goOn,
    fields,
    input: {
      name: 'login_hint',
      label: alone ? address : addressBelow,
      value,
      ...(unmatched ? { problem } : {}),
    },
    primary: alone,
  };
}

/** Leads on at once, as a navigation of its own, and offers the same as a link. @param input.href where to, a path of this host */
export function moveOn(input: { readonly href: string }): PageContent {
  return {
    say: ({ moveOn: words, actions }) => said(words, primaryLink(input.href, actions.goOn)),
    moveTo: input.href,
  };
}

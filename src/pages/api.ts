import type { Texts } from './texts/index.ts';

/** A page before anybody knows in which language: whoever makes one need not know either. */
export interface PageContent {
  /** What the page says and where it leads, in the words of one language. */
  readonly say: (texts: Texts) => Said;
  /** The stable code, shown small with the request id. */
  readonly code?: string;
  readonly requestId?: string;
  /** Origins beside `'self'` that a form of the page may lead to (the provider's sign-out). */
  readonly formTargets?: readonly string[];
  /** The browser goes there at once; a path of the host. */
  readonly moveTo?: string;
  /** The page may stand in a frame (rule 11 in a frame). */
  readonly framed?: boolean;
}

/** The words of an error: its stable code stands on the page and in the problem document alike. */
export interface ErrorContent extends PageContent {
  readonly code: string;
}

/** What a person reads: words and ways on, no markup. Everything in it is text and is escaped when it is rendered. */
export interface Said {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly actions?: readonly PageAction[];
  /** Further rows of small print, such as the provider's correlation id. */
  readonly details?: readonly { readonly label: string; readonly value: string }[];
}

export type PageAction =
  | {
      readonly kind: 'link';
      readonly href: string;
      readonly label: string;
      /** A word or two beside the label. */
      readonly note?: string;
      readonly newWindow?: boolean;
      readonly primary?: boolean;
    }
  | {
      /** Asks for the page's own address once more, by GET. */
      readonly kind: 'again';
      readonly label: string;
      readonly primary?: boolean;
    }
  | {
      readonly kind: 'form';
      /** POST target, a path of this host. */
      readonly action: string;
      readonly label: string;
      readonly fields?: Readonly<Record<string, string>>;
      readonly primary?: boolean;
    }
  | AddressAction;

/** Asks for an e-mail address. */
export interface AddressAction {
  readonly kind: 'address';
  /** GET target, a path of this host. */
  readonly action: string;
  /** Of the button. */
  readonly label: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly input: {
    readonly name: string;
    readonly label: string;
    readonly value: string;
    /** What is wrong with the value. */
    readonly problem?: string;
  };
  readonly primary?: boolean;
}

export interface RenderedPage {
  readonly html: string;
  /** Content-Type, Content-Language, Content-Security-Policy, Referrer-Policy, X-Content-Type-Options, Cache-Control. */
  readonly headers: Readonly<Record<string, string>>;
}

import type { SignInFailedCode } from '../failures.ts';

/** What happened, and what to do next: the heading, then the paragraphs. */
export type Words = readonly [heading: string, first: string, ...more: string[]];

/** A sentence about a name. The name comes marked, so that its direction of writing stays its own: put it in as it is. */
type About = (name: string) => string;

/**
 * Every word of the pages in one language. Written for people who want to reach their helpdesk and know nothing of sign-in: no
 * technical term, what happened and what to do next, in short sentences.
 */
export interface Texts {
  readonly direction: 'ltr' | 'rtl';

  /** Labels of what whoever is asked for help wants to know. */
  readonly smallPrint: {
    readonly code: string;
    readonly requestId: string;
    /** Of the organisation's id. */
    readonly organisation: string;
    /** Of the sign-in service's own number of an error. */
    readonly providerCode: string;
    /** Of the number by which the sign-in service knows an attempt. */
    readonly correlationId: string;
  };
  readonly support: { readonly question: string; readonly link: string };

  /** Labels of links and buttons. */
  readonly actions: {
    readonly tryAgain: string;
    readonly signIn: string;
    readonly signInAgain: string;
    readonly useAnother: string;
    readonly signOut: string;
    readonly staySignedIn: string;
    readonly goOn: string;
    /** Goes on with the session that is there. */
    readonly goOnAsYouAre: string;
    readonly openWindow: string;
    readonly toStart: string;
    /** Leads an administrator of the person's organisation to where they approve the helpdesk. */
    readonly approve: string;
    readonly signInThrough: About;
    readonly toPortal: About;
  };

  readonly chooser: {
    readonly words: Words;
    /** Said instead of the paragraph where there is an address to enter and nothing to choose. */
    readonly addressAlone: string;
    /** Beside the choice that this browser used last. */
    readonly last: string;
    /** Label of the field, below choices and alone. */
    readonly addressBelow: string;
    readonly address: string;
    readonly unmatched: string;
  };
  readonly moveOn: Words;
  readonly askBeforeSwitching: {
    readonly heading: string;
    readonly who: About;
    readonly somebody: string;
    readonly why: string;
  };
  readonly notAdmitted: {
    readonly heading: string;
    readonly who: (person: string, portal: string) => string;
    /** Where other portals are open, and where none is. */
    readonly elsewhere: string;
    readonly nowhere: string;
  };
  readonly signInRequired: Words;
  readonly framedSignIn: Words;
  readonly sessionMissing: Words;
  readonly signedOut: Words;
  readonly signOutQuestion: {
    readonly heading: string;
    readonly who: About;
    readonly somebody: string;
    readonly unsaved: string;
  };
  readonly nativeSignInRefused: Words;

  readonly signInFailed: Readonly<Record<SignInFailedCode, Words>>;
  /** The first paragraph of TENANT_NOT_ADMITTED where the organisation is known. */
  readonly organisationNotAdmitted: About;

  readonly gateway: {
    readonly upstreamUnreachable: Words;
    readonly upstreamTimeout: Words;
    readonly clientTimeout: Words;
    readonly storeUnreachable: Words;
    readonly tooManyRequests: Words;
    readonly internalError: Words;
    readonly badRequest: Words;
    readonly badTarget: Words;
    readonly unknownHost: Words;
    readonly notFound: Words;
    readonly methodNotAllowed: Words;
    readonly crossOrigin: Words;
    readonly noConnection: Words;
  };
}

import { gateway } from './gateway.ts';
import { signInFailed } from './sign-in-failed.ts';
import { isolated, personOf } from './words.ts';

export type { FailureWords, Words } from './words.ts';

/**
 * Every word of the pages stands in this folder. Written for people who want to reach their helpdesk and know nothing of sign-in: each page says what
 * happened and what to do next.
 */
export const texts = {
  language: 'en',

  smallPrint: {
    code: 'Code',
    requestId: 'Request number',
    tenant: 'Organisation',
    providerCode: 'Provider code',
    correlationId: 'Correlation id',
  },
  toStart: 'Go to the start page',
  support: { question: 'Need help?', link: 'Contact support' },

  chooser: {
    heading: 'Sign in',
    paragraphs: ['Choose how you want to sign in.'],
    choice: (name: string) => `Continue with ${name}`,
    last: 'Used last time',
    address: 'Or enter your work e-mail address',
    problem: 'No way to sign in is known for this address. Check it for a typing mistake, or choose from the list.',
    submit: 'Continue',
  },

  moveOn: {
    heading: 'On to the sign-in',
    paragraphs: ['You are being taken there.'],
    action: 'Continue',
  },

  askBeforeSwitching: {
    heading: 'You are already signed in',
    paragraphs: (name: string | undefined) => [
      name ? `You are signed in as ${isolated(name)}.` : 'Somebody is signed in with this browser already.',
      'A link from another site asked to sign you in again. Go on as you are, or sign in again if you want to use another account.',
    ],
    goOn: 'Continue without signing in again',
    signIn: 'Sign in again',
  },

  notAdmitted: {
    heading: 'You do not have access to this portal',
    paragraphs: (name: string, username: string, portal: string, others: boolean) => [
      `You are signed in as ${personOf(name, username)}. This account may not enter the portal “${isolated(portal)}”.`,
      others
        ? 'You can go to a portal that is open to you, or use another account. If you think that you should have access, ask your IT administrator.'
        : 'Use another account, or ask your IT administrator for access.',
    ],
    open: (portal: string) => `Go to ${portal}`,
    useAnother: 'Use another account',
    signOut: 'Sign out',
  },

  signInRequired: {
    heading: 'Please sign in',
    paragraphs: [
      'You are not signed in, or your session has ended. What you were sending has not been saved.',
      'Sign in, then send it again.',
    ],
    action: 'Sign in',
  },

  framedSignIn: {
    heading: 'Please sign in',
    paragraphs: [
      'This part of the page needs you to sign in, which is not possible inside another page.',
      'Open it in a window of its own and sign in there.',
    ],
    action: 'Open in a new window',
  },

  sessionMissing: {
    heading: 'Nobody is signed in',
    paragraphs: ['There is no session in this browser, or it has ended.', 'Sign in to go on.'],
  },

  signedOut: {
    heading: 'You are signed out',
    paragraphs: [
      'You have left the helpdesk. On a shared computer, close all windows of the browser as well.',
      'You can sign in again whenever you like.',
    ],
    action: 'Sign in again',
  },

  signOutQuestion: {
    heading: 'Do you want to sign out?',
    paragraphs: (name: string | undefined) => [
      name ? `You are signed in as ${isolated(name)}.` : 'This ends your session in this browser.',
      'Anything that you have not saved will be lost.',
    ],
    signOut: 'Sign out',
    cancel: 'Stay signed in',
  },

  nativeSignInRefused: {
    heading: 'Sign in with your organisation’s account',
    paragraphs: [
      'Signing in with a user name and password of the helpdesk itself is switched off here.',
      'Use the account of your organisation instead.',
    ],
    action: 'Sign in',
  },

  signInFailed,
  gateway,
} as const;

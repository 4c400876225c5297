import { ASK_SUPPORT, type FailureWords, isolated } from './words.ts';

/** Sign-ins that failed, by code. */
export const signInFailed = {
  SIGN_IN_CANCELLED: {
    heading: 'Sign-in was cancelled',
    paragraphs: [
      'You closed the sign-in page or chose not to go on, so you are not signed in.',
      'If that was not what you wanted, try again.',
    ],
    action: 'Try again',
  },
  ACCOUNT_NOT_IN_ORGANISATION: {
    heading: 'This account cannot be used here',
    paragraphs: [
      'The account that you chose does not belong to the organisation that runs this helpdesk. It may be a private account, or one from another organisation.',
      'Sign in with your work or school account instead.',
    ],
    action: 'Use another account',
  },
  TENANT_NOT_ADMITTED: {
    heading: 'Your organisation is not registered here',
    paragraphs: organisation => [
      organisation === undefined
        ? 'Signing in worked, but accounts of your organisation may not enter this helpdesk.'
        : `Signing in worked, but accounts of your organisation (${isolated(organisation)}) may not enter this helpdesk.`,
      'Sign in with an account of another organisation, or ask the helpdesk to register yours.',
      'For the administrator of the helpdesk: the organisation’s id is shown below. Add it to the organisations that may sign in.',
    ],
    action: 'Use another account',
  },
  ACCESS_NOT_ASSIGNED: {
    heading: 'You have not been given access yet',
    paragraphs: [
      'Your account is known, but nobody has given it access to this helpdesk.',
      'Ask your IT administrator for access, then try again.',
    ],
    action: 'Try again',
  },
  CONSENT_REQUIRED: {
    heading: 'Your organisation must approve this helpdesk first',
    paragraphs: [
      'An administrator of your organisation has to allow its accounts to sign in here. You cannot do this yourself.',
      'Ask your IT administrator to approve it, then try again.',
    ],
    action: 'Try again',
    approve: 'Approve it as an administrator',
  },
  ORGANISATION_NOT_SET_UP: {
    heading: 'Sign-in is not set up for your organisation',
    paragraphs: [
      'The sign-in service does not know this helpdesk in your organisation, so nobody from there can sign in yet.',
      'Contact your helpdesk and tell them the code and request number below.',
    ],
    action: 'Use another account',
  },
  INTERACTION_REQUIRED: {
    heading: 'Please sign in once more',
    paragraphs: [
      'The sign-in service wants to ask you something, such as your password or a code, before it lets you in.',
      'Sign in again and answer what it asks.',
    ],
    action: 'Sign in again',
  },
  BLOCKED_BY_POLICY: {
    heading: 'Your organisation does not allow this sign-in',
    paragraphs: [
      'A security rule of your organisation stopped it. The rule may ask for a device that your organisation manages, or for another network or place.',
      'Try again from your work computer. If that does not help, give your IT administrator the numbers below: they show which rule it was.',
    ],
    action: 'Try again',
  },
  ACCOUNT_DISABLED: {
    heading: 'This account is switched off',
    paragraphs: [
      'Your organisation has disabled the account, so it can no longer sign in.',
      'Use another account, or ask your IT administrator to switch it on again.',
    ],
    action: 'Use another account',
  },
  SIGN_IN_MISCONFIGURED: {
    heading: 'Sign-in is out of order',
    paragraphs: [
      'Something is wrong with the settings of this helpdesk. You did nothing wrong, and trying again will not help until it is mended.',
      'Contact your helpdesk and tell them the code and request number below.',
    ],
  },
  SIGN_IN_LOOP: {
    heading: 'Sign-in went round in circles',
    paragraphs: [
      'Your browser was sent to the sign-in service again and again, so we stopped it.',
      `Close all windows of this browser, open it again and sign in. ${ASK_SUPPORT}`,
    ],
    action: 'Sign in again',
  },
  PROVIDER_ERROR: {
    heading: 'The sign-in service reported an error',
    paragraphs: ['Your sign-in could not be finished. This is often gone a moment later.', `Try again. ${ASK_SUPPORT}`],
    action: 'Try again',
  },
  CODE_REJECTED: {
    heading: 'This sign-in has expired',
    paragraphs: [
      'It took too long, was already used, or your organisation has ended it in the meantime.',
      'Sign in again to go on.',
    ],
    action: 'Sign in again',
  },
  PROVIDER_UNREACHABLE: {
    heading: 'The sign-in service cannot be reached',
    paragraphs: [
      'We cannot sign anybody in just now. Whoever is signed in already can go on working.',
      'Wait a moment and try again.',
    ],
    action: 'Try again',
  },
  TOKEN_INVALID: {
    heading: 'The sign-in could not be verified',
    paragraphs: [
      'The answer of the sign-in service did not pass our checks. For your protection you are not signed in.',
      `Try again. ${ASK_SUPPORT}`,
    ],
    action: 'Try again',
  },
  GROUPS_OVERAGE: {
    heading: 'Your memberships could not be read',
    paragraphs: [
      'Your account belongs to so many groups that the sign-in service did not list them, so we cannot tell what you may open.',
      'Contact your helpdesk and tell them the code and request number below.',
    ],
  },
  CALLBACK_INVALID: {
    heading: 'This sign-in cannot be finished',
    paragraphs: [
      'The address is incomplete, or it belongs to a sign-in that is already over. This happens with a bookmark or the Back button.',
      'Start again from here.',
    ],
    action: 'Sign in again',
  },
  COOKIES_BLOCKED: {
    heading: 'Your browser does not keep our cookies',
    paragraphs: [
      'Signing in needs cookies, and this browser did not send ours back. They may be blocked, or sign-in began in another browser or app.',
      'Allow cookies for this site, or open it in another browser, and sign in again.',
    ],
    action: 'Sign in again',
  },
} as const satisfies Readonly<Record<string, FailureWords & { readonly approve?: string }>>;

import type { Texts } from './texts.ts';

/** The last sentence where only the helpdesk can tell more. */
const ASK_SUPPORT = 'If it keeps happening, contact your helpdesk and tell them the code and request number below.';
/** The way on where nothing else helps. */
const CALL_SUPPORT = 'Contact your helpdesk and tell them the code and request number below.';

/** English. */
export const en: Texts = {
  direction: 'ltr',
  smallPrint: {
    code: 'Code',
    requestId: 'Request number',
    organisation: 'Organisation',
    providerCode: 'Provider code',
    correlationId: 'Correlation id',
  },
  support: { question: 'Need help?', link: 'Contact support' },
  actions: {
    tryAgain: 'Try again',
    signIn: 'Sign in',
    signInAgain: 'Sign in again',
    useAnother: 'Use another account',
    signOut: 'Sign out',
    staySignedIn: 'Stay signed in',
    goOn: 'Continue',
    goOnAsYouAre: 'Continue without signing in again',
    openWindow: 'Open in a new window',
    toStart: 'Go to the start page',
    approve: 'Approve as an administrator',
    signInThrough: name => `Continue with ${name}`,
    toPortal: portal => `Go to ${portal}`,
  },

  chooser: {
    words: ['Sign in', 'Choose how you want to sign in.'],
    addressAlone: 'Your e-mail address tells us where you sign in.',
    last: 'Used last time',
    addressBelow: 'Or enter your work e-mail address',
    address: 'Work e-mail address',
    unmatched: 'We know no way to sign in with this address. Check it for a typing mistake.',
  },
  moveOn: ['On to the sign-in', 'You are being taken there.'],
  askBeforeSwitching: {
    heading: 'You are already signed in',
    who: name => `You are signed in as ${name}.`,
    somebody: 'Somebody is signed in with this browser already.',
    why: 'A link from another site asked to sign you in again. Go on as you are, or sign in again if you want to use another account.',
  },
  notAdmitted: {
    heading: 'You do not have access to this portal',
    who: (person, portal) => `You are signed in as ${person}. This account may not enter the portal “${portal}”.`,
    elsewhere:
      'You can go to a portal that is open to you, or use another account. If you think that you should have access, ask your IT administrator.',
    nowhere: 'Use another account, or ask your IT administrator for access.',
  },
  signInRequired: [
    'Please sign in',
    'You are not signed in, or your session has ended. What you were sending has not been saved.',
    'Sign in, then send it again.',
  ],
  framedSignIn: [
    'Please sign in',
    'This part of the page needs you to sign in, which is not possible inside another page.',
    'Open it in a window of its own and sign in there.',
  ],
  sessionMissing: ['Nobody is signed in', 'There is no session in this browser, or it has ended.', 'Sign in to go on.'],
  signedOut: [
    'You are signed out',
    'You have left the helpdesk. On a shared computer, close all windows of the browser as well.',
    'You can sign in again whenever you like.',
  ],
  signOutQuestion: {
    heading: 'Do you want to sign out?',
    who: name => `You are signed in as ${name}.`,
    somebody: 'This ends your session in this browser.',
    unsaved: 'Anything that you have not saved will be lost.',
  },
  nativeSignInRefused: [
    'Sign in with your organisation’s account',
    'Signing in with a user name and password of the helpdesk itself is switched off here.',
    'Use the account of your organisation instead.',
  ],

  signInFailed: {
    SIGN_IN_CANCELLED: [
      'Sign-in was cancelled',
      'You closed the sign-in page or chose not to go on, so you are not signed in.',
      'If that was not what you wanted, try again.',
    ],
    ACCOUNT_NOT_IN_ORGANISATION: [
      'This account cannot be used here',
      'The account that you chose does not belong to the organisation that runs this helpdesk. It may be a private account, or one from another organisation.',
      'Sign in with your work or school account instead.',
    ],
    TENANT_NOT_ADMITTED: [
      'Your organisation is not registered here',
      'Signing in worked, but accounts of your organisation may not enter this helpdesk.',
      'Sign in with an account of another organisation, or ask the helpdesk to register yours.',
      'For the administrator of the helpdesk: the organisation’s id stands below. Add it to the organisations that may sign in.',
    ],
    ACCESS_NOT_ASSIGNED: [
      'You have not been given access yet',
      'Your account is known, but nobody has given it access to this helpdesk.',
      'Ask your IT administrator for access, then try again.',
    ],
    CONSENT_REQUIRED: [
      'Your organisation must approve this helpdesk first',
      'An administrator of your organisation has to allow its accounts to sign in here. You cannot do this yourself.',
      'Ask your IT administrator to approve it, then try again.',
    ],
    ORGANISATION_NOT_SET_UP: [
      'Sign-in is not set up for your organisation',
      'The sign-in service does not know this helpdesk in your organisation, so nobody from there can sign in yet.',
      CALL_SUPPORT,
    ],
    INTERACTION_REQUIRED: [
      'Please sign in once more',
      'The sign-in service wants to ask you something, such as your password or a code, before it lets you in.',
      'Sign in again and answer what it asks.',
    ],
    BLOCKED_BY_POLICY: [
      'Your organisation does not allow this sign-in',
      'A security rule of your organisation stopped it. The rule may ask for a device that your organisation manages, or for another network or place.',
      'Try again from your work computer. If that does not help, give your IT administrator the numbers below: they show which rule it was.',
    ],
    ACCOUNT_DISABLED: [
      'This account is switched off',
      'Your organisation has disabled the account, so it can no longer sign in.',
      'Use another account, or ask your IT administrator to switch it on again.',
    ],
    SIGN_IN_MISCONFIGURED: [
      'Sign-in is out of order',
      'Something is wrong with the settings of this helpdesk. You did nothing wrong, and trying again will not help until it is mended.',
      CALL_SUPPORT,
    ],
    SIGN_IN_LOOP: [
      'Sign-in went round in circles',
      'Your browser was sent to the sign-in service again and again, so we stopped it.',
      `Close all windows of this browser, open it again and sign in. ${ASK_SUPPORT}`,
    ],
    PROVIDER_ERROR: [
      'The sign-in service reported an error',
      'Your sign-in could not be finished. This is often gone a moment later.',
      `Try again. ${ASK_SUPPORT}`,
    ],
    CODE_REJECTED: [
      'This sign-in has expired',
      'It took too long, was already used, or your organisation has ended it in the meantime.',
      'Sign in again to go on.',
    ],
    PROVIDER_UNREACHABLE: [
      'The sign-in service cannot be reached',
      'We cannot sign anybody in just now. Whoever is signed in already can go on working.',
      'Wait a moment and try again.',
    ],
    TOKEN_INVALID: [
      'The sign-in could not be verified',
      'The answer of the sign-in service did not pass our checks. For your protection you are not signed in.',
      `Try again. ${ASK_SUPPORT}`,
    ],
    GROUPS_OVERAGE: [
      'Your memberships could not be read',
      'Your account belongs to so many groups that the sign-in service did not list them, so we cannot tell what you may open.',
      CALL_SUPPORT,
    ],
    GROUPS_UNREACHABLE: [
      'Your memberships cannot be read just now',
      'Your account belongs to so many groups that we have to ask for them elsewhere, and there is no answer. Without it we cannot tell what you may open.',
      'Wait a moment and try again.',
    ],
    CALLBACK_INVALID: [
      'This sign-in cannot be finished',
      'The address is incomplete, or it belongs to a sign-in that is already over. This happens with a bookmark or the Back button.',
      'Start again from here.',
    ],
    COOKIES_BLOCKED: [
      'Your browser does not keep our cookies',
      'Signing in needs cookies, and this browser did not send ours back. They may be blocked, or sign-in began in another browser or app.',
      'Allow cookies for this site, or open it in another browser, and sign in again.',
    ],
  },
  organisationNotAdmitted: organisation =>
    `Signing in worked, but accounts of your organisation (${organisation}) may not enter this helpdesk.`,

  gateway: {
    upstreamUnreachable: [
      'The helpdesk cannot be reached',
      'It does not answer at the moment. You have not been signed out.',
      `Wait a moment and try again. ${ASK_SUPPORT}`,
    ],
    upstreamTimeout: [
      'The helpdesk takes too long to answer',
      'We waited for it and had to give up. If you were sending something, look whether it has arrived before you send it again.',
      `Wait a moment and try again. ${ASK_SUPPORT}`,
    ],
    clientTimeout: [
      'Your request did not arrive whole',
      'The connection was too slow or stopped half-way.',
      'Check your connection and try again.',
    ],
    storeUnreachable: [
      'We cannot check your sign-in just now',
      'A part of the service is not available. If you were signed in, you still are.',
      `Wait a moment and try again. ${ASK_SUPPORT}`,
    ],
    tooManyRequests: [
      'Too many sign-ins at once',
      'More people at your address are signing in just now than we allow, or one of them very often. If you were signed in, you still are.',
      `Wait a minute and try again. ${ASK_SUPPORT}`,
    ],
    internalError: [
      'Something went wrong',
      'An error on our side kept us from answering.',
      `Try again. ${ASK_SUPPORT}`,
    ],
    badRequest: [
      'This request cannot be read',
      'Your browser sent something that has more than one meaning, so we did not pass it on.',
      `Load the page again. ${ASK_SUPPORT}`,
    ],
    badTarget: [
      'This address cannot be opened',
      'It holds characters that may not stand in an address here.',
      'Check the address, or go to the start page of the helpdesk and find your way from there.',
    ],
    unknownHost: [
      'There is no helpdesk at this address',
      'The server was reached, but not under a name that it knows.',
      'Check the address in your browser for a typing mistake, or ask your helpdesk for the right one.',
    ],
    notFound: [
      'This page does not exist',
      'The address may be incomplete or out of date.',
      'Go to the start page of the helpdesk and find your way from there.',
    ],
    methodNotAllowed: [
      'This address cannot be used in that way',
      'The page exists, but not for what your browser asked of it.',
      'Go back, load the page again and try once more.',
    ],
    crossOrigin: [
      'This came from another site',
      'A page outside this helpdesk tried to change something here in your name. We stopped it for your protection.',
      'If you wanted to do this, open the helpdesk itself and do it there.',
    ],
    noConnection: [
      'You cannot sign in this way',
      'This way of signing in is not offered here, or no longer. The link may be out of date.',
      'Go to the start page of the helpdesk and sign in from there.',
    ],
  },
};

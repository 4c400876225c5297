import * as pages from '../../src/pages/index.ts';

const SIGN_IN = '/.halogate/sign-in?return=%2Ftickets';
const CORRELATION = '2f3c6c1e-5b8a-4c0d-9e51-7a90c1d2e3f4';
const TENANT = { id: 'aaaaaaaa-0000-4000-8000-00000000000a', name: 'Contoso' };
const FORM = { fields: { return: '/tickets', portal: 'customers' }, value: '', unmatched: false };

/** Sign-ins that failed, by code. A record rather than a list: it does not type-check while a code is missing from it. */
const FAILED: Readonly<Record<pages.SignInFailedCode, pages.SignInFacts>> = {
  SIGN_IN_CANCELLED: { correlationId: CORRELATION },
  ACCOUNT_NOT_IN_ORGANISATION: { providerCode: 'AADSTS50020', correlationId: CORRELATION },
  TENANT_NOT_ADMITTED: { tenant: TENANT },
  ACCESS_NOT_ASSIGNED: { providerCode: 'AADSTS50105', correlationId: CORRELATION },
  CONSENT_REQUIRED: { providerCode: 'AADSTS65001', correlationId: CORRELATION },
  ORGANISATION_NOT_SET_UP: { providerCode: 'AADSTS700016', correlationId: CORRELATION },
  INTERACTION_REQUIRED: { providerCode: 'AADSTS50076', correlationId: CORRELATION },
  BLOCKED_BY_POLICY: { providerCode: 'AADSTS53003', correlationId: CORRELATION },
  ACCOUNT_DISABLED: { providerCode: 'AADSTS50057', correlationId: CORRELATION },
  SIGN_IN_MISCONFIGURED: { providerCode: 'AADSTS7000222', correlationId: CORRELATION },
  SIGN_IN_LOOP: {},
  PROVIDER_ERROR: { correlationId: CORRELATION },
  CODE_REJECTED: { providerCode: 'AADSTS70008', correlationId: CORRELATION },
  PROVIDER_UNREACHABLE: {},
  TOKEN_INVALID: {},
  GROUPS_OVERAGE: {},
  GROUPS_UNREACHABLE: {},
  CALLBACK_INVALID: {},
  COOKIES_BLOCKED: {},
};

function isCode(code: string): code is pages.SignInFailedCode {
  return Object.hasOwn(FAILED, code);
}

/** The codes of failed sign-ins. */
export const CODES = Object.keys(FAILED).filter(isCode);
const failed = Object.fromEntries(
  CODES.map(code => [
    code,
    pages.signInFailed(code, {
      retryHref: SIGN_IN,
      details: FAILED[code],
      adminConsentHref: 'https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id=x',
    }),
  ]),
);

/** Every refusal of the gateway by its code, and every failed sign-in. */
export const refusals: Readonly<Record<string, pages.PageContent>> = {
  ...failed,
  BAD_REQUEST: pages.badRequest(),
  BAD_TARGET: pages.badTarget({ startHref: '/portal' }),
  UNKNOWN_HOST: pages.unknownHost(),
  NOT_FOUND: pages.notFound({ startHref: '/portal' }),
  METHOD_NOT_ALLOWED: pages.methodNotAllowed(),
  CROSS_ORIGIN: pages.crossOrigin(),
  NATIVE_SIGN_IN_REFUSED: pages.nativeSignInRefused({ signInHref: SIGN_IN }),
  NO_CONNECTION: pages.noConnection({ startHref: '/portal' }),
  STORE_UNREACHABLE: pages.storeUnreachable(),
  TOO_MANY_REQUESTS: pages.tooManyRequests(),
  UPSTREAM_UNREACHABLE: pages.badGateway(),
  UPSTREAM_TIMEOUT: pages.gatewayTimeout(),
  CLIENT_TIMEOUT: pages.clientTimeout(),
  INTERNAL_ERROR: pages.internalError(),
  NOT_ADMITTED: pages.notAdmitted({
    person: 'Ada Lovelace',
    username: 'ada@example.com',
    portal: 'agents',
    open: [{ name: 'customers', href: '/portal' }],
    switchHref: SIGN_IN,
  }),
  SIGN_IN_REQUIRED: pages.signInRequired({ signInHref: SIGN_IN }),
  SIGNED_OUT: pages.signedOut({ signInHref: SIGN_IN }),
};

/** What is asked of a person, or told without a code of its own. */
export const questions: Readonly<Record<string, pages.PageContent>> = {
  chooser: pages.chooser({
    choices: [
      { name: 'Example Ltd', href: `${SIGN_IN}&connection=default`, last: false },
      { name: 'Partners', href: `${SIGN_IN}&connection=partners`, last: true },
    ],
    form: FORM,
  }),
  'chooser-unmatched': pages.chooser({
    choices: [],
    form: { ...FORM, value: 'ada@elsewhere.example', unmatched: true },
  }),
  'move-on': pages.moveOn({ href: SIGN_IN }),
  'ask-before-switching': pages.askBeforeSwitching({
    name: 'Ada Lovelace',
    continueHref: '/tickets',
    signInHref: SIGN_IN,
  }),
  framed: pages.framedSignIn({ href: '/tickets' }),
  'session-missing': pages.sessionMissing(),
  'sign-out-question': pages.signOutQuestion({
    name: 'Ada Lovelace',
    cancelHref: '/',
    formTargets: ['https://login.microsoftonline.com'],
  }),
  'nobody-signed-in': pages.nobodySignedIn({ signInHref: SIGN_IN }),
  'sign-out-question-nobody': pages.signOutQuestion({ cancelHref: '/', formTargets: [] }),
  'ask-before-switching-nobody': pages.askBeforeSwitching({ continueHref: '/tickets', signInHref: SIGN_IN }),
};

/** Names that no layout expects: long ones without a place to break, and others that are written from right to left. */
const unusual: Readonly<Record<string, pages.PageContent>> = {
  'long-names': pages.notAdmitted({
    person: 'Adelheid-Wilhelmina von und zu Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenanspruch',
    username: `${'a'.repeat(64)}@${'subdomain.'.repeat(6)}example.com`,
    portal: 'Verwaltungsfachangestelltenausbildungsberatungsportal'.repeat(2),
    open: [{ name: 'x'.repeat(90), href: '/portal' }],
    switchHref: SIGN_IN,
  }),
  'right-to-left': pages.notAdmitted({
    person: 'עדה לאבלייס',
    username: 'ada@example.com',
    portal: 'تذاكر',
    open: [{ name: 'بوابة العملاء', href: '/portal' }],
    switchHref: SIGN_IN,
  }),
  'right-to-left-chooser': pages.chooser({
    choices: [
      { name: 'شركة المثال (EU)', href: SIGN_IN, last: true },
      { name: 'x'.repeat(64), href: SIGN_IN, last: false },
    ],
    form: FORM,
  }),
};

/** Every page that there is, by name. */
export const samples: Readonly<Record<string, pages.PageContent>> = { ...refusals, ...questions, ...unusual };

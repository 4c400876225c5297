import t from 'tap';
import * as pages from '../../src/pages/index.ts';
import type { SignInFailure } from '../../src/signin/errors.ts';

/** A record rather than a list: it does not type-check while a code of the sign-in is missing from it. */
const FAILURES: Readonly<Record<SignInFailure, 'retry' | 'no retry'>> = {
  SIGN_IN_CANCELLED: 'retry',
  ACCOUNT_NOT_IN_ORGANISATION: 'retry',
  ACCESS_NOT_ASSIGNED: 'retry',
  CONSENT_REQUIRED: 'retry',
  ORGANISATION_NOT_SET_UP: 'retry',
  INTERACTION_REQUIRED: 'retry',
  BLOCKED_BY_POLICY: 'retry',
  ACCOUNT_DISABLED: 'retry',
  SIGN_IN_MISCONFIGURED: 'no retry',
  SIGN_IN_LOOP: 'retry',
  PROVIDER_ERROR: 'retry',
  CODE_REJECTED: 'retry',
  PROVIDER_UNREACHABLE: 'retry',
  TOKEN_INVALID: 'retry',
  TENANT_NOT_ADMITTED: 'retry',
  GROUPS_OVERAGE: 'no retry',
  CALLBACK_INVALID: 'retry',
  COOKIES_BLOCKED: 'retry',
};
const CODES = Object.keys(FAILURES) as SignInFailure[];

const SIGN_IN = '/.halogate/sign-in?return=%2Ftickets';
const DETAILS = [{ label: 'Correlation id', value: '2f3c6c1e-0000-4000-8000-000000000001' }];
const FACTS = { correlationId: '2f3c6c1e-0000-4000-8000-000000000001' };
const failed = (code: SignInFailure) => pages.signInFailed(code, { retryHref: SIGN_IN, details: FACTS });

const REFUSALS: Readonly<Record<string, pages.PageContent>> = {
  BAD_REQUEST: pages.badRequest(),
  BAD_TARGET: pages.badTarget(),
  UNKNOWN_HOST: pages.unknownHost(),
  NOT_FOUND: pages.notFound(),
  METHOD_NOT_ALLOWED: pages.methodNotAllowed(),
  CROSS_ORIGIN: pages.crossOrigin(),
  NATIVE_SIGN_IN_REFUSED: pages.nativeSignInRefused({ signInHref: SIGN_IN }),
  NO_CONNECTION: pages.noConnection(),
  STORE_UNREACHABLE: pages.storeUnreachable(),
  UPSTREAM_UNREACHABLE: pages.badGateway(),
  UPSTREAM_TIMEOUT: pages.gatewayTimeout(),
  CLIENT_TIMEOUT: pages.clientTimeout(),
  INTERNAL_ERROR: pages.internalError(),
  NOT_ADMITTED: pages.notAdmitted({
    person: 'Ada Lovelace',
    username: 'ada@example.com',
    portal: 'agents',
    open: [{ name: 'users', href: '/portal' }],
    switchHref: SIGN_IN,
  }),
  SIGN_IN_REQUIRED: pages.signInRequired({ signInHref: SIGN_IN }),
  SIGNED_OUT: pages.signedOut({ signInHref: SIGN_IN }),
};

const FRAMED = pages.framedSignIn({ href: '/tickets' });
const SIGN_OUT_QUESTION = pages.signOutQuestion({
  name: 'Ada Lovelace',
  cancelHref: '/',
  formTargets: ['https://login.example.com'],
});

const ALL: readonly pages.PageContent[] = [
  ...CODES.map(failed),
  ...Object.values(REFUSALS),
  FRAMED,
  SIGN_OUT_QUESTION,
  pages.sessionMissing(),
  pages.chooser({
    choices: [{ name: 'staff', href: SIGN_IN, last: true }],
    form: { fields: { return: '/tickets' }, value: '', unmatched: true },
  }),
  pages.moveOn({ href: SIGN_IN }),
  pages.askBeforeSwitching({ name: 'Ada Lovelace', continueHref: '/tickets', signInHref: SIGN_IN }),
];

function targetsOf(content: pages.PageContent): string[] {
  return (content.actions ?? []).map(action => (action.kind === 'link' ? action.href : action.action));
}

function wordsOf(content: pages.PageContent): string {
  return content.paragraphs.join(' ');
}

t.test('every failed sign-in has words of its own, under its own code', async t => {
  const contents = CODES.map(failed);
  t.strictSame(
    contents.map(({ code }) => code),
    CODES,
  );
  t.equal(new Set(contents.map(({ heading }) => heading)).size, CODES.length);
  t.equal(new Set(contents.map(wordsOf)).size, CODES.length);
});

t.test('a failed sign-in keeps its small print and offers another attempt only where one may help', async t => {
  for (const code of CODES) {
    const content = failed(code);
    t.strictSame(content.details, DETAILS, code);
    t.strictSame(targetsOf(content), FAILURES[code] === 'retry' ? [SIGN_IN] : [], code);
  }
});

t.test('whoever came with a wrong account is told that they can use another', async t => {
  for (const code of ['ACCOUNT_NOT_IN_ORGANISATION', 'TENANT_NOT_ADMITTED'] as const) {
    const [action] = failed(code).actions ?? [];
    t.match(action?.label, /another account/i, code);
    t.match(wordsOf(failed(code)), /sign in with/i, code);
  }
});

t.test('every refusal carries its stable code', async t => {
  for (const [code, content] of Object.entries(REFUSALS)) t.equal(content.code, code);
  t.equal(FRAMED.code, 'SIGN_IN_REQUIRED');
  t.equal(pages.sessionMissing().code, 'SIGN_IN_REQUIRED');
  const headings = Object.values(REFUSALS).map(({ heading }) => heading);
  t.equal(new Set(headings).size, headings.length, 'no two refusals look alike');
});

t.test('every page says what happened and what to do next, in words', async t => {
  for (const { heading, paragraphs } of ALL) {
    t.ok(heading.trim().length > 0 && paragraphs.length > 0, heading);
    t.ok(
      paragraphs.every(paragraph => paragraph.trim().endsWith('.')),
      heading,
    );
    t.notMatch([heading, ...paragraphs].join(' '), /undefined|null|\[object|\b(?:AADSTS|OIDC|OAuth|token|tenant)\b/i);
  }
});

t.test('every action leads to a path of the host', async t => {
  const host = 'https://helpdesk.example.com';
  let seen = 0;
  for (const content of ALL) {
    for (const target of targetsOf(content)) {
      seen += 1;
      t.ok(target.startsWith('/'), `${content.heading}: ${target}`);
      t.equal(new URL(target, host).origin, host, `${content.heading}: ${target}`);
    }
  }
  t.ok(seen > ALL.length / 2, 'there are actions to look at');
});

t.test('the page that asks before signing out lets its form go on to the provider', async t => {
  t.strictSame(SIGN_OUT_QUESTION.formTargets, ['https://login.example.com']);
});

t.test('only the page for a frame may be framed, and it opens a window of its own', async t => {
  t.strictSame(
    ALL.filter(({ framed }) => framed),
    [FRAMED],
  );
  t.match(FRAMED.actions, [{ kind: 'link', href: '/tickets', newWindow: true }]);
});

import t from 'tap';
import * as house from '../../src/pages/index.ts';
import { tagsOf, textOf } from '../support/markup.ts';

const pages = house.createPages({ title: 'Example Helpdesk', support: 'mailto:it@example.com' });
const show = (content: house.PageContent, language: house.Language = 'en') =>
  pages.render({ ...content, requestId: 'req-1' }, language).html;

/** The ways on that a page offers: where each leads, and how it is sent. */
function waysOn(html: string): readonly string[] {
  return tagsOf(html).flatMap(({ name, attributes }) => {
    if (name === 'a' && attributes.href?.startsWith('mailto:') === false) return [`GET ${attributes.href}`];
    return name === 'form' ? [`POST ${attributes.action}`] : [];
  });
}

t.test('every page tells its language, title, support address and request number', async t => {
  const html = show(house.notFound());
  t.same(tagsOf(html)[0], { name: 'html', attributes: { lang: 'en', dir: 'ltr' } });
  t.match(html, '<title>This page does not exist – Example Helpdesk</title>');
  t.match(html, '<a href="mailto:it@example.com">');
  t.match(textOf(html), 'Request numberreq-1');
});

t.test('an error page carries its stable code', async t => {
  const errors = {
    UPSTREAM_UNREACHABLE: house.badGateway(),
    UPSTREAM_TIMEOUT: house.gatewayTimeout(),
    CLIENT_TIMEOUT: house.clientTimeout(),
    STORE_UNREACHABLE: house.storeUnreachable(),
    INTERNAL_ERROR: house.internalError(),
    BAD_REQUEST: house.badRequest(),
    BAD_TARGET: house.badTarget(),
    UNKNOWN_HOST: house.unknownHost(),
    NOT_FOUND: house.notFound(),
    METHOD_NOT_ALLOWED: house.methodNotAllowed(),
    CROSS_ORIGIN: house.crossOrigin(),
    NO_CONNECTION: house.noConnection(),
    NATIVE_SIGN_IN_REFUSED: house.nativeSignInRefused({ signInHref: '/.halogate/sign-in' }),
    SIGN_IN_REQUIRED: house.signInRequired({ signInHref: '/.halogate/sign-in' }),
    SIGNED_OUT: house.signedOut({ signInHref: '/.halogate/sign-in' }),
    COOKIES_BLOCKED: house.signInFailed('COOKIES_BLOCKED', { retryHref: '/.halogate/sign-in', details: {} }),
  };
  for (const [code, content] of Object.entries(errors)) t.match(textOf(show(content)), `Code${code}`);
});

t.test('the chooser offers each connection by its name', async t => {
  const html = show(
    house.chooser({
      choices: [
        { name: 'default', href: '/.halogate/sign-in?connection=default', last: false },
        { name: 'partners', href: '/.halogate/sign-in?connection=partners', last: true },
      ],
    }),
  );
  t.same(waysOn(html), ['GET /.halogate/sign-in?connection=partners', 'GET /.halogate/sign-in?connection=default']);
  t.match(textOf(html), 'Continue with partners Used last time', 'the last one is marked and comes first');
});

t.test('the chooser finds a connection by an e-mail address, and says when there is none', async t => {
  const form = { fields: { return: '/tickets', portal: 'customers' }, value: 'ada@nowhere.example' };
  const html = show(house.chooser({ choices: [], form: { ...form, unmatched: true } }));
  const tags = tagsOf(html);
  t.match(tags.find(({ name }) => name === 'form')?.attributes, { method: 'get', action: '/.halogate/sign-in' });
  const inputs = tags.flatMap(({ name, attributes }) => (name === 'input' ? [attributes] : []));
  t.match(inputs, [
    { type: 'hidden', name: 'return', value: '/tickets' },
    { type: 'hidden', name: 'portal', value: 'customers' },
    {
      name: 'login_hint',
      type: 'email',
      value: 'ada@nowhere.example',
      autocomplete: 'username',
      inputmode: 'email',
      'aria-invalid': 'true',
    },
  ]);
  const input = inputs.at(-1);
  t.ok(
    tags.some(({ name, attributes }) => name === 'label' && attributes.for === input?.id),
    'it has a label',
  );
  t.ok(
    tags.some(({ attributes }) => attributes.id === input?.['aria-describedby']),
    'the words are bound to it',
  );
  const NONE = 'We know no way to sign in with this address';
  t.match(textOf(html), NONE);
  t.notMatch(textOf(show(house.chooser({ choices: [], form: { ...form, unmatched: false } }))), NONE);
});

t.test('a page that moves on goes to a path of the host alone', async t => {
  const href = '/.halogate/sign-in?connection=partners&login_hint=ada%40example.com';
  const refreshes = (html: string) => tagsOf(html).filter(({ attributes }) => attributes['http-equiv'] === 'refresh');
  t.match(refreshes(show(house.moveOn({ href }))), [{ attributes: { content: `0; url=${href}` } }]);
  for (const other of ['https://evil.example/', '//evil.example', 'javascript:alert(1)']) {
    t.same(refreshes(show(house.moveOn({ href: other }))), [], other);
  }
});

t.test('an organisation that is not admitted is named, with what its administrators and ours can do', async t => {
  const input = { retryHref: '/.halogate/sign-in' };
  const id = 'aaaaaaaa-0000-4000-8000-00000000000a';
  const named = textOf(
    show(house.signInFailed('TENANT_NOT_ADMITTED', { ...input, details: { tenant: { id, name: 'Contoso' } } })),
  );
  t.match(named, 'your organisation (Contoso)');
  t.match(named, `Organisation${id}`);
  const nameless = textOf(show(house.signInFailed('TENANT_NOT_ADMITTED', { ...input, details: { tenant: { id } } })));
  t.match(nameless, `your organisation (${id})`);
});

t.test('administrators are led to their consent where it is what is missing', async t => {
  const input = {
    retryHref: '/.halogate/sign-in',
    details: {},
    adminConsentHref: 'https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id=x',
  };
  t.same(waysOn(show(house.signInFailed('CONSENT_REQUIRED', input))), [
    'GET /.halogate/sign-in',
    `GET ${input.adminConsentHref}`,
  ]);
  t.same(waysOn(show(house.signInFailed('PROVIDER_ERROR', input))), ['GET /.halogate/sign-in']);
});

t.test('whoever is lost is led to the start page, where it is known', async t => {
  for (const content of [house.notFound, house.badTarget, house.noConnection]) {
    t.same(waysOn(show(content({ startHref: '/portal' }))), ['GET /portal']);
    t.same(waysOn(show(content())), []);
  }
});

t.test('over a live session a person may go on or sign in again', async t => {
  const input = { continueHref: '/tickets?id=7', signInHref: '/.halogate/sign-in' };
  const html = show(house.askBeforeSwitching({ ...input, name: 'Ada Lovelace' }));
  t.same(waysOn(html), ['GET /tickets?id=7', 'GET /.halogate/sign-in']);
  t.match(textOf(html), 'You are signed in as Ada Lovelace.');
  t.match(textOf(show(house.askBeforeSwitching(input))), 'Somebody is signed in');
});

t.test('who may not enter is told who they are, which portal is shut, and every way on', async t => {
  const input = {
    person: 'Ada Lovelace',
    username: 'ada@example.com',
    portal: 'agents',
    switchHref: '/.halogate/sign-in',
  };
  const html = show(
    house.notAdmitted({ ...input, open: [{ name: 'customers', href: 'https://halo.example.com/portal' }] }),
  );
  t.same(waysOn(html), ['GET https://halo.example.com/portal', 'GET /.halogate/sign-in', 'GET /.halogate/sign-out']);
  for (const word of ['Ada Lovelace', 'ada@example.com', 'agents', 'Go to customers']) t.match(textOf(html), word);
  t.notMatch(textOf(show(house.notAdmitted({ ...input, open: [] }))), 'open to you');
});

t.test('a person without a name is called by the user name, once', async t => {
  const input = { username: 'ada@example.com', portal: 'agents', switchHref: '/x', open: [] };
  for (const person of ['', 'ada@example.com']) {
    t.match(textOf(show(house.notAdmitted({ ...input, person }))), /signed in as ada@example\.com\. /);
  }
});

t.test('a name cannot turn the sentence around it', async t => {
  const html = show(house.signOutQuestion({ name: '\u202eeve\u2069\u2066', cancelHref: '/', formTargets: [] }));
  t.match(html, 'signed in as <bdi>eve</bdi>.');
});

t.test('signing out is a question with a form; staying is a link', async t => {
  t.same(waysOn(show(house.signOutQuestion({ cancelHref: '/portal', formTargets: [] }))), [
    'POST /.halogate/sign-out',
    'GET /portal',
  ]);
});

t.test('the page of a frame opens the address in a new window, without a handle on it', async t => {
  const [link] = tagsOf(show(house.framedSignIn({ href: '/tickets' }))).filter(({ name }) => name === 'a');
  t.match(link?.attributes, { href: '/tickets', target: '_blank', rel: 'noopener' });
});

t.test('a failed sign-in shows its small print and the way to another attempt', async t => {
  const html = show(
    house.signInFailed('BLOCKED_BY_POLICY', {
      retryHref: '/.halogate/sign-in?connection=default',
      details: { correlationId: '6f6f0a5e-0000-4000-8000-000000000001' },
    }),
  );
  t.same(waysOn(html), ['GET /.halogate/sign-in?connection=default']);
  t.match(textOf(html), 'Correlation id6f6f0a5e-0000-4000-8000-000000000001');
});

t.test('a page is written in the language that is asked for', async t => {
  const html = show(house.notFound({ startHref: '/' }), 'de');
  t.same(tagsOf(html)[0], { name: 'html', attributes: { lang: 'de', dir: 'ltr' } });
  for (const word of ['Diese Seite gibt es nicht', 'Zur Startseite', 'Support kontaktieren', 'Anfragenummerreq-1']) {
    t.match(textOf(html), word);
  }
});

t.test('what may be gone a moment later can be tried again at the same address', async t => {
  for (const content of [house.badGateway(), house.gatewayTimeout(), house.storeUnreachable(), house.internalError()]) {
    t.same(waysOn(show(content)), ['GET ']);
  }
});

t.test('a program is told the same words, without marks', async t => {
  const content = house.notAdmitted({
    person: 'Ada',
    username: 'ada@example.com',
    portal: 'agents',
    open: [],
    switchHref: '/x',
  });
  const { title, detail } = pages.tell(content, 'en');
  t.equal(title, 'You do not have access to this portal');
  t.match(detail, /^You are signed in as Ada \(ada@example\.com\)\. This account may not enter the portal “agents”\. /);
});

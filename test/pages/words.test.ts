import t from 'tap';
import * as house from '../../src/pages/index.ts';
import { tagsOf, textOf } from '../support/markup.ts';

const pages = house.createPages({ title: 'Example Helpdesk', support: 'mailto:it@example.com' });
const show = (content: house.PageContent) => pages.render({ ...content, requestId: 'req-1' }).html;

/** The ways on that a page offers: where each leads, and how it is sent. */
function waysOn(html: string): readonly string[] {
  return tagsOf(html).flatMap(({ name, attributes }) => {
    if (name === 'a' && attributes.href?.startsWith('mailto:') === false) return [`GET ${attributes.href}`];
    return name === 'form' ? [`POST ${attributes.action}`] : [];
  });
}

t.test('every page tells its language, title, support address and request number', async t => {
  const html = show(house.notFound());
  t.same(tagsOf(html)[0], { name: 'html', attributes: { lang: 'en' } });
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
    COOKIES_BLOCKED: house.signInFailed('COOKIES_BLOCKED', { retryHref: '/.halogate/sign-in', details: [] }),
  };
  for (const [code, content] of Object.entries(errors)) t.match(textOf(show(content)), `Code${code}`);
});

t.test('the chooser offers each connection by its name', async t => {
  const html = show(
    house.chooser([
      { name: 'default', href: '/.halogate/sign-in?connection=default' },
      { name: 'partners', href: '/.halogate/sign-in?connection=partners' },
    ]),
  );
  t.same(waysOn(html), ['GET /.halogate/sign-in?connection=default', 'GET /.halogate/sign-in?connection=partners']);
  t.match(textOf(html), 'Continue with partners');
});

t.test('over a live session a person may go on or sign in again', async t => {
  const input = { continueHref: '/tickets?id=7', signInHref: '/.halogate/sign-in' };
  const html = show(house.askBeforeSwitching({ ...input, name: 'Ada Lovelace' }));
  t.same(waysOn(html), ['GET /tickets?id=7', 'GET /.halogate/sign-in']);
  t.match(textOf(html), /You are signed in as \u2068Ada Lovelace\u2069/);
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
    t.match(textOf(show(house.notAdmitted({ ...input, person }))), /signed in as \u2068ada@example\.com\u2069\. /);
  }
});

t.test('a name cannot turn the sentence around it', async t => {
  const html = show(house.signOutQuestion({ name: '\u202eeve\u2069\u2066', cancelHref: '/', formTargets: [] }));
  t.match(textOf(html), /signed in as \u2068eve\u2069\./);
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
      details: [{ label: 'Correlation id', value: '6f6f0a5e-0000-4000-8000-000000000001' }],
    }),
  );
  t.same(waysOn(html), ['GET /.halogate/sign-in?connection=default']);
  t.match(textOf(html), 'Correlation id6f6f0a5e-0000-4000-8000-000000000001');
});

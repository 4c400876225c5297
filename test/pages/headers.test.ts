import t from 'tap';
import { createPages, framedSignIn, signOutQuestion } from '../../src/pages/index.ts';

const pages = createPages({ title: 'Halo' });
const plain = { say: () => ({ heading: 'x', paragraphs: ['y'] }) };
const BASE = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'";

function policyWith(formTargets: readonly string[]): string | undefined {
  return pages.render(signOutQuestion({ cancelHref: '/', formTargets }), 'en').headers['Content-Security-Policy'];
}

t.test('a page is not stored, not sniffed, not framed and runs nothing', async t => {
  t.same(pages.render(plain, 'en').headers, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Language': 'en',
    'Content-Security-Policy': `${BASE}; frame-ancestors 'none'`,
    'Referrer-Policy': 'strict-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
});

t.test('the sign-in page of a frame may stand in any frame', async t => {
  const { headers } = pages.render(framedSignIn({ href: '/tickets' }), 'en');
  t.equal(headers['Content-Security-Policy'], BASE);
});

t.test('the sign-out form may lead on to the origin of the provider', async t => {
  t.equal(
    policyWith(['https://login.example.com', 'https://login.example.com/a/logout?x=1', 'http://127.0.0.1:4000']),
    `${BASE} https://login.example.com http://127.0.0.1:4000; frame-ancestors 'none'`,
  );
});

t.test('nothing but an origin gets into the policy', async t => {
  const hostile = [
    "https://a.example; script-src 'unsafe-inline'",
    'https://a;script-src',
    'https://*.example.com',
    "'unsafe-inline'",
    '*',
    'https:',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://a.example\r\nSet-Cookie: x=1',
    '',
  ];
  for (const target of hostile) {
    const policy = policyWith([target]) ?? '';
    t.match(policy, /^[\x20-\x7e]+$/);
    const [, allowed = ''] = /form-action 'self'([^;]*);/.exec(policy) ?? [];
    t.match(allowed, /^(?: https:\/\/[a-z0-9.-]+)?$/, JSON.stringify(target));
    t.equal(policy.split(';').length, 6, 'no directive more');
  }
});

t.test('the stylesheet is the only thing that a page loads, and it loads nothing', async t => {
  const { html } = pages.render(plain, 'en');
  t.match(html, '<link rel="stylesheet" href="/.halogate/style.css">');
  t.notMatch(html, /<script|<style|<img|style=| on[a-z]+=/i);
  t.equal(pages.stylesheet.path, '/.halogate/style.css');
  t.equal(pages.stylesheet.contentType, 'text/css; charset=utf-8');
  t.notMatch(pages.stylesheet.css, /url\(|@import|@font-face/);
});

import t from 'tap';
import { AGENTS, startWorld } from '../support/world.ts';

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><script>alert(1)</script></svg>`;

t.test('a logo stands on every page and is served as an image alone', async t => {
  const logo = `${t.testdir({ 'logo.svg': SVG })}/logo.svg`;
  const browser = (await startWorld(t, { settings: { pages: { title: 'Helpdesk', logo } } })).browser();
  t.match((await browser.ask(`${AGENTS}/.halogate/nowhere`)).body, '<img class="logo" src="/.halogate/logo" alt="">');

  const { status, headers, body } = await browser.ask(`${AGENTS}/.halogate/logo`);
  t.equal(status, 200);
  t.equal(body, SVG);
  t.match(headers, {
    'content-type': 'image/svg+xml',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'content-length': String(SVG.length),
    'strict-transport-security': /max-age=/,
  });
  const policy = String(headers['content-security-policy']);
  t.match(policy, /default-src 'none'/, 'nothing is loaded or run by whoever opens it by its address');
  t.match(policy, /; sandbox$/, 'nor is it of the origin of the portal');
  t.notMatch(policy, /script-src|allow-/);
  t.equal((await browser.ask(`${AGENTS}/.halogate/logo`, { method: 'HEAD' })).body, '');
  t.equal((await browser.ask(`${AGENTS}/.halogate/logo`, { method: 'POST' })).status, 405);
});

t.test('without one there is none', async t => {
  const browser = (await startWorld(t)).browser();
  const seen = await browser.ask(`${AGENTS}/.halogate/logo`);
  t.equal(seen.status, 404);
  t.match(seen.body, 'NOT_FOUND');
  t.notMatch(seen.body, '<img');
});

t.test('what a browser asks in is what it is answered in, page and problem document alike', async t => {
  const browser = (await startWorld(t)).browser();
  const headers = { 'accept-language': 'de-DE,de;q=0.9,en;q=0.8' };
  const page = await browser.ask(`${AGENTS}/.halogate/signed-out`, { headers });
  t.match(page.body, '<html lang="de" dir="ltr">');
  t.match(page.body, 'Sie sind abgemeldet');
  t.match(page.headers, { 'content-language': 'de', vary: 'Accept-Language' });
  const problem = await browser.ask(`${AGENTS}/.halogate/session`, { headers });
  t.match(JSON.parse(problem.body), { code: 'SIGN_IN_REQUIRED', title: 'Niemand ist angemeldet' });
  t.match((await browser.ask(`${AGENTS}/.halogate/signed-out`)).body, '<html lang="en" dir="ltr">');
});

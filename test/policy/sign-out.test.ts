import t from 'tap';
import { endsSession, mayWrite } from '../../src/policy/index.ts';
import { type Ask, judgeOf } from '../support/policy.ts';

const HALO = 'https://halo.example.com';
const judge = await judgeOf();
const agents = judge.portal('agents');

function ends(request: string, headers: Ask['headers'] = {}): boolean {
  return endsSession(judge.place(request, { headers }), agents);
}

const DOCUMENT = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' };

t.test("a document that the person or the portal asked for at Halo's sign-out ends the session", async t => {
  for (const path of ['/auth/logout', '/AUTH/Logout/', '/portal/auth/logout?x=y']) {
    t.equal(ends(`GET ${HALO}${path}`, DOCUMENT), true, path);
    t.equal(ends(`GET ${HALO}${path}`, { ...DOCUMENT, 'sec-fetch-site': 'same-origin' }), true, path);
  }
});

t.test('a GET that another site could have caused does not', async t => {
  for (const headers of [
    {},
    { accept: 'text/html' },
    { ...DOCUMENT, 'sec-fetch-site': 'cross-site' },
    { ...DOCUMENT, 'sec-fetch-site': 'same-site' },
    { ...DOCUMENT, 'sec-fetch-site': undefined },
    { ...DOCUMENT, 'sec-fetch-site': ['none', 'none'] },
    { ...DOCUMENT, 'sec-fetch-dest': 'iframe' },
    { ...DOCUMENT, 'sec-fetch-dest': 'image' },
    { ...DOCUMENT, 'sec-fetch-dest': undefined },
  ]) {
    t.equal(ends(`GET ${HALO}/auth/logout`, headers), false, JSON.stringify(headers));
  }
  t.equal(ends(`HEAD ${HALO}/auth/logout`, DOCUMENT), false);
  t.equal(ends(`OPTIONS ${HALO}/auth/logout`, DOCUMENT), false);
});

t.test('a POST ends it when it passes as a write of the portal', async t => {
  t.equal(ends(`POST ${HALO}/auth/logout`, { origin: HALO }), true);
  t.equal(ends(`POST ${HALO}/auth/logout`, { origin: 'null', 'sec-fetch-site': 'same-origin' }), true);
  t.equal(ends(`POST ${HALO}/auth/logout`, { origin: 'https://evil.example', ...DOCUMENT }), false);
  t.equal(ends(`POST ${HALO}/auth/logout`, { origin: 'null' }), false);
});

t.test('neighbours of the sign-out do not', async t => {
  for (const path of [
    '/logout',
    '/auth/logoutx',
    '/auth/logout/x',
    '/auth/x/logout',
    '/x/auth/logout',
    '/.halogate/sign-out',
  ]) {
    t.equal(ends(`GET ${HALO}${path}`, DOCUMENT), false, path);
    t.equal(ends(`POST ${HALO}${path}`, { origin: HALO }), false, path);
  }
});

t.test('the same check serves other forms of the gateway', async t => {
  t.equal(mayWrite({ headers: { origin: HALO } }, agents), true);
  t.equal(mayWrite({ headers: { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' } }, agents), false);
});

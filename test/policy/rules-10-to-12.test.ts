import t from 'tap';
import { agent, connectionSettings, judgeOf } from '../support/policy.ts';

const HALO = 'https://halo.example.com';
const forced = await judgeOf();

t.test('rule 10: a token request with a listed grant passes without a session', async t => {
  const listed = await judgeOf({ routes: { grants: ['client_credentials', 'urn:example:x'] } });
  const none = await judgeOf({ routes: { grants: ['urn:example:x'] } });
  const ask = (grant: string) => ({ form: `grant_type=${grant}&client_id=i` });
  for (const path of ['/auth/token', '/portal/auth/TOKEN/']) {
    t.match(forced.decide(`POST ${HALO}${path}`, undefined, ask('client_credentials')), {
      rule: 10,
      outcome: 'forward',
    });
    t.equal(forced.decide(`POST ${HALO}${path}`, undefined, ask('Client_Credentials')).rule, 12, 'compared exactly');
    t.equal(forced.decide(`POST ${HALO}${path}`, undefined, ask('refresh_token')).rule, 12);
    t.equal(listed.decide(`POST ${HALO}${path}`, undefined, ask('urn%3Aexample%3Ax')).rule, 10);
    t.equal(none.decide(`POST ${HALO}${path}`, undefined, ask('client_credentials')).rule, 12);
  }
  t.equal(forced.decide(`GET ${HALO}/auth/token?grant_type=client_credentials`).rule, 12, 'no token request');
  t.equal(forced.decide(`POST ${HALO}/api/token`, undefined, ask('client_credentials')).rule, 12, 'another path');
});

t.test('rule 10: an API request with a bearer token passes without a session', async t => {
  const bearer = (authorization: string | readonly string[]) => ({ headers: { authorization } });
  for (const value of ['Bearer abc', 'bearer abc', 'BEARER  a']) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const decision = forced.decide(`${method} ${HALO}/API/tickets`, undefined, bearer(value));
      t.match(decision, { rule: 10, outcome: 'forward' }, value);
    }
  }
  t.equal(forced.decide(`GET ${HALO}/api/hub`, undefined, { as: 'ws', ...bearer('Bearer abc') }).rule, 10);
  for (const value of ['', 'Bearer', 'Bearer ', 'Basic abc', 'Bearerabc', 'x Bearer abc', ['Bearer a', 'Bearer b']]) {
    t.equal(forced.decide(`GET ${HALO}/api/tickets`, undefined, bearer(value)).rule, 12, String(value));
  }
  for (const path of ['/apix', '/ticket', '/portal/api/tickets', '/auth/userinfo', '/api/../ticket']) {
    t.equal(forced.decide(`GET ${HALO}${path}`, undefined, bearer('Bearer abc')).rule, 12, path);
  }
});

t.test('rule 10: bearer: refuse shuts the API to bearer tokens', async t => {
  const judge = await judgeOf({ routes: { bearer: 'refuse' } });
  t.equal(judge.decide(`GET ${HALO}/api/tickets`, undefined, { headers: { authorization: 'Bearer abc' } }).rule, 12);
});

t.test('rule 11: a navigation is sent to sign in', async t => {
  for (const method of ['GET', 'HEAD']) {
    const decision = forced.decide(`${method} ${HALO}/ticket?id=42`, undefined, { as: 'navigate' });
    t.match(decision, { rule: 11, outcome: 'sign-in', portal: { name: 'agents' } });
    t.equal(decision.status, undefined);
  }
});

/** Headers, and whether a GET with them is a navigation. */
const NAVIGATIONS: readonly [Readonly<Record<string, string | readonly string[]>>, boolean][] = [
  [{ accept: 'text/html' }, true],
  [{ accept: 'application/xhtml+xml,Text/HTML;q=0.9,*/*;q=0.8' }, true],
  [{ accept: 'a/b , text/html , c/d' }, true],
  [{ accept: '*/*' }, false],
  [{ accept: 'application/json' }, false],
  [{ accept: 'text/htmlx, xtext/html, text/html+x' }, false],
  [{}, false],
  [{ accept: 'text/html', 'sec-fetch-mode': 'cors' }, false],
  [{ accept: 'text/html', 'sec-fetch-mode': 'no-cors' }, false],
  [{ accept: 'text/html', 'sec-fetch-mode': 'Navigate' }, false],
  [{ accept: 'text/html', 'sec-fetch-mode': ['navigate', 'navigate'] }, false],
  [{ accept: 'text/html', 'sec-fetch-site': 'same-origin' }, false],
  [{ accept: 'text/html', 'sec-fetch-dest': 'empty' }, false],
  [{ accept: 'application/json', 'sec-fetch-mode': 'navigate' }, true],
  [{ 'sec-fetch-mode': 'websocket' }, false],
];

t.test('rules 11 and 12: what is a navigation', async t => {
  for (const [headers, navigation] of NAVIGATIONS) {
    const { rule } = forced.decide(`GET ${HALO}/ticket`, undefined, { headers });
    t.equal(rule, navigation ? 11 : 12, JSON.stringify(headers));
  }
  const upgrade = forced.decide(`GET ${HALO}/hub`, undefined, { as: 'ws', headers: { accept: 'text/html' } });
  t.match(upgrade, { rule: 12, page: false }, 'an upgrade is none');
});

t.test('rule 11: in a frame there is a page that may stand there', async t => {
  const page = { rule: 11, outcome: 'refuse', status: 401, code: 'SIGN_IN_REQUIRED', page: true, framed: true };
  for (const dest of ['iframe', 'frame', 'object', 'embed']) {
    const ask = { as: 'navigate', headers: { 'sec-fetch-dest': dest } } as const;
    t.match(forced.decide(`GET ${HALO}/ticket`, undefined, ask), page, dest);
    t.match(forced.decide(`GET ${HALO}/auth/logout`, undefined, ask), page, `${dest} at logout`);
    t.match(forced.decide(`GET ${HALO}/ticket`, undefined, { ...ask, signedOut: true }), page, `${dest} signed out`);
  }
  const top = forced.decide(`GET ${HALO}/ticket`, undefined, {
    as: 'navigate',
    headers: { 'sec-fetch-dest': 'document' },
  });
  t.equal(top.outcome, 'sign-in');
});

t.test('rule 11: at logout, and after signing out, there is the signed-out page', async t => {
  const page = { rule: 11, outcome: 'refuse', status: 401, code: 'SIGNED_OUT', page: true };
  for (const path of ['/auth/logout', '/portal/auth/LOGOUT/', '/auth/logout?x=y']) {
    t.match(forced.decide(`GET ${HALO}${path}`, undefined, { as: 'navigate' }), page, path);
  }
  for (const path of ['/logout', '/auth/logoutx', '/auth/logout/x', '/auth/account/logout']) {
    t.equal(forced.decide(`GET ${HALO}${path}`, undefined, { as: 'navigate' }).outcome, 'sign-in', path);
  }
  const signedOut = { as: 'navigate', signedOut: true } as const;
  t.match(forced.decide(`GET ${HALO}/ticket`, undefined, signedOut), page);
  t.notOk(forced.decide(`GET ${HALO}/ticket`, undefined, signedOut).framed);
  t.equal(forced.decide(`GET ${HALO}/ticket`, agent(), signedOut).rule, 6, 'a session is a session');
});

t.test('rule 12: anything else is refused without a redirect', async t => {
  const refused = { rule: 12, outcome: 'refuse', status: 401, code: 'SIGN_IN_REQUIRED' };
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
    for (const as of ['fetch', 'plain', 'ws'] as const) {
      t.match(forced.decide(`${method} ${HALO}/ticket`, undefined, { as }), { ...refused, page: false }, method);
    }
  }
  t.match(forced.decide(`POST ${HALO}/ticket`, undefined, { as: 'navigate' }), { ...refused, page: true });
  const form = { headers: { accept: 'text/html', 'content-type': 'text/plain' } };
  t.match(forced.decide(`POST ${HALO}/ticket`, undefined, form), { ...refused, page: true });
  const later = { as: 'navigate', signedOut: true } as const;
  t.match(forced.decide(`POST ${HALO}/ticket`, undefined, later), refused, 'after signing out as well');
});

t.test('rule 12: a refusal says why without quoting the request', async t => {
  const judge = await judgeOf({ connections: [connectionSettings()] });
  for (const ask of [{}, { as: 'navigate' }, { headers: { authorization: 'Bearer secret-word' } }] as const) {
    t.notMatch(judge.decide(`POST ${HALO}/secret-word?x=secret-word`, undefined, ask).why, /secret-word/);
  }
});

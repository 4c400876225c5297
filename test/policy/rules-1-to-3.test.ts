import t from 'tap';
import { decide, sessionMatters } from '../../src/policy/index.ts';
import { type Ask, agent, judgeOf } from '../support/policy.ts';

const HALO = 'https://halo.example.com';
const forced = await judgeOf();

function reads(request: string, ask?: Ask): boolean {
  return sessionMatters(forced.policy, forced.place(request, ask));
}

t.test("rule 1: the gateway's own paths are handled, whoever asks and in whatever way", async t => {
  for (const request of [
    `GET ${HALO}/.halogate/sign-in?return=/x`,
    `POST ${HALO}/.halogate/sign-out`,
    `DELETE ${HALO}/.HALOGATE/nothing`,
    `GET ${HALO}/.halogate`,
    `OPTIONS ${HALO}/api/../.halogate/session`,
  ]) {
    for (const session of [undefined, agent()]) {
      t.match(forced.decide(request, session), { rule: 1, outcome: 'own', portal: { name: 'agents' } }, request);
    }
    t.equal(reads(request), false, 'the session is not read');
  }
  const preflight = { origin: 'https://x.example', 'access-control-request-method': 'POST' };
  t.match(forced.decide(`OPTIONS ${HALO}/.halogate/session`, undefined, { headers: preflight }), { rule: 1 });
  t.not(forced.decide(`GET ${HALO}/.halogatex`).rule, 1, 'a neighbour is not an own path');
});

t.test('rule 1: a callback with a state of ours is handled, one without is forwarded', async t => {
  for (const request of [
    `GET ${HALO}/auth/account/azureresponse?code=c&state=s`,
    `POST ${HALO}/portal/auth/account/azureresponse`,
  ]) {
    t.match(forced.decide(request, undefined, { ourCallback: true }), { rule: 1, outcome: 'own' });
    t.equal(reads(request, { ourCallback: true }), false);
    t.match(forced.decide(request, undefined), { rule: 2, outcome: 'forward' });
  }
});

t.test("rule 2: Halo's own callbacks are forwarded without identity, session or not", async t => {
  for (const path of [
    '/azure/auth?code=c',
    '/Azure/Auth/',
    '/auth/account/azureresponse',
    '/AUTH/Account/AzureResponse/',
    '/auth/Account/SAMLResponse',
    '/auth/account/openidresponse',
    '/portal/auth/account/azureresponse',
    '/portal/auth/account/samlresponse',
    '/portal/auth/account/openidresponse',
  ]) {
    for (const method of ['GET', 'POST']) {
      for (const session of [undefined, agent()]) {
        t.match(
          forced.decide(`${method} ${HALO}${path}`, session),
          { rule: 2, outcome: 'forward' },
          `${method} ${path}`,
        );
      }
    }
  }
});

t.test('rule 2: neighbours of the callbacks are none', async t => {
  for (const path of [
    '/azure/auth/x',
    '/azure/authx',
    '/portal/azure/auth',
    '/auth/account/azureresponse/x',
    '/auth/account/azureresponsex',
    '/auth/azureresponse',
    '/x/auth/account/azureresponse',
    '/account/samlresponse',
  ]) {
    t.not(forced.decide(`GET ${HALO}${path}`).rule, 2, path);
  }
});

t.test('rule 2: the session is read only where it tells to which site a shared path belongs', async t => {
  t.equal(reads(`GET ${HALO}/auth/account/openidresponse`), true);
  t.equal(reads(`GET ${HALO}/portal/auth/account/openidresponse`), false);
  t.equal(reads(`GET ${HALO}/azure/auth`), false);
});

/** The shipped public routes: path, methods that are public. */
const SHIPPED: readonly [string, readonly string[]][] = [
  ['/favicon.ico', ['GET', 'HEAD']],
  ['/robots.txt', ['GET', 'HEAD']],
  ['/api/AuthInfo', ['GET', 'HEAD']],
  ['/chat/index.js', ['GET', 'HEAD']],
  ['/api/ReportData/42?x=y', ['GET', 'HEAD']],
  ['/api/attachment/image?token=t', ['GET', 'HEAD']],
  ['/portal/anonymouskb?key=k', ['GET', 'HEAD']],
  ['/auth/.well-known/openid-configuration', ['GET', 'HEAD']],
  ['/auth/.well-known', ['GET', 'HEAD']],
  ['/portal/auth/.well-known/jwks/x', ['GET', 'HEAD']],
  ['/api/Notify', ['GET', 'POST']],
  ['/api/Notify/stripe/1', ['GET', 'POST']],
  ['/api/Chat', ['GET', 'POST']],
  ['/api/ChatMessage/1/2', ['GET', 'POST']],
  ['/api/Feedback/1', ['GET', 'POST']],
  ['/api/UnsubServiceEmails', ['GET', 'POST']],
  ['/api/Appointment/Booking/', ['GET', 'POST']],
  ['/api/ServiceStatus/Subscribe', ['POST']],
];

t.test('rule 3: the shipped public routes, and their methods alone', async t => {
  const bare = await judgeOf({ routes: { defaults: false } });
  for (const [path, methods] of SHIPPED) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const request = `${method} ${HALO}${path}`;
      t.equal(forced.decide(request).rule === 3, methods.includes(method), request);
      t.not(bare.decide(request).rule, 3, `${request} without the shipped routes`);
    }
  }
});

t.test('rule 3: a public route is forwarded without identity and the session is not read', async t => {
  for (const session of [undefined, agent()]) {
    t.match(forced.decide(`GET ${HALO}/api/authinfo`, session), { rule: 3, outcome: 'forward' });
  }
  t.equal(reads(`GET ${HALO}/api/authinfo`), false);
  t.equal(reads(`POST ${HALO}/api/authinfo`), true);
});

t.test('rule 3: neighbours of the shipped public routes are not public', async t => {
  for (const path of [
    '/favicon.icox',
    '/x/favicon.ico',
    '/api/authinfo/x',
    '/api/authinfox',
    '/api/ReportData',
    '/api/ReportData/1/2',
    '/api/attachment',
    '/api/attachment/image/1',
    '/anonymouskb',
    '/portal/anonymouskb/x',
    '/portal/x/anonymouskb',
    '/.well-known/openid-configuration',
    '/x/auth/.well-known/y',
    '/auth/x/.well-known/y',
    '/auth/.well-knownx',
    '/api/Notifyx',
    '/api/xChat',
    '/api/x/Chat',
    '/Chat',
    '/api/Feedback',
    '/api/Feedback/1/2',
    '/api/UnsubServiceEmails/x',
    '/api/Appointment',
    '/api/ServiceStatus',
    '/api/tickets?path=/api/Notify',
    '/api/tickets?/api/Notify/x',
  ]) {
    for (const method of ['GET', 'POST']) t.not(forced.decide(`${method} ${HALO}${path}`).rule, 3, `${method} ${path}`);
  }
});

t.test("rule 3: a portal's public route is public on its own host alone", async t => {
  const judge = await judgeOf({
    portals: [
      { name: 'agents', kind: 'agent', url: HALO },
      { name: 'customers', kind: 'user', url: 'https://support.example.com' },
    ],
  });
  t.equal(judge.decide('GET https://support.example.com/anonymouskb').rule, 3);
  t.not(judge.decide(`GET ${HALO}/anonymouskb`).rule, 3);
});

t.test('rule 3: configured public routes, with their methods or all', async t => {
  const judge = await judgeOf({
    routes: {
      public: [{ path: '/Hooks/**', methods: ['POST'] }, { path: '/status' }, { path: '/x/*/y', methods: [] }],
    },
  });
  for (const [request, rule] of [
    [`POST ${HALO}/hooks/a/b`, 3],
    [`POST ${HALO}/HOOKS`, 3],
    [`GET ${HALO}/hooks/a`, 12],
    [`POST ${HALO}/hooksx`, 12],
    [`DELETE ${HALO}/status/`, 3],
    [`GET ${HALO}/status/x`, 12],
    [`PUT ${HALO}/x/1/y`, 3],
    [`PUT ${HALO}/x/y`, 12],
  ] as const) {
    t.equal(judge.decide(request).rule, rule, request);
  }
});

t.test('rule 3: a CORS preflight is forwarded, anything less is none', async t => {
  const request = `OPTIONS ${HALO}/api/tickets`;
  const preflight = { origin: 'https://x.example', 'access-control-request-method': 'POST' };
  for (const session of [undefined, agent()]) {
    t.match(forced.decide(request, session, { headers: preflight }), { rule: 3, outcome: 'forward' });
  }
  t.equal(reads(request, { headers: preflight }), false);
  t.equal(forced.decide(request, undefined, { headers: { origin: 'https://x.example' } }).rule, 12);
  t.equal(forced.decide(request, undefined, { headers: { 'access-control-request-method': 'POST' } }).rule, 12);
  t.equal(forced.decide(`POST ${HALO}/api/tickets`, undefined, { headers: preflight }).rule, 12);
});

t.test('the order of rows: callbacks before public routes, public routes before passwords', async t => {
  const judge = await judgeOf({
    routes: {
      public: [{ path: '/auth/account/samlresponse' }, { path: '/auth/account/externallogin', methods: ['POST'] }],
    },
  });
  t.equal(judge.decide(`POST ${HALO}/auth/account/samlresponse`).rule, 2);
  t.equal(judge.decide(`POST ${HALO}/auth/account/externallogin`).rule, 3);
  t.equal(judge.decide(`POST ${HALO}/auth/account/externalloginx`).rule, 4);
});

t.test('a request on a portal of other settings is an error, not a decision', async t => {
  const other = await judgeOf({ portals: [{ name: 'else', kind: 'agent', url: HALO }] });
  t.throws(() => decide(forced.policy, other.place(`GET ${HALO}/ticket`), agent()), RangeError);
});

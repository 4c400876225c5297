import t from 'tap';
import { agent, connectionSettings, judgeOf, signedIn } from '../support/policy.ts';

const HALO = 'https://halo.example.com';
const forced = await judgeOf();
const intranet = await judgeOf({
  portals: [{ name: 'agents', kind: 'agent', url: HALO, origins: ['https://intranet.example.com'] }],
});

t.test('rule 6: whoever may enter the portal is forwarded with identity', async t => {
  for (const as of ['navigate', 'fetch', 'plain'] as const) {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const expected = { rule: 6, outcome: 'identity' };
      t.match(forced.decide(`${method} ${HALO}/ticket`, agent(), { as }), { ...expected, portal: { name: 'agents' } });
      t.match(forced.decide(`${method} ${HALO}/portal/home`, signedIn(), { as }), expected);
    }
  }
  const cross = { headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } };
  t.equal(forced.decide(`GET ${HALO}/ticket`, agent(), cross).rule, 6, 'reading is the browser to guard');
});

/** Origin, Sec-Fetch-Site, whether a write with them passes. */
const WRITES: readonly [string | readonly string[] | undefined, string | readonly string[] | undefined, boolean][] = [
  [HALO, undefined, true],
  [HALO, 'same-origin', true],
  [HALO, 'cross-site', true],
  [undefined, undefined, true],
  [undefined, 'same-origin', true],
  [undefined, 'none', true],
  [undefined, 'same-site', false],
  [undefined, 'cross-site', false],
  [undefined, 'Same-Origin', false],
  [undefined, '', false],
  [undefined, ['same-origin', 'same-origin'], false],
  [undefined, 'same-origin, cross-site', false],
  ['null', 'same-origin', true],
  ['null', 'none', true],
  ['null', undefined, false],
  ['null', 'same-site', false],
  ['null', 'cross-site', false],
  ['', undefined, false],
  ['', 'same-origin', false],
  ['https://evil.example', undefined, false],
  ['https://evil.example', 'same-origin', false],
  ['https://evil.example', 'none', false],
  ['http://halo.example.com', undefined, false],
  ['https://halo.example.com:443', undefined, false],
  ['https://halo.example.com:8443', undefined, false],
  ['https://halo.example.com/', undefined, false],
  ['https://HALO.example.com', undefined, false],
  ['https://halo.example.com.evil.example', undefined, false],
  ['https://evilhalo.example.com', undefined, false],
  ['https://intranet.example.com', undefined, false],
  ['NULL', 'same-origin', false],
  [[HALO, 'https://evil.example'], undefined, false],
  [[HALO, HALO], 'same-origin', false],
  [`${HALO}, ${HALO}`, 'same-origin', false],
];

t.test('rules 6 and 7: a write counts only from an origin of the portal', async t => {
  for (const [origin, site, passes] of WRITES) {
    const headers = { origin, 'sec-fetch-site': site };
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'TRACE']) {
      const decision = forced.decide(`${method} ${HALO}/api/tickets`, agent(), { headers });
      const expected = passes
        ? { rule: 6, outcome: 'identity' }
        : { rule: 7, outcome: 'refuse', status: 403, code: 'CROSS_ORIGIN' };
      t.match(decision, expected, `${method} from ${origin}, ${site}`);
    }
  }
});

t.test('rules 6 and 7: further origins may write where the portal names them', async t => {
  const from = (origin: string) => ({ headers: { origin, 'sec-fetch-site': 'cross-site' } });
  const request = `POST ${HALO}/api/tickets`;
  t.equal(intranet.decide(request, agent(), from('https://intranet.example.com')).rule, 6);
  t.equal(intranet.decide(request, agent(), from('https://intranet.example.com:8443')).rule, 7);
  t.equal(intranet.decide(request, agent(), from('https://other.example.com')).rule, 7);
});

t.test('rules 6 and 7: a WebSocket needs an origin of the portal, always', async t => {
  for (const [origin, site, rule] of [
    [HALO, undefined, 6],
    ['https://intranet.example.com', undefined, 6],
    [undefined, undefined, 7],
    [undefined, 'same-origin', 7],
    ['null', 'same-origin', 7],
    ['https://evil.example', 'same-origin', 7],
    ['wss://halo.example.com', undefined, 7],
    [[HALO, HALO], undefined, 7],
  ] as const) {
    const headers = { origin, 'sec-fetch-site': site };
    t.equal(intranet.decide(`GET ${HALO}/hub`, agent(), { as: 'ws', headers }).rule, rule, `${origin}, ${site}`);
  }
});

t.test('rule 7: a person who sees the answer gets a page', async t => {
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  t.match(forced.decide(`POST ${HALO}/x`, agent(), { as: 'navigate', headers }), { rule: 7, page: true });
  t.match(forced.decide(`POST ${HALO}/x`, agent(), { as: 'fetch', headers }), { rule: 7, page: false });
  t.match(forced.decide(`GET ${HALO}/x`, agent(), { as: 'ws', headers }), { rule: 7, page: false });
});

t.test('rule 7: it does not matter that the portal is not forced', async t => {
  const open = await judgeOf({ connections: [connectionSettings({ autoRedirect: false })] });
  const headers = { origin: 'https://evil.example' };
  t.equal(open.decide(`POST ${HALO}/ticket`, agent(), { headers }).rule, 7);
  t.equal(open.decide(`POST ${HALO}/ticket`, undefined, { headers }).rule, 9);
});

t.test('rule 8: who may not enter a forced portal is refused, in every way of asking', async t => {
  const expected = { rule: 8, outcome: 'refuse', status: 403, code: 'NOT_ADMITTED', portal: { name: 'agents' } };
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE']) {
    t.match(forced.decide(`${method} ${HALO}/ticket`, signedIn(), { as: 'navigate' }), { ...expected, page: true });
    t.match(forced.decide(`${method} ${HALO}/ticket`, signedIn(), { as: 'fetch' }), { ...expected, page: false });
  }
  t.match(forced.decide(`GET ${HALO}/ticket`, signedIn(), { as: 'ws', headers: { origin: HALO } }), expected);
});

t.test('rule 8: a bearer token or a machine grant does not lead past it', async t => {
  const noUsers = await judgeOf({
    connections: [connectionSettings({ users: { people: ['99999999-0000-4000-8000-000000000009'] } })],
  });
  const headers = { authorization: 'Bearer abc' };
  t.equal(noUsers.decide(`GET ${HALO}/api/tickets`, signedIn(), { headers }).rule, 8);
  t.equal(noUsers.decide(`POST ${HALO}/auth/token`, signedIn(), { form: 'grant_type=client_credentials' }).rule, 8);
});

t.test('rule 8: a session of another connection is no session there', async t => {
  for (const published of [true, false]) {
    const connections = [
      connectionSettings(),
      connectionSettings({ name: 'other', allow: 'users', published, users: {} }),
    ];
    const judge = await judgeOf({ connections });
    const session = { ...agent(), connection: 'other' };
    t.equal(judge.decide(`GET ${HALO}/ticket`, session).rule, 12, 'nobody is signed in to the agent portal');
    t.equal(judge.decide(`GET ${HALO}/portal/home`, session).rule, published ? 6 : 12);
    t.equal(judge.decide(`GET ${HALO}/ticket`, { ...agent(), connection: 'gone' }).rule, 12);
  }
});

t.test("rule 9: where sign-in is not forced, Halo's login screen serves whoever may not enter", async t => {
  const open = await judgeOf({ connections: [connectionSettings({ autoRedirect: false })] });
  for (const session of [undefined, signedIn(), signedIn({}, 'gone')]) {
    for (const request of [`GET ${HALO}/ticket`, `POST ${HALO}/ticket`, `PUT ${HALO}/azure`]) {
      for (const as of ['navigate', 'fetch', 'plain', 'ws'] as const) {
        t.match(open.decide(request, session, { as }), { rule: 9, outcome: 'forward' });
      }
    }
  }
});

t.test('rule 9: one connection that forces is enough, if it applies', async t => {
  const mild = connectionSettings({ autoRedirect: false });
  for (const [differences, rule] of [
    [{}, 12],
    [{ published: false }, 9],
    [{ allow: 'users' }, 9],
    [{ portals: ['customers'] }, 9],
  ] as const) {
    const judge = await judgeOf({ connections: [mild, connectionSettings({ name: 'strict', ...differences })] });
    t.equal(judge.decide(`GET ${HALO}/ticket`).rule, rule, JSON.stringify(differences));
  }
});

t.test('rule 9: an anonymous portal is never forced; who may enter it is known there', async t => {
  const judge = await judgeOf({
    portals: [
      { name: 'agents', kind: 'agent', url: HALO },
      { name: 'customers', kind: 'user', url: `${HALO}/portal`, anonymous: true },
    ],
  });
  t.match(judge.decide(`GET ${HALO}/portal/home`, undefined, { as: 'navigate' }), { rule: 9, outcome: 'forward' });
  t.match(judge.decide(`GET ${HALO}/portal/home`, signedIn(), { as: 'navigate' }), { rule: 6, outcome: 'identity' });
});

t.test('rule 9: under Emergency no portal is forced', async t => {
  const ask = { as: 'navigate', emergency: true } as const;
  t.equal(forced.decide(`GET ${HALO}/ticket`, undefined, ask).rule, 9);
  t.equal(forced.decide(`GET ${HALO}/ticket`, signedIn(), ask).rule, 9);
  t.equal(forced.decide(`GET ${HALO}/ticket`, agent(), ask).rule, 6);
});

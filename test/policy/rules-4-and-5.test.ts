import t from 'tap';
import { decide } from '../../src/policy/index.ts';
import { agent, connectionSettings, judgeOf, signedIn } from '../support/policy.ts';

const HALO = 'https://halo.example.com';
const SUPPORT = 'https://support.example.com';
const PASSWORD = { form: 'grant_type=password&username=a&password=b' };

const AGENTS = { name: 'agents', kind: 'agent', url: HALO };
const CUSTOMERS = { name: 'customers', kind: 'user', url: `${HALO}/portal` };
const ELSEWHERE = { name: 'customers', kind: 'user', url: `${SUPPORT}/portal` };

const forced = await judgeOf();

const REFUSED = { rule: 4, outcome: 'refuse', status: 403, code: 'NATIVE_SIGN_IN_REFUSED' };

t.test('rule 4: passwords are refused on every auth path, session or not', async t => {
  for (const path of ['/auth/token', '/AUTH/Token/', '/auth/token?tenant=x', '/portal/auth/token', '/auth/./to%6ben']) {
    for (const session of [undefined, agent(), signedIn()]) {
      t.match(forced.decide(`POST ${HALO}${path}`, session, PASSWORD), REFUSED, path);
    }
  }
});

t.test('rule 4: a token request that cannot be read, or has not been read, is refused', async t => {
  for (const ask of [{}, { body: 'grant_type=client_credentials' }, { form: 'x=y' }, { form: 'grant_type=%zz' }]) {
    t.match(forced.decide(`POST ${HALO}/auth/token`, agent(), ask), REFUSED);
  }
  const { token, ...unread } = forced.place(`POST ${HALO}/auth/token`, { form: 'grant_type=client_credentials' });
  t.same(token, { grant: 'client_credentials' });
  t.match(decide(forced.policy, unread, agent()), REFUSED);
});

t.test('rule 4: any POST on an auth path is refused, but to authorize, logout and token', async t => {
  for (const path of [
    '/auth',
    '/auth/account/login',
    '/auth/login',
    '/auth/token/x',
    '/auth/authorize/x',
    '/portal/auth/x',
  ]) {
    t.match(forced.decide(`POST ${HALO}${path}`, agent()), REFUSED, path);
  }
  for (const path of ['/auth/authorize', '/auth/logout', '/portal/auth/logout', '/account/login', '/x/auth/login']) {
    t.equal(forced.decide(`POST ${HALO}${path}`).rule, 12, path);
  }
  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    t.equal(forced.decide(`${method} ${HALO}/auth/account/login`).rule, 12, `${method} is no password`);
  }
});

t.test('rule 4: other grants are not refused by it', async t => {
  for (const grant of ['client_credentials', 'refresh_token', 'authorization_code', 'passwords', 'xpassword']) {
    const ask = { form: `grant_type=${grant}` };
    t.not(forced.decide(`POST ${HALO}/auth/token`, undefined, ask).rule, 4, grant);
    t.match(forced.decide(`POST ${HALO}/auth/token`, agent(), ask), { rule: 6, outcome: 'identity' }, grant);
  }
});

t.test('rule 4: a person who sees the answer gets a page, a program does not', async t => {
  t.match(forced.decide(`POST ${HALO}/auth/account/login`, undefined, { as: 'navigate' }), { rule: 4, page: true });
  t.match(forced.decide(`POST ${HALO}/auth/account/login`, undefined, { as: 'fetch' }), { rule: 4, page: false });
});

t.test('rule 4: any forced agent portal of the settings shuts passwords on every host', async t => {
  const connections = [connectionSettings({ allow: 'agents' })];
  const judge = await judgeOf({ connections, portals: [AGENTS, ELSEWHERE] });
  t.match(judge.decide(`POST ${SUPPORT}/auth/token`, undefined, PASSWORD), REFUSED);
  t.match(judge.decide(`POST ${SUPPORT}/portal/auth/account/login`), REFUSED);
  t.equal(judge.decide(`GET ${SUPPORT}/portal`).rule, 5, 'the portal itself stays open');
});

t.test('rule 4: a forced user portal shuts its own host alone', async t => {
  const connections = [connectionSettings({ allow: 'users' })];
  const judge = await judgeOf({ connections, portals: [AGENTS, ELSEWHERE] });
  t.match(judge.decide(`POST ${SUPPORT}/auth/token`, undefined, PASSWORD), REFUSED);
  t.match(judge.decide(`POST ${HALO}/auth/token`, undefined, PASSWORD), { rule: 5, outcome: 'forward' });
});

t.test('rule 4: nativeSignIn keeps the password login of its portal open, and of no other', async t => {
  const connections = [connectionSettings({ allow: 'agents' })];
  const portals = [AGENTS, { ...ELSEWHERE, nativeSignIn: true }];
  const judge = await judgeOf({ connections, portals });
  t.match(judge.decide(`POST ${SUPPORT}/auth/token`, undefined, PASSWORD), { rule: 5, outcome: 'forward' });
  t.match(judge.decide(`POST ${HALO}/auth/token`, undefined, PASSWORD), REFUSED);
});

t.test('rule 4: an anonymous portal is not forced, but shut beside a forced agent portal', async t => {
  const both = await judgeOf({ portals: [AGENTS, { ...ELSEWHERE, anonymous: true }] });
  t.match(both.decide(`POST ${SUPPORT}/auth/account/login`), REFUSED);
  const alone = await judgeOf({
    portals: [
      { ...AGENTS, anonymous: true },
      { ...ELSEWHERE, anonymous: true },
    ],
  });
  t.match(alone.decide(`POST ${SUPPORT}/auth/account/login`), { rule: 9, outcome: 'forward' });
});

t.test('rule 4: where nothing is forced, passwords pass', async t => {
  const judge = await judgeOf({ connections: [connectionSettings({ autoRedirect: false })] });
  for (const path of ['/auth/token', '/portal/auth/token']) {
    t.match(judge.decide(`POST ${HALO}${path}`, undefined, PASSWORD), { rule: 9, outcome: 'forward' });
  }
});

t.test('rule 4: under Emergency passwords pass, and that is told', async t => {
  for (const path of ['/auth/token', '/portal/auth/account/login']) {
    const ask = { ...PASSWORD, emergency: true };
    t.match(forced.decide(`POST ${HALO}${path}`, undefined, ask), { rule: 9, outcome: 'forward', emergencyUse: true });
    t.match(forced.decide(`POST ${HALO}${path}`, agent(), ask), { rule: 6, outcome: 'identity', emergencyUse: true });
  }
  for (const request of [`GET ${HALO}/auth/account/login`, `GET ${HALO}/ticket`, `GET ${HALO}/api/authinfo`]) {
    t.notOk(forced.decide(request, undefined, { emergency: true }).emergencyUse, request);
  }
  const open = await judgeOf({ connections: [connectionSettings({ autoRedirect: false })] });
  t.notOk(open.decide(`POST ${HALO}/auth/token`, undefined, { ...PASSWORD, emergency: true }).emergencyUse);
});

t.test("rule 5: without an applicable connection Halo's own login serves, whatever session there is", async t => {
  const unpublished = await judgeOf({ connections: [connectionSettings({ published: false })] });
  const usersOnly = await judgeOf({ connections: [connectionSettings({ allow: 'users' })] });
  const unlisted = await judgeOf({ connections: [connectionSettings({ portals: ['customers'] })] });
  for (const judge of [unpublished, usersOnly, unlisted]) {
    for (const session of [undefined, agent()]) {
      t.match(judge.decide(`GET ${HALO}/ticket`, session), { rule: 5, outcome: 'forward', portal: { name: 'agents' } });
      t.match(judge.decide(`POST ${HALO}/ticket`, session), { rule: 5, outcome: 'forward' });
    }
  }
  t.equal(usersOnly.decide(`GET ${HALO}/portal/home`).rule, 12, 'the other portal has one');
  t.equal(unpublished.decide(`POST ${HALO}/auth/token`, undefined, PASSWORD).rule, 5, 'passwords included');
  const agentsOnly = await judgeOf({
    connections: [connectionSettings({ allow: 'agents' })],
    portals: [AGENTS, CUSTOMERS],
  });
  t.match(agentsOnly.decide(`GET ${HALO}/portal/home`, agent()), { rule: 5, portal: { name: 'customers' } });
});

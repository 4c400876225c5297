import t from 'tap';
import { G1 } from '../../demo/entra/index.ts';
import { type Graph, startGraph } from '../../demo/graph/index.ts';
import { freePort } from '../support/free-port.ts';
import { AGENTS, SESSION_SECRET, startWorld, type World } from '../support/world.ts';

type Test = Parameters<typeof startWorld>[0];

/** More groups than a token holds. */
const MANY = Array.from({ length: 300 }, (_, index) => `22222222-0000-4000-8000-${String(index).padStart(12, '0')}`);

/** A world with a Graph, in which Agnes is in more groups than her token holds, and in that of the agents. */
async function startMany(t: Test, settings: Readonly<Record<string, unknown>> = {}) {
  const port = await freePort();
  const world = await startWorld(t, { settings, connection: { graph: `http://127.0.0.1:${port}` } });
  const graph = await startGraph({ entra: world.entra, port });
  t.teardown(() => graph.close());
  world.entra.people.agnes.groups = [...MANY, G1];
  return { ...world, graph };
}

/** Agnes signs in in a browser of her own. */
async function signIn({ entra, browser }: World) {
  const person = browser();
  entra.choose('agnes');
  const page = await person.go(`${AGENTS}/ticket`);
  return { page, cookie: person.cookies(AGENTS)['__Host-halogate'] };
}

t.test('somebody in too many groups for a token enters by one of them', async t => {
  const world = await startMany(t);
  const { page, cookie = '' } = await signIn(world);
  t.equal(page.status, 200);
  t.equal(world.halo.received.at(-1)?.header('x-forwarded-groups'), G1, 'Halo gets the group that a rule names');
  t.strictSame((await world.gateway.sessions.peek(cookie))?.person.groups, [G1], 'and the session keeps no more');
});

t.test('where Halo is to get all groups, all are kept', async t => {
  const world = await startMany(t, { identity: { groups: 'all', assertion: false } });
  const { page, cookie = '' } = await signIn(world);
  t.equal(page.status, 200);
  t.equal((await world.gateway.sessions.peek(cookie))?.person.groups.length, MANY.length + 1);
  t.equal(world.halo.received.at(-1)?.header('x-forwarded-groups'), [...MANY, G1].join(','));
});

t.test('somebody in many groups, and in none that counts, is known and not admitted', async t => {
  const world = await startMany(t);
  world.entra.people.agnes.groups = MANY;
  const { page, cookie } = await signIn(world);
  t.match([page.status, page.body], [403, /NOT_ADMITTED/]);
  t.ok(cookie);
});

t.test('a Graph that asks to wait for a moment delays a sign-in, no more', async t => {
  const world = await startMany(t);
  world.graph.next({ status: 429, headers: { 'retry-after': '0' } });
  t.equal((await signIn(world)).page.status, 200);
});

t.test('nobody is signed in on half the truth', async t => {
  const world = await startMany(t);
  type Wrong = Parameters<Graph['always']>[0];
  const refused: [answer: Wrong, status: number, code: string, why: RegExp][] = [
    [
      { status: 403, body: { error: { code: 'Authorization_RequestDenied' } } },
      500,
      'SIGN_IN_MISCONFIGURED',
      /403 Auth/,
    ],
    [{ status: 200, body: { value: 'none' } }, 403, 'GROUPS_OVERAGE', /without a list/],
    [{ status: 200, body: {} }, 403, 'GROUPS_OVERAGE', /without a list/],
    [{ status: 429, headers: { 'retry-after': '120' } }, 503, 'GROUPS_UNREACHABLE', /429/],
    ['hang-up', 503, 'GROUPS_UNREACHABLE', /could not be reached/],
    [{ status: 500 }, 503, 'GROUPS_UNREACHABLE', /500/],
  ];
  for (const [answer, status, code, why] of refused) {
    world.graph.always(answer);
    world.halo.clear();
    const { page, cookie } = await signIn(world);
    t.equal(page.status, status, String(why));
    t.match(page.body, new RegExp(code));
    t.equal(page.headers['retry-after'], status === 503 ? '10' : undefined);
    t.equal(cookie, undefined);
    t.equal(world.halo.received.length, 0);
    const line = world.logs.findLast(entry => entry.msg === 'audit');
    t.match(line, { event: { reason: code, outcome: 'failure' }, halogate: { detail: why } });
  }
  world.graph.always();
  t.equal((await signIn(world)).page.status, 200, 'and they are again as soon as it is known');
});

t.test('no token is told to the log', async t => {
  const world = await startMany(t);
  world.graph.next({ status: 403 });
  await signIn(world);
  const token = world.graph.requests[0]?.authorization?.replace('Bearer ', '') ?? '';
  t.not(token, '');
  t.notOk(JSON.stringify(world.logs).includes(token));
});

t.test('groups that are too many for a token are read again with every refresh', async t => {
  const world = await startMany(t, { session: { secret: SESSION_SECRET, refresh: '500ms' } });
  const person = world.browser();
  world.entra.choose('agnes');
  t.equal((await person.go(`${AGENTS}/ticket`)).status, 200);
  world.entra.people.agnes.groups = MANY;
  let status = 200;
  while (status === 200) ({ status } = await person.ask(`${AGENTS}/ticket`));
  t.equal(status, 403);
  t.equal(world.entra.requestsTo('authorize').length, 1, 'without signing in again');
});

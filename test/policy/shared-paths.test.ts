import t from 'tap';
import { applicableConnections, choosePortal, isForced, mayEnter, portalsOpenTo } from '../../src/policy/index.ts';
import { agent, connectionSettings, type Judge, judgeOf, signedIn } from '../support/policy.ts';

const HALO = 'https://halo.example.com';
const API = `GET ${HALO}/api/tickets`;
const TOKEN = `GET ${HALO}/auth/token`;

type Differences = Readonly<Record<string, unknown>>;

/** Three portals of one host; the root portal stands last. */
function portals(changes: { readonly [name: string]: Differences } = {}): Differences {
  return {
    portals: [
      { name: 'customers', kind: 'user', url: `${HALO}/portal`, ...changes.customers },
      { name: 'partners', kind: 'user', url: `${HALO}/partners`, ...changes.partners },
      { name: 'agents', kind: 'agent', url: HALO, ...changes.agents },
    ],
  };
}

function chosen(judge: Judge, request: string, session = undefined as ReturnType<typeof agent> | undefined): string {
  return choosePortal(judge.policy, judge.place(request).place, session, false).name;
}

t.test('a shared request belongs to the first portal that the person may enter, the root portal first', async t => {
  const judge = await judgeOf(portals());
  for (const request of [API, TOKEN]) {
    t.equal(chosen(judge, request, agent()), 'agents');
    t.equal(chosen(judge, request, signedIn()), 'customers');
  }
  const connections = [connectionSettings(), connectionSettings({ name: 'second', portals: ['partners'] })];
  const second = await judgeOf({ ...portals(), connections });
  t.equal(chosen(second, API, { ...agent(), connection: 'second' }), 'partners', 'its connection applies there alone');
  t.match(second.decide(API, { ...agent(), connection: 'second' }), { rule: 6, portal: { name: 'partners' } });
});

t.test('without a session it belongs to an anonymous portal, on auth paths to one with nativeSignIn', async t => {
  const anonymous = await judgeOf(portals({ partners: { anonymous: true } }));
  t.equal(chosen(anonymous, API), 'partners');
  t.equal(chosen(anonymous, TOKEN), 'agents', 'anonymous does not open the auth paths');
  const native = await judgeOf(portals({ partners: { nativeSignIn: true } }));
  t.equal(chosen(native, TOKEN), 'partners');
  t.equal(chosen(native, API), 'agents', 'nativeSignIn does not open the others');
});

t.test('else it belongs to the first forced portal, the root portal first, else to the root portal', async t => {
  t.equal(chosen(await judgeOf(portals()), API), 'agents');
  const usersOnly = await judgeOf({ ...portals(), connections: [connectionSettings({ allow: 'users' })] });
  t.equal(chosen(usersOnly, API), 'customers');
  const partnersOnly = await judgeOf({ ...portals(), connections: [connectionSettings({ portals: ['partners'] })] });
  t.equal(chosen(partnersOnly, API), 'partners');
  const open = await judgeOf({ ...portals(), connections: [connectionSettings({ autoRedirect: false })] });
  t.equal(chosen(open, API), 'agents');
});

t.test(
  'a person who may enter none of them is as good as nobody for the choice, and refused where it is forced',
  async t => {
    const users = { groups: ['22222222-0000-4000-8000-000000000002'] };
    const judge = await judgeOf({ ...portals(), connections: [connectionSettings({ users })] });
    t.equal(chosen(judge, API, signedIn()), 'agents');
    t.match(judge.decide(API, signedIn()), { rule: 8, portal: { name: 'agents' } });
    const anonymous = await judgeOf({
      ...portals({ partners: { anonymous: true } }),
      connections: [connectionSettings({ users })],
    });
    t.match(anonymous.decide(API, signedIn()), { rule: 9, portal: { name: 'partners' } });
  },
);

t.test('under Emergency none is forced, so the root portal has it', async t => {
  const judge = await judgeOf({ ...portals(), connections: [connectionSettings({ allow: 'users' })] });
  const { place } = judge.place(API);
  t.equal(choosePortal(judge.policy, place, undefined, true).name, 'agents');
  const ask = { emergency: true };
  t.match(judge.decide(API, undefined, ask), { rule: 5, portal: { name: 'agents' } });
  const password = { ...ask, form: 'grant_type=password' };
  t.match(
    judge.decide(`POST ${HALO}/auth/token`, undefined, password),
    { rule: 5, emergencyUse: true },
    'customers would have refused it',
  );
});

t.test('a path that is not shared belongs to its portal, whoever asks', async t => {
  const judge = await judgeOf(portals({ partners: { anonymous: true, nativeSignIn: true } }));
  for (const session of [undefined, agent(), signedIn()]) {
    t.equal(chosen(judge, `GET ${HALO}/ticket`, session), 'agents');
    t.equal(chosen(judge, `GET ${HALO}/portal/auth/token`, session), 'customers');
  }
});

t.test('a public route belongs to the same portal with a session and without', async t => {
  const judge = await judgeOf(portals());
  for (const session of [undefined, agent(), signedIn()]) {
    t.match(judge.decide(`GET ${HALO}/api/authinfo`, session), { rule: 3, portal: { name: 'agents' } });
  }
});

t.test("Halo's callback on a shared path goes to the portal that the person may enter", async t => {
  const judge = await judgeOf(portals());
  const request = `GET ${HALO}/auth/account/openidresponse`;
  t.match(judge.decide(request, signedIn()), { rule: 2, portal: { name: 'customers' } });
  t.match(judge.decide(request, agent()), { rule: 2, portal: { name: 'agents' } });
  t.match(judge.decide(request, undefined), { rule: 2, portal: { name: 'agents' } });
});

t.test('what the settings say of a portal can be asked', async t => {
  const connections = [
    connectionSettings({ portals: ['agents', 'customers'] }),
    connectionSettings({ name: 'second', allow: 'users', autoRedirect: false }),
    connectionSettings({ name: 'third', published: false }),
  ];
  const judge = await judgeOf({ ...portals(), connections });
  const names = (portal: string) => applicableConnections(judge.policy, judge.portal(portal)).map(({ name }) => name);
  t.same(names('agents'), ['default']);
  t.same(names('customers'), ['default', 'second']);
  t.same(names('partners'), ['second']);
  t.equal(isForced(judge.policy, judge.portal('agents'), false), true);
  t.equal(isForced(judge.policy, judge.portal('agents'), true), false);
  t.equal(isForced(judge.policy, judge.portal('partners'), false), false);
  const { hostPortals } = judge.place(API).place;
  const open = (session: ReturnType<typeof agent>) =>
    portalsOpenTo(judge.policy, session, hostPortals).map(({ name }) => name);
  t.same(open(agent()), ['agents', 'customers']);
  t.same(open(signedIn()), ['customers']);
  t.same(open({ ...agent(), connection: 'second' }), ['customers', 'partners']);
  t.same(open({ ...agent(), connection: 'third' }), []);
  t.equal(mayEnter(judge.policy, agent(), judge.portal('partners')), false);
});

import t from 'tap';
import { connectionTo, partnersTo } from '../../demo/connection.ts';
import { AGENT_ROLE, ELSEWHERE, type Entra, G1, HOME, PARTNER } from '../../demo/entra/index.ts';
import { Browser } from '../support/browser.ts';
import { type BuiltWorld, startBuiltWorld } from '../support/built.ts';

type Who = keyof Entra['people'];

/** A rule, and what becomes of whom: at the agent app, and at the portal of the same connection. */
interface Case {
  readonly what: string;
  readonly rules: Readonly<Record<string, unknown>>;
  readonly agents: Readonly<Partial<Record<Who, string>>>;
  readonly users: Readonly<Partial<Record<Who, string>>>;
}

const IN = 'in';
const OUT = 'NOT_ADMITTED';
const AGNES = 'dddddddd-0000-4000-8000-00000000000a';
const ULRICH = 'dddddddd-0000-4000-8000-00000000000b';
const everybody = { agnes: IN, ulrich: IN, gina: IN };
const nobody = { agnes: OUT, ulrich: OUT, gina: OUT };

/** Of one tenant. Agnes holds the role, Ulrich is in the group, Gina is a guest who has both. */
const SINGLE: readonly Case[] = [
  { what: 'no rule', rules: {}, agents: { ...everybody, gina: OUT }, users: everybody },
  {
    what: 'a group',
    rules: { agents: { groups: [G1.toUpperCase()] } },
    agents: { ...nobody, ulrich: IN },
    users: everybody,
  },
  { what: 'a role', rules: { agents: { roles: [AGENT_ROLE] } }, agents: { ...nobody, agnes: IN }, users: everybody },
  {
    what: 'a role in other letters',
    rules: { agents: { roles: [AGENT_ROLE.toLowerCase()] } },
    agents: nobody,
    users: everybody,
  },
  { what: 'a person', rules: { agents: { people: [AGNES] } }, agents: { ...nobody, agnes: IN }, users: everybody },
  {
    what: 'a person of a tenant',
    rules: { agents: { people: [`${HOME.id}.${ULRICH}`] } },
    agents: { ...nobody, ulrich: IN },
    users: everybody,
  },
  {
    what: 'a person of another tenant',
    rules: { agents: { people: [`${ELSEWHERE.id}.${ULRICH}`] } },
    agents: nobody,
    users: everybody,
  },
  {
    what: 'any of several lists',
    rules: { agents: { groups: [G1], people: [AGNES] } },
    agents: { ...everybody, gina: OUT },
    users: everybody,
  },
  {
    what: 'a group, guests included',
    rules: { agents: { groups: [G1], guests: true } },
    agents: { ...everybody, agnes: OUT },
    users: everybody,
  },
  {
    what: 'the tenant',
    rules: { agents: { tenants: [HOME.id] } },
    agents: { ...everybody, gina: OUT },
    users: everybody,
  },
  {
    what: 'another tenant',
    rules: { agents: { tenants: [ELSEWHERE.id], roles: [AGENT_ROLE], guests: true } },
    agents: nobody,
    users: everybody,
  },
  {
    what: 'users by group, and no guests',
    rules: { users: { groups: [G1], guests: false } },
    agents: { ...everybody, gina: OUT },
    users: { ...nobody, ulrich: IN },
  },
];

/** Of several tenants: Petra administers another one, where she has given herself the role and the group. */
const MULTI: readonly Case[] = [
  {
    what: 'a role and a group of the own tenant',
    rules: { agents: { tenants: [HOME.id], roles: [AGENT_ROLE], groups: [G1] } },
    agents: { agnes: IN, ulrich: IN, petra: OUT, otto: 'TENANT_NOT_ADMITTED' },
    users: { agnes: IN, petra: IN, otto: 'TENANT_NOT_ADMITTED' },
  },
  {
    what: 'no rule',
    rules: {},
    agents: { agnes: OUT, petra: OUT },
    users: { agnes: IN, petra: IN },
  },
  {
    what: 'users of one tenant among several',
    rules: { users: { tenants: [PARTNER.id] } },
    agents: { agnes: OUT, petra: OUT },
    users: { agnes: OUT, petra: IN },
  },
];

const hostOf = (at: number) => `https://rule-${at}.example.com`;

/** One built gateway: each case has a connection, and a host with an agent app and a portal, of its own. */
async function worldOf(
  t: Parameters<typeof startBuiltWorld>[0],
  cases: readonly Case[],
  connection: typeof connectionTo,
) {
  const world = await startBuiltWorld(t, ({ authority }) => ({
    portals: cases.flatMap((_, at) => [
      { name: `agents-${at}`, kind: 'agent', url: hostOf(at) },
      { name: `users-${at}`, kind: 'user', url: `${hostOf(at)}/portal` },
    ]),
    connections: cases.map(({ rules }, at) => ({
      ...connection(authority),
      agents: undefined,
      name: `rule-${at}`,
      portals: [`agents-${at}`, `users-${at}`],
      ...rules,
    })),
  }));
  handOut(world.entra);
  return world;
}

function handOut({ people }: Entra): void {
  for (const person of Object.values(people)) Object.assign(person, { groups: [], roles: [] });
  people.agnes.roles = [AGENT_ROLE];
  people.ulrich.groups = [G1];
  for (const person of [people.gina, people.petra]) Object.assign(person, { groups: [G1], roles: [AGENT_ROLE] });
}

/** Signs somebody in on the way to a page. @returns `in` where they arrive with their identity, else the code of the page */
async function arrival({ entra, halo, url }: BuiltWorld, who: Who, at: number, path: string): Promise<string> {
  entra.choose(who);
  halo.clear();
  const page = await new Browser({ [hostOf(at)]: url }).go(hostOf(at) + path);
  const reached = halo.received.find(({ target }) => target === path);
  if (page.status === 200 && reached?.header('x-halo-object-id')) return IN;
  if (reached) return 'refused, and yet Halo was reached, or without identity';
  return /(TENANT_)?NOT_ADMITTED/.exec(page.body)?.[0] ?? `${page.status}`;
}

for (const [kind, cases, connection] of [
  ['one tenant', SINGLE, connectionTo],
  ['several tenants, whose administrators cannot make themselves agents', MULTI, partnersTo],
] as const) {
  t.test(`who may enter, in a connection of ${kind}`, async t => {
    const world = await worldOf(t, cases, connection);
    for (const [at, { what, agents, users }] of cases.entries()) {
      for (const [path, wanted] of [
        ['/ticket?id=1', agents],
        ['/portal/home', users],
      ] as const) {
        const found: Partial<Record<Who, string>> = {};
        for (const who of Object.keys(wanted) as Who[]) found[who] = await arrival(world, who, at, path);
        t.same(found, wanted, `by ${what}: ${path}`);
      }
    }
  });
}

t.test('who loses the group is refused at the next sign-in, who gains it enters', async t => {
  const [byGroup] = SINGLE.filter(({ what }) => what === 'a group');
  const world = await worldOf(t, byGroup ? [byGroup] : [], connectionTo);
  const both = async () => [await arrival(world, 'ulrich', 0, '/ticket'), await arrival(world, 'agnes', 0, '/ticket')];
  t.same(await both(), [IN, OUT]);
  const { people } = world.entra;
  [people.ulrich.groups, people.agnes.groups] = [[], [G1]];
  t.same(await both(), [OUT, IN]);
});

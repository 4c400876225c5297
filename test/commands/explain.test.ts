import { readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { type ExplainArguments, explain } from '../../src/commands/explain/explain.ts';
import { connectionSettings, G1, TENANT } from '../support/policy.ts';
import { changed, sound } from '../support/settings.ts';

const OTHER_TENANT = 'bbbbbbbb-0000-4000-8000-00000000000b';
const TICKET = 'https://halo.example.com/ticket';

interface Example {
  readonly settings: string;
  readonly who: 'nobody' | 'user' | 'agent';
  readonly as: string;
  readonly headers?: object;
  readonly client?: string;
  readonly request: string;
  readonly portal?: string;
  readonly rule: number;
  readonly out: string | number;
  readonly path?: string;
}

interface Fixture {
  readonly base: object;
  readonly settings: Readonly<Record<string, object>>;
  readonly cases: readonly Example[];
}

async function run(t: Test, settings: object | string, args: Partial<ExplainArguments>) {
  const text = typeof settings === 'string' ? settings : JSON.stringify({ version: 1, ...settings });
  const config = `${t.testdir({ 'halogate.yaml': text })}/halogate.yaml`;
  const written = { out: '', err: '' };
  const status = await explain(
    { config, method: 'GET', url: TICKET, as: 'nobody', json: false, ...args },
    { out: text => (written.out += text), err: text => (written.err += text) },
  );
  return { status, ...written };
}

const text = readFileSync(new URL('../fixtures/decisions.yaml', import.meta.url), 'utf8');
const { base, settings, cases }: Fixture = parse(text, { merge: true });
const navigations = cases.filter(
  ({ as, request, headers, client }) => as === 'navigate' && request.startsWith('GET ') && !headers && !client,
);

t.ok(navigations.length >= 25, 'the examples are all there');

for (const example of navigations) {
  const { who, request, rule, out, portal, path } = example;
  t.test(`agrees with the worked example ${example.settings}: ${who} ${request}`, async t => {
    const [, url = ''] = request.split(' ');
    const { status, ...written } = await run(
      t,
      { ...base, ...settings[example.settings] },
      { url, as: who, json: true },
    );
    t.equal(status, 0, written.err);
    const explanation = JSON.parse(written.out);
    t.type(explanation.why, 'string');
    const outcome = typeof out === 'number' ? 'refuse' : out;
    if (rule === 0) {
      t.strictSame(Object.keys(explanation), ['outcome', 'why']);
      t.match(explanation, { outcome, why: String(out) });
      return;
    }
    t.match(explanation, { rule, outcome, portal, path: path ?? url.replace(/^https:\/\/[^/]+/, '') });
    if (typeof out === 'number') t.match(explanation.why, `The answer is ${out} `);
  });
}

t.test('a line each, in the order of the documentation', async t => {
  t.strictSame(await run(t, sound, { as: 'user' }), {
    status: 0,
    err: '',
    out: `portal: agents
path: /ticket
rule: 8
outcome: refuse
why: The person may not enter the portal. The answer is 403 NOT_ADMITTED.
`,
  });
});

t.test('needs neither secrets nor certificates', async t => {
  const unread = changed('credential:', '    credential: {secret: {file: /nowhere/at/all}}');
  t.match(await run(t, unread, { as: 'agent' }), { status: 0, out: /^rule: 6$/m });
});

t.test('the gateway\u2019s own paths, and other methods', async t => {
  t.match(await run(t, sound, { url: 'https://halo.example.com/.halogate/session' }), { out: /rule: 1\noutcome: own/ });
  const token = 'https://halo.example.com/auth/token';
  t.match(await run(t, sound, { method: 'post', url: token, as: 'agent' }), { out: /rule: 4\noutcome: refuse/ });
});

t.test('an address as a browser takes it: without a path, a fragment left out', async t => {
  t.match(await run(t, sound, { url: 'https://HALO.example.com' }), { out: /^path: \/$/m });
  t.match(await run(t, sound, { url: 'https://halo.example.com:443?a=b#/there' }), { out: /^path: \/\?a=b$/m });
});

t.test('what has no place: neither portal nor rule, and why', async t => {
  const bad = await run(t, sound, { url: 'https://halo.example.com/a%2fb' });
  t.match(bad, { status: 0, out: /^outcome: refuse\nwhy: .* The answer is 400 BAD_TARGET\.\n$/ });
});

t.test('what cannot be asked: whose fault it is', async t => {
  t.match(await run(t, 'version: 2\n', {}), { status: 78, out: '', err: /halogate\.yaml:1:/ });
  await t.rejects(run(t, sound, { url: 'GET' }), { name: 'UsageError', message: /"GET" is no address/ });
  await t.rejects(run(t, sound, { as: 'user', connection: 'defualt' }), {
    message: /no connection "defualt".*"default"/,
  });
});

t.test('agents and users are whom the rules of a connection name', async t => {
  const admitted = (differences: object, as: 'agent' | 'user') =>
    run(t, { ...base, connections: [connectionSettings({ ...differences })] }, { as });
  for (const rule of [{ groups: [G1] }, { roles: ['Halo.Agent'] }, { people: [G1] }, { people: [`${TENANT}.${G1}`] }]) {
    t.match(await admitted({ agents: rule }, 'agent'), { out: /^rule: 6$/m });
    t.match(await admitted({ agents: rule }, 'user'), { out: /^rule: 8$/m });
  }
  t.match(await admitted({ agents: { groups: [G1] }, users: { roles: ['User'] } }, 'user'), { out: /^rule: 8$/m });
  t.match(await admitted({ agents: undefined }, 'user'), { out: /^rule: 8$/m }, 'a guest is no agent');
  t.match(await admitted({ agents: { guests: true } }, 'user'), {
    status: 1,
    out: '',
    err: /passes the one for agents/,
  });
  t.match(await admitted({ allow: 'agents' }, 'user'), { status: 1, err: /"default" nobody .* its "allow" is agents/ });
});

t.test('agents and users of another provider, by subject', async t => {
  const oidc = { provider: 'oidc', issuer: 'https://id.example.com', tenant: undefined };
  for (const people of [['ada'], ['auth0|ada'], ['https://id.example.com|ada'], ['https://id.example.com|auth0|ada']]) {
    const connections = [connectionSettings({ ...oidc, agents: { people } })];
    t.match(await run(t, { ...base, connections }, { as: 'agent' }), { out: /^rule: 6$/m });
    t.match(await run(t, { ...base, connections }, { as: 'user' }), { out: /^rule: 8$/m });
  }
});

t.test('several tenants: those that are listed, and customers of a partner', async t => {
  const multi = { tenantType: 'multi', tenant: undefined, tenants: [{ id: TENANT }], agents: undefined };
  const asked = (differences: object, as: 'agent' | 'user', url = 'https://halo.example.com/portal/home') =>
    run(t, { ...base, connections: [connectionSettings({ ...multi, ...differences })] }, { as, url });
  t.match(await asked({}, 'user'), { out: /portal: customers\n.*\nrule: 6/ });
  t.match(await asked({}, 'agent'), { status: 1, err: /needs a rule "agents"/ });
  const agents = { tenants: [TENANT], groups: [G1] };
  t.match(await asked({ agents }, 'agent', TICKET), { out: /^rule: 6$/m });
  t.match(await asked({ agents: { tenants: [OTHER_TENANT] } }, 'agent'), { status: 1, err: /whose tenant it admits/ });
  const csp = { partnerTenant: TENANT };
  t.match(await asked({ tenants: undefined, csp }, 'user'), { out: /^rule: 6$/m });
  t.match(await asked({ csp, agents: { tenants: [OTHER_TENANT] } }, 'agent', TICKET), { out: /^rule: 6$/m });
  t.match(await asked({ tenants: undefined, csp: { ...csp, include: [OTHER_TENANT] } }, 'user'), { out: /^rule: 6$/m });
  t.match(await asked({ tenants: [] }, 'user'), { status: 1, err: /admits no tenant/ });
});

t.test(
  'the connection: the one that is named, else the first that has such a person, published ones first',
  async t => {
    const connections = [
      connectionSettings({ name: 'old', published: false }),
      connectionSettings({ name: 'customers', allow: 'users' }),
      connectionSettings({ name: 'staff', allow: 'agents' }),
    ].map((connection, index) => (index === 1 ? { ...connection, agents: undefined } : connection));
    t.match(await run(t, { ...base, connections }, { as: 'agent' }), { out: /^rule: 6$/m });
    t.match(await run(t, { ...base, connections }, { as: 'agent', connection: 'old' }), { out: /^rule: 11$/m });
    t.match(await run(t, { ...base, connections }, { as: 'agent', connection: 'customers' }), {
      status: 1,
      err: /"allow"/,
    });
  },
);

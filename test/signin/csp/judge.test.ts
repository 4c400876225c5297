import t from 'tap';
import { admittedOf, judgeTenants } from '../../../src/signin/csp/judge.ts';

const [ONE, TWO, THREE, OWN] = ['1', '2', '3', '4'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
  string,
];
const CUSTOMERS = [ONE, TWO, THREE].map(id => ({ id, name: `Customer ${id[0]}`, domains: [] }));
const csp = { partnerTenant: OWN, include: 'all', exclude: [], refresh: 1 } as const;

const cases: [what: string, connection: Parameters<typeof judgeTenants>[0], verdicts: Record<string, string>][] = [
  ['every customer', { tenants: [], csp }, { [ONE]: 'csp', [TWO]: 'csp', [THREE]: 'csp' }],
  [
    'all but the excluded',
    { tenants: [], csp: { ...csp, exclude: [TWO] } },
    { [ONE]: 'csp', [TWO]: 'excluded', [THREE]: 'csp' },
  ],
  [
    'the included alone, as far as they are customers',
    { tenants: [], csp: { ...csp, include: [ONE, OWN] } },
    { [ONE]: 'csp', [TWO]: 'not-included', [THREE]: 'not-included', [OWN]: 'no-customer' },
  ],
  [
    'excluded though included',
    { tenants: [], csp: { ...csp, include: [ONE], exclude: [ONE] } },
    { [ONE]: 'excluded', [TWO]: 'not-included', [THREE]: 'not-included' },
  ],
  [
    'what the settings list, whatever the partner says',
    { tenants: [{ id: OWN, domains: [] }], csp: { ...csp, include: [OWN, ONE] } },
    { [OWN]: 'settings', [ONE]: 'csp', [TWO]: 'not-included', [THREE]: 'not-included' },
  ],
  [
    'a customer that the settings list as well',
    { tenants: [{ id: ONE, domains: [] }], csp: { ...csp, include: [TWO] } },
    { [ONE]: 'settings', [TWO]: 'csp', [THREE]: 'not-included' },
  ],
];

for (const [what, connection, verdicts] of cases) {
  t.test(`judges ${what}`, async t => {
    const judged = judgeTenants(connection, CUSTOMERS);
    t.strictSame(Object.fromEntries(judged.map(({ tenant, verdict }) => [tenant.id, verdict])), verdicts);
    t.equal(judged.length, Object.keys(verdicts).length, 'each once');
    t.strictSame(
      [...admittedOf(connection, CUSTOMERS).keys()].sort(),
      Object.keys(verdicts)
        .filter(id => ['settings', 'csp'].includes(verdicts[id] ?? ''))
        .sort(),
    );
  });
}

t.test("the settings' name and domains of a tenant hold", async t => {
  const own = { id: ONE, name: 'As the settings say', domains: ['one.example'] };
  const connection = { tenants: [own], csp };
  t.strictSame(admittedOf(connection, CUSTOMERS).get(ONE), own);
  t.strictSame(admittedOf(connection, CUSTOMERS).get(TWO), CUSTOMERS[1]);
});

t.test('while no customer is known, those of the settings are admitted', async t => {
  const connection = { tenants: [{ id: OWN, domains: [] }], csp };
  t.strictSame([...admittedOf(connection, []).keys()], [OWN]);
});

import t from 'tap';
import { comparableDomain } from '../../src/config/domain.ts';
import { loadSettingsText } from '../../src/config/index.ts';
import { briefly, changed, findingsOf, sound } from '../support/settings.ts';

const [A, B] = ['a', 'b'].map(letter => `${letter.repeat(8)}-0000-4000-8000-00000000000${letter}`);

const listed = (domains: string) => changed('autoRedirect:', `    autoRedirect: true\n    domains: ${domains}`);
/** Settings of several tenants, in one line. */
const tenants = (list: string) =>
  sound
    .replace(/ {4}tenant: .*/, `    tenantType: multi\n    tenants: ${list}`)
    .replace('allow: agents-and-users', 'allow: users')
    .replace('autoRedirect: true', 'autoRedirect: false')
    .replace(/ {4}agents: {groups: \[1.*\n/, '');

t.test('both spellings of an internationalised domain are one', async t => {
  const both = '[München.DE, xn--mnchen-3ya.de]';
  const { config } = await loadSettingsText(listed(both), { file: 'test.yaml' });
  t.same(config?.connections[0]?.domains, ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de']);
  const several = tenants(`[{id: ${A}, domains: ${both}}]`);
  const loaded = await loadSettingsText(several, { file: 'test.yaml' });
  t.same(loaded.config?.connections[0]?.tenants[0]?.domains, ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de']);
  const owners = `[{id: ${A}, domains: [münchen.de]}, {id: ${B}, domains: [xn--mnchen-3ya.de]}]`;
  t.same(await briefly(tenants(owners)), ['12:135 DUPLICATE_TENANT_DOMAIN']);
});

t.test('what no address is ever of is refused, wildcards above all', async t => {
  for (const domain of ['"*.contoso.com"', 'contoso.*', '"con*so.com"', 'a$b.com', 'contoso', '"@contoso.com"']) {
    t.same(await briefly(listed(`[${domain}]`)), ['16:15 INVALID_VALUE'], domain);
    t.same(await briefly(tenants(`[{id: ${A}, domains: [${domain}]}]`)), ['12:68 INVALID_VALUE'], domain);
  }
  t.match(await findingsOf(listed('["*.contoso.com"]')), [
    { message: 'connections[0].domains[0]: expected a domain such as example.com, found "*.contoso.com"' },
  ]);
});

t.test('signs that only look like a letter of ASCII make another domain', async t => {
  t.equal(comparableDomain('Contoso.COM'), 'contoso.com');
  for (const domain of [
    '\u212Aontoso.com',
    '\uFF43ontoso.com',
    'con\u017Fo.com',
    'contoso\u3002com',
    '1.2.3',
    'a..b',
    '',
  ]) {
    t.equal(comparableDomain(domain), undefined, JSON.stringify(domain));
  }
});

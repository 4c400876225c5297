import t from 'tap';
import type { Connection, Tenant } from '../../src/config/index.ts';
import { readClaims } from '../../src/signin/claims.ts';

const AUTHORITY = 'https://login.microsoftonline.us';
const CONTOSO = 'cccccccc-0000-4000-8000-0000000000c0';
const FABRIKAM = 'ffffffff-0000-4000-8000-0000000000f0';
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad';
const OID = 'dddddddd-0000-4000-8000-00000000000d';
const NOW = Date.UTC(2026, 0, 1);

const multi: Connection = {
  name: 'partners',
  published: true,
  provider: 'entra',
  issuer: `${AUTHORITY}/organizations/v2.0`,
  authority: AUTHORITY,
  graph: 'https://graph.microsoft.us',
  tenantType: 'multi',
  tenants: [],
  clientId: 'client',
  credential: { secret: 'unused' },
  allow: 'users',
  autoRedirect: true,
  scope: 'openid',
  responseMode: 'query',
  domains: [],
  portals: [],
};

const list = (...tenants: Tenant[]) => new Map(tenants.map(tenant => [tenant.id, tenant]));
const CONTOSO_TENANT = {
  id: CONTOSO,
  name: 'Contoso',
  domains: ['contoso.com', 'contoso.example', 'kontoso.com', 'xn--mnchen-3ya.de'],
};

/** What a sound token of Contoso says, with changes; `undefined` leaves a claim out. */
function claimsOf(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    iss: `${AUTHORITY}/${CONTOSO}/v2.0`,
    iat: NOW / 1000,
    exp: NOW / 1000 + 3600,
    tid: CONTOSO,
    oid: OID,
    ver: '2.0',
    name: 'Ada',
    preferred_username: 'ada@contoso.com',
    email: 'ada@contoso.com',
    xms_edov: true,
    ...changes,
  };
}

function read(changes?: Readonly<Record<string, unknown>>, tenants = list(CONTOSO_TENANT), connection = multi) {
  return readClaims(connection, claimsOf(changes), { now: NOW, tenants });
}

t.test('somebody of a listed tenant is a person of that tenant', async t => {
  t.match(read(), {
    groups: [],
    person: {
      id: `${CONTOSO}.${OID}`,
      tid: CONTOSO,
      oid: OID,
      username: 'ada@contoso.com',
      email: 'ada@contoso.com',
      name: 'Ada',
      guest: false,
    },
  });
});

t.test('a token that does not hold together is invalid, whatever the list says', async t => {
  const everybody = list(CONTOSO_TENANT, { id: FABRIKAM, domains: [] }, { id: CONSUMERS, domains: [] });
  const unsound: [what: string, changes: Record<string, unknown>][] = [
    ['tid missing', { tid: undefined }],
    ['tid empty', { tid: '' }],
    ['tid a number', { tid: 1 }],
    ['tid a list', { tid: [CONTOSO] }],
    ['tid a domain, with the issuer to it', { tid: 'contoso.com', iss: `${AUTHORITY}/contoso.com/v2.0` }],
    ['tid a GUID in braces', { tid: `{${CONTOSO}}`, iss: `${AUTHORITY}/{${CONTOSO}}/v2.0` }],
    ['tid and a line feed', { tid: `${CONTOSO}\n`, iss: `${AUTHORITY}/${CONTOSO}\n/v2.0` }],
    ['tid the template itself', { tid: '{tenantid}', iss: `${AUTHORITY}/{tenantid}/v2.0` }],
    ['tid a pattern of replacement', { tid: '$&', iss: `${AUTHORITY}/{tenantid}/v2.0` }],
    ['tid of another tenant than iss', { tid: FABRIKAM }],
    ['iss of another tenant than tid', { iss: `${AUTHORITY}/${FABRIKAM}/v2.0` }],
    ['iss of another host', { iss: `https://login.microsoftonline.com/${CONTOSO}/v2.0` }],
    ['iss of version 1', { iss: `https://sts.windows.net/${CONTOSO}/` }],
    ['iss with a slash at its end', { iss: `${AUTHORITY}/${CONTOSO}/v2.0/` }],
    ['iss missing', { iss: undefined }],
    ['ver missing', { ver: undefined }],
    ['ver of version 1', { ver: '1.0' }],
    ['ver a number', { ver: 2 }],
    ['oid missing', { oid: undefined }],
    ['oid a number', { oid: 1 }],
    ['oid no GUID', { oid: 'ada' }],
    ['xms_edov an object', { xms_edov: {} }],
    ['_claim_names a text', { _claim_names: 'groups' }],
    ['_claim_names a list', { _claim_names: ['groups'] }],
    ['_claim_names a number', { _claim_names: 1 }],
    ['_claim_names null', { _claim_names: null }],
    ['xms_edov null', { xms_edov: null }],
    ['xms_edov another text', { xms_edov: 'yes' }],
  ];
  for (const [what, changes] of unsound) t.throws(() => read(changes, everybody), { code: 'TOKEN_INVALID' }, what);
});

t.test('a tenant that is not listed is turned away by its id', async t => {
  const stranger = { tid: FABRIKAM, iss: `${AUTHORITY}/${FABRIKAM}/v2.0` };
  t.throws(() => read(stranger), { code: 'TENANT_NOT_ADMITTED', detail: { tid: FABRIKAM } });
  t.throws(() => read({}, list()), { code: 'TENANT_NOT_ADMITTED' }, 'an empty list admits nobody');
  t.throws(() => readClaims(multi, claimsOf(), { now: NOW, tenants: undefined }), { code: 'TENANT_NOT_ADMITTED' });
});

t.test('private accounts are turned away even where their tenant is listed', async t => {
  const claims = { tid: CONSUMERS, iss: `${AUTHORITY}/${CONSUMERS}/v2.0` };
  t.throws(() => read(claims, list({ id: CONSUMERS, domains: [] })), {
    code: 'TENANT_NOT_ADMITTED',
    detail: { tid: CONSUMERS },
  });
});

t.test('an e-mail address counts when it is proven and of a domain of that very tenant', async t => {
  const addresses: [what: string, changes: Record<string, unknown>, email: string][] = [
    ['another of its domains, in capitals', { email: 'Ada@CONTOSO.Example' }, 'Ada@CONTOSO.Example'],
    ['one of another script', { email: 'ada@münchen.de' }, 'ada@münchen.de'],
    ['the same in capitals', { email: 'ada@MÜNCHEN.de' }, 'ada@MÜNCHEN.de'],
    ['the same in the other spelling', { email: 'ada@xn--mnchen-3ya.de' }, 'ada@xn--mnchen-3ya.de'],
    ['almost the same', { email: 'ada@munchen.de' }, ''],
    ['not proven', { xms_edov: false }, ''],
    ['nothing said of a proof', { xms_edov: undefined }, ''],
    ['a proof that Entra writes as a text', { xms_edov: '1' }, 'ada@contoso.com'],
    ['or as a word', { xms_edov: 'true' }, 'ada@contoso.com'],
    ['or as a number', { xms_edov: 1 }, 'ada@contoso.com'],
    ['refuted as a text', { xms_edov: '0' }, ''],
    ['refuted as a word', { xms_edov: 'false' }, ''],
    ['refuted as a number', { xms_edov: 0 }, ''],
    ["a stranger's domain", { email: 'admin@example.com' }, ''],
    ['a subdomain', { email: 'ada@sub.contoso.com' }, ''],
    ['a domain that ends alike', { email: 'ada@notcontoso.com' }, ''],
    ['two addresses', { email: 'admin@example.com,ada@contoso.com' }, ''],
    ['an address within an address', { email: 'admin@example.com@contoso.com' }, ''],
    ['a name before the address', { email: 'admin <ada@contoso.com>' }, ''],
    ['nobody at the domain', { email: '@contoso.com' }, ''],
    ['letters that look like the domain', { email: 'ada@cont\u043eso.com' }, ''],
    ['a sign that becomes a letter in lower case', { email: 'ada@\u212Aontoso.com' }, ''],
    ['a letter of another width', { email: 'ada@\uFF43ontoso.com' }, ''],
    ['none', { email: undefined }, ''],
  ];
  for (const [what, changes, email] of addresses) t.equal(read(changes).person.email, email, what);
  t.equal(read({}, list({ id: CONTOSO, domains: [] })).person.email, '', 'a tenant of which no domain is known');
});

t.test('a user name counts when its domain is the tenant’s, else the person is called by the id', async t => {
  const id = `${CONTOSO}.${OID}`;
  const nobody = { preferred_username: undefined };
  t.equal(read({ xms_edov: false }).person.username, 'ada@contoso.com', 'whether or not an e-mail address is proven');
  t.equal(read({ preferred_username: 'admin@example.com' }).person.username, id);
  t.equal(read({ preferred_username: 'ada' }).person.username, id);
  t.equal(read({ preferred_username: '+15551234567' }).person.username, id);
  t.equal(read(nobody).person.username, id);
  t.equal(read({ ...nobody, upn: 'ada@contoso.com' }).person.username, 'ada@contoso.com');
  t.equal(read({ ...nobody, upn: 'admin@example.com' }).person.username, id);
  t.equal(read({ preferred_username: 'admin@example.com', name: undefined }).person.name, id);
});

t.test('a single tenant is asked for no proof: whoever writes addresses there is its own administrator', async t => {
  const { tenants: _, ...others } = multi;
  const single: Connection = { ...others, tenants: [], tenantType: 'single', tenant: CONTOSO };
  const claims = { email: 'ada@anywhere.example', preferred_username: 'ada@anywhere.example', xms_edov: undefined };
  t.match(read(claims, undefined, single).person, { email: 'ada@anywhere.example', username: 'ada@anywhere.example' });
  t.throws(() => read({ tid: FABRIKAM, iss: `${AUTHORITY}/${FABRIKAM}/v2.0` }, undefined, single), {
    code: 'TENANT_NOT_ADMITTED',
  });
});

t.test('groups that were left out are not taken for none', async t => {
  const group = '11111111-0000-4000-8000-000000000001';
  for (const changes of [
    { _claim_names: { groups: 'src1' } },
    { _claim_names: { groups: 'src1' }, groups: [group] },
    { hasgroups: true },
    { hasgroups: 'true' },
  ]) {
    t.equal(read(changes).groups, 'elsewhere', JSON.stringify(changes));
  }
  t.strictSame(read({ groups: [group] }).groups, [group]);
  t.strictSame(read({ _claim_names: { roles: 'src1' }, hasgroups: false }).groups, []);
  const oidc: Connection = { ...multi, provider: 'oidc', tenantType: 'single', issuer: 'https://id.example.com' };
  const claims = { sub: 'ada', hasgroups: true, tid: 'anything', ver: 3 };
  t.strictSame(read(claims, undefined, oidc).groups, [], 'what Entra means by it, no other provider does');
  t.equal(read({ sub: 'ada', _claim_names: { groups: 'src1' } }, undefined, oidc).groups, 'elsewhere');
});

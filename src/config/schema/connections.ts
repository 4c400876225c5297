import Type from 'typebox';
import { defaults } from '../defaults.ts';
import {
  choice,
  directoryId,
  domain,
  duration,
  exactlyOne,
  file,
  filledList,
  flag,
  list,
  name,
  patterned,
  printable,
  secret,
  section,
  text,
  url,
} from './primitives.ts';

const credential = section(
  {
    secret: Type.Optional(secret({ description: 'The client secret.' })),
    certificate: Type.Optional(
      section(
        {
          cert: file({ description: 'PEM file of the certificate; `check` warns from 30 days before it ends.' }),
          key: file({ description: 'PEM file of its private key: RSA, 2048 bits or more.' }),
        },
        { description: 'A certificate that is registered with the application; assertions are signed with PS256.' },
      ),
    ),
    workloadIdentity: Type.Optional(
      Type.Literal(true, {
        description:
          '`entra`: the token in the file that AZURE_FEDERATED_TOKEN_FILE names, read again for each request.',
      }),
    ),
  },
  {
    description: 'How the gateway proves itself to the provider.',
    ...exactlyOne('secret', 'certificate', 'workloadIdentity'),
  },
);

const domains = (description: string) =>
  Type.Optional(list(domain({ description: 'A domain such as example.com.' }), { description, default: [] }));

function entryRule(portals: string, guests: boolean, leftOut = '') {
  return section(
    {
      groups: Type.Optional(
        list(text({ description: 'Object id of a group.' }), {
          description: 'Members of these may enter.',
          default: [],
        }),
      ),
      roles: Type.Optional(
        list(text({ description: 'Value of an app role.' }), {
          description: 'Holders of these may enter.',
          default: [],
        }),
      ),
      tenants: Type.Optional(
        list(directoryId({ description: 'A tenant.' }), {
          description:
            'When given, the person must come from one of these; the other lists then narrow it down. Required in `agents` of a multi-tenant connection.',
          default: [],
        }),
      ),
      people: Type.Optional(
        list(text({ description: '`{oid}` or `{tid}.{oid}`; never an address or a name.' }), {
          description: 'These may enter.',
          default: [],
        }),
      ),
      guests: Type.Optional(
        flag({ description: 'Whether guests of the directory may pass the rule.', default: guests }),
      ),
    },
    {
      description: `Who may enter ${portals} portals: of groups, roles and people any that matches is enough; all empty admits everyone.${leftOut}`,
    },
  );
}

const csp = section(
  {
    partnerTenant: directoryId({ description: "The partner's own tenant." }),
    include: Type.Optional(
      Type.Union(
        [choice(['all'], { description: 'Every customer.' }), Type.Array(directoryId({ description: 'A tenant.' }))],
        {
          description: 'Which customers are added.',
          default: defaults.cspInclude,
        },
      ),
    ),
    exclude: Type.Optional(
      list(directoryId({ description: 'A tenant.' }), { description: 'Customers that are left out.', default: [] }),
    ),
    refresh: Type.Optional(
      duration({ description: 'How often the list of customers is read: 1s to 24h.', default: defaults.cspRefresh }),
    ),
  },
  { description: 'Customers of a Microsoft partner, added to `tenants`.' },
);

const tenant = section(
  {
    id: directoryId({ description: 'The tenant.' }),
    name: Type.Optional(printable({ description: 'What people know it by.' })),
    domains: domains('The e-mail domains that are its own: addresses of others do not count.'),
  },
  { description: 'A tenant whose people may sign in.' },
);

const connection = section(
  {
    name: name({ description: 'What other settings, the log and the metrics call it. Unique.' }),
    published: flag({ description: 'false: as if this connection were not there; its sessions count for nothing.' }),
    provider: Type.Optional(
      choice(['entra', 'oidc'], {
        description: 'Microsoft Entra ID, or another OpenID Connect provider.',
        default: defaults.provider,
      }),
    ),
    issuer: Type.Optional(
      url({ description: '`oidc`: the issuer of the provider, exactly as its discovery document has it.' }),
    ),
    authority: Type.Optional(
      url({ description: '`entra`: the sign-in host; sovereign clouds have their own.', default: defaults.authority }),
    ),
    graph: Type.Optional(
      url({
        description: 'The Microsoft Graph host: asked for customers, and for groups that are too many for a token.',
        default: defaults.graph,
      }),
    ),
    tenantType: Type.Optional(
      choice(['single', 'multi'], {
        description: '`entra`: people of one tenant, or of several.',
        default: defaults.tenantType,
      }),
    ),
    tenant: Type.Optional(directoryId({ description: 'The tenant; required for `single`.' })),
    tenants: Type.Optional(
      list(tenant, { description: '`multi`: who may sign in; empty and without `csp`: nobody.', default: [] }),
    ),
    csp: Type.Optional(csp),
    clientId: text({ description: 'Client id of the app registration.' }),
    credential,
    allow: choice(['agents', 'users', 'agents-and-users'], { description: 'The kinds of portals that it opens.' }),
    autoRedirect: flag({ description: "true: sign-in is forced, and Halo's own credentials are refused." }),
    scope: Type.Optional(
      text({
        description: 'Scopes that a sign-in asks for; `User.Read` where groups may be too many for a token.',
        default: defaults.scope,
      }),
    ),
    prompt: Type.Optional(
      patterned(
        '^(login|consent|select_account|create)( (login|consent|select_account|create))*$',
        '"login", "consent", "select_account" or "create"',
        { description: 'What the provider asks people in any case. Default: the provider decides.' },
      ),
    ),
    loginHint: Type.Optional(printable({ description: 'A user name that the provider fills in.' })),
    domainHint: Type.Optional(printable({ description: 'A domain by which Entra finds the home of a person.' })),
    responseMode: Type.Optional(
      choice(['query', 'form_post'], {
        description: 'How the answer of the provider comes back; form_post on https portals only.',
        default: defaults.responseMode,
      }),
    ),
    portals: Type.Optional(
      list(name({ description: 'Name of a portal.' }), {
        description: 'The portals that it serves. Default: all of the kinds that `allow` names.',
      }),
    ),
    domains: domains('E-mail domains that lead a person from the chooser to this connection.'),
    agents: Type.Optional(
      entryRule('agent', false, ' Left out: everyone but guests; of a multi-tenant connection nobody.'),
    ),
    users: Type.Optional(entryRule('user', true)),
  },
  { description: 'One app registration at an identity provider.' },
);

export const connections = filledList(connection, {
  description: 'The app registrations through which people sign in.',
});

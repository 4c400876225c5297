import t from 'tap';
import { readCommandLine } from '../../src/commands/command-line.ts';
import { redirectUris } from '../../src/commands/redirect-uris.ts';
import { writeSettings } from '../support/gateway.ts';
import { changed, sound } from '../support/settings.ts';

const CONNECTION = {
  name: 'default',
  published: true,
  tenant: 'aaaaaaaa-0000-4000-8000-00000000000a',
  clientId: 'cccccccc-0000-4000-8000-00000000000c',
  // Nothing outside the file is read: there is no secret before there is a registration.
  credential: { secret: { env: 'NOT_THERE_YET' } },
  allow: 'agents-and-users',
  autoRedirect: true,
};
const AGENTS = { name: 'agents', kind: 'agent', url: 'https://halo.example.com' };
const CUSTOMERS = { name: 'customers', kind: 'user', url: 'https://halo.example.com/portal' };
const SUPPORT = { name: 'support', kind: 'user', url: 'https://Support.example.com:443/Service/' };

function settings(differences: Readonly<Record<string, unknown>> = {}): object {
  return {
    version: 1,
    halo: { upstream: 'http://halo.internal' },
    portals: [AGENTS, CUSTOMERS, SUPPORT],
    connections: [CONNECTION],
    session: { secret: { file: '/nowhere/secret' } },
    ...differences,
  };
}

async function run(t: Parameters<typeof writeSettings>[0], text: object | string, json = true) {
  const written = { out: '', err: '' };
  const streams = {
    out: (text: string) => {
      written.out += text;
    },
    err: (text: string) => {
      written.err += text;
    },
  };
  const status = await redirectUris({ config: await writeSettings(t, text), json }, streams);
  return { status, ...written, registrations: json && status === 0 ? JSON.parse(written.out) : [] };
}

t.test('an app registration of Entra, ready to paste', async t => {
  const { status, out, err } = await run(t, settings(), false);
  t.same([status, err], [0, '']);
  t.equal(
    out,
    `App registration cccccccc-0000-4000-8000-00000000000c at https://login.microsoftonline.com
Connections: default

Redirect URIs, platform Web:
https://halo.example.com/auth/account/azureresponse
https://halo.example.com/portal/auth/account/azureresponse
https://support.example.com/Service/auth/account/azureresponse

Where signing out leads, redirect URIs of platform Web too:
https://halo.example.com/.halogate/signed-out
https://support.example.com/.halogate/signed-out

Where Halo imports users or agents with this registration, one more of platform Web:
https://halo.example.com/azure/auth

Front-channel logout URL; a registration has one, and it serves every portal host:
https://halo.example.com/.halogate/front-channel-sign-out

Letter case and slashes count: paste each address as it stands.
`,
  );
});

t.test('the same for programs', async t => {
  const { registrations } = await run(
    t,
    settings({ halo: { upstream: 'http://halo.internal', authPath: '/Haloauth/' } }),
  );
  t.strictSame(registrations, [
    {
      provider: 'entra',
      at: 'https://login.microsoftonline.com',
      clientId: CONNECTION.clientId,
      connections: [{ name: 'default', published: true }],
      redirectUris: [
        { uri: 'https://halo.example.com/Haloauth/account/azureresponse', portals: ['agents'] },
        { uri: 'https://halo.example.com/portal/Haloauth/account/azureresponse', portals: ['customers'] },
        { uri: 'https://support.example.com/Service/Haloauth/account/azureresponse', portals: ['support'] },
      ],
      signedOutUris: [
        'https://halo.example.com/.halogate/signed-out',
        'https://support.example.com/.halogate/signed-out',
      ],
      importUris: ['https://halo.example.com/azure/auth'],
      frontChannelUri: 'https://halo.example.com/.halogate/front-channel-sign-out',
      warnings: [],
    },
  ]);
});

t.test('connections with one client at one authority are one registration, others their own', async t => {
  const other = { ...CONNECTION, clientId: 'dddddddd-0000-4000-8000-00000000000d' };
  const connections = [
    { ...CONNECTION, allow: 'agents' },
    { ...CONNECTION, name: 'customers', allow: 'users', portals: ['customers'], published: false },
    { ...other, name: 'support', allow: 'users', portals: ['support'] },
    { ...CONNECTION, name: 'sovereign', authority: 'https://login.microsoftonline.us/', portals: ['support'] },
  ];
  const { registrations } = await run(t, settings({ connections }));
  const briefly = registrations.map((one: Record<string, { name: string; uri: string }[]>) => [
    one.at,
    one.clientId,
    one.connections?.map(({ name }) => name),
    one.redirectUris?.map(({ uri }) => new URL(uri).pathname),
  ]);
  t.strictSame(briefly, [
    [
      'https://login.microsoftonline.com',
      CONNECTION.clientId,
      ['default', 'customers'],
      ['/auth/account/azureresponse', '/portal/auth/account/azureresponse'],
    ],
    ['https://login.microsoftonline.com', other.clientId, ['support'], ['/Service/auth/account/azureresponse']],
    ['https://login.microsoftonline.us', CONNECTION.clientId, ['sovereign'], ['/Service/auth/account/azureresponse']],
  ]);
  t.strictSame(
    registrations[2].importUris,
    ['https://halo.example.com/azure/auth'],
    'imports go through the agent app',
  );
  const words = (await run(t, settings({ connections }), false)).out;
  t.match(words, 'Connections: default, customers (not published)\n');
  t.equal(words.match(/^App registration /gm)?.length, 3);
});

t.test('a client of another provider has lists of its own', async t => {
  const { tenant: _, ...rest } = CONNECTION;
  const connections = [{ ...rest, provider: 'oidc', issuer: 'https://id.example.com/realms/x/', clientId: 'halo' }];
  const { out, registrations } = await run(t, settings({ connections }));
  t.match(registrations, [
    {
      at: 'https://id.example.com/realms/x/',
      importUris: [],
      backChannelUri: 'https://halo.example.com/.halogate/back-channel-sign-out',
    },
  ]);
  t.notMatch(out, /azure\/auth/);
  const words = (await run(t, settings({ connections }), false)).out;
  t.match(words, 'Client halo at https://id.example.com/realms/x/\n');
  t.match(words, 'Post-logout redirect URIs:\nhttps://halo.example.com/.halogate/signed-out\n');
  t.match(words, '\nhttps://halo.example.com/.halogate/back-channel-sign-out\n');
  t.notMatch(words, /Entra|platform Web/);
});

t.test('portals that share a callback address are named together', async t => {
  const second = { name: 'second', kind: 'agent', url: 'https://halo.example.com/second' };
  const { registrations } = await run(t, settings({ portals: [AGENTS, second] }));
  t.strictSame(registrations[0].redirectUris, [
    { uri: 'https://halo.example.com/auth/account/azureresponse', portals: ['agents', 'second'] },
  ]);
  t.equal(registrations[0].signedOutUris.length, 1);
});

t.test('what Entra refuses is warned of', async t => {
  const warningsOf = async (portals: readonly object[]) => {
    const { registrations } = await run(t, settings({ portals }));
    return registrations[0].warnings.join('\n');
  };
  const plain = [
    { ...AGENTS, url: 'http://halo.example.com' },
    { ...CUSTOMERS, url: 'http://localhost:8080/portal' },
  ];
  const http = await warningsOf(plain);
  t.match(
    http,
    /^Entra takes http:\/\/ for localhost alone.*: http:\/\/halo\.example\.com\/auth\/account\/azureresponse/,
  );
  t.notMatch(http, /localhost:8080/);
  t.equal(await warningsOf([{ ...AGENTS, url: 'http://localhost:8080' }]), '');

  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      name: `p${at}`,
      kind: 'user',
      url: `https://halo.example.com/p${at}`,
    }));
  t.equal(await warningsOf([AGENTS, ...many(253)]), '', '254 callbacks, the import and where signing out leads');
  t.match(await warningsOf([AGENTS, ...many(254)]), /256 redirect URIs.*these are 257/);
  const long = { ...CUSTOMERS, url: `https://halo.example.com/${'p'.repeat(210)}` };
  t.match(await warningsOf([AGENTS, long]), /256 characters.*\/p{210}\/auth\/account\/azureresponse\.$/);
  t.match((await run(t, settings({ portals: [AGENTS, long] }), false)).out, /\nWarning: Entra takes 256 characters/);
});

t.test('bad settings are told, status 78', async t => {
  const { status, out, err } = await run(t, changed('allow:', '    allow: all'));
  t.same([status, out], [78, '']);
  t.match(err, /:14:12 INVALID_VALUE connections\[0\]\.allow/);
  t.equal((await run(t, sound)).status, 0);
});

t.test('the command line', async t => {
  const args = ['redirect-uris', '--config', 'x.yaml'];
  const given = { config: 'x.yaml', positionals: [], options: {} };
  t.same(readCommandLine(args, {}), { command: 'redirect-uris', given });
  t.same(readCommandLine([...args, '--json'], {}), {
    command: 'redirect-uris',
    given: { ...given, options: { json: true } },
  });
  t.match(readCommandLine(['serve', '--json'], {}), { problem: 'serve has no option --json' });
});

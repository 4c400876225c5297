import t from 'tap';
import { briefly, changed, findingsOf, sound } from '../support/settings.ts';

const agents = 'agents: {groups: [11111111-0000-4000-8000-000000000001]}';
const unforced = (text: string) => text.replace('autoRedirect: true', 'autoRedirect: false');
const usersOnly = (text: string) => text.replace('agents-and-users', 'users');
const agentsOnly = (text: string) => text.replace('agents-and-users', 'agents');
const secondPortal = (keys: string) => sound.replace('/portal"}', `/portal", ${keys}}`);
const firstPortal = (keys: string) =>
  sound.replace('"https://halo.example.com"}', `"https://halo.example.com", ${keys}}`);

const table: [what: string, text: string, expected: string[]][] = [
  [
    'no proxy and a listener that others reach',
    changed('trustedProxies:', '').replace('127.0.0.1', '0.0.0.0'),
    ['2:9 NO_TRUSTED_PROXIES'],
  ],
  [
    'no proxy and the default listener',
    changed('trustedProxies:', '').replace('listen: 127.0.0.1:8080\n', ''),
    ['1:1 NO_TRUSTED_PROXIES'],
  ],
  ['no proxy and a listener on loopback', changed('trustedProxies:', 'trustedProxies: []'), []],
  [
    'no proxy and a listener on loopback, IPv6',
    changed('trustedProxies:', '').replace('127.0.0.1:8080', '"[::1]:8080"'),
    [],
  ],

  [
    'portals that browsers reach without TLS',
    sound.replaceAll('https://', 'http://'),
    ['6:38 INSECURE_PORTAL', '7:40 INSECURE_PORTAL'],
  ],
  [
    'the same on loopback',
    sound
      .replaceAll('https://halo.example.com', 'http://localhost:8080')
      .replace('//localhost:8080/portal', '//[::1]/portal'),
    [],
  ],
  ['no rule for agents', sound.replace(`    ${agents}\n`, ''), ['9:5 AGENTS_UNRESTRICTED']],
  ['an empty rule for agents', sound.replace(agents, 'agents: {}'), ['16:5 AGENTS_UNRESTRICTED']],
  [
    'a rule for agents of empty lists',
    sound.replace(agents, 'agents: {groups: [], people: [], guests: true}'),
    ['16:5 AGENTS_UNRESTRICTED'],
  ],
  [
    'a rule for agents by tenant alone',
    sound.replace(agents, 'agents: {tenants: [aaaaaaaa-0000-4000-8000-00000000000a]}'),
    [],
  ],
  [
    'no rule for agents where no agent comes in',
    usersOnly(sound.replace(`    ${agents}\n`, '')).replace('kind: agent', 'kind: user'),
    [],
  ],
  [
    'no rule for agents of an unpublished connection',
    sound.replace(`    ${agents}\n`, '').replace('published: true', 'published: false'),
    [],
  ],

  ['a forced user portal on the host of an unforced agent portal', usersOnly(sound), ['6:5 AGENT_LOGIN_REFUSED']],
  ['the same on hosts of their own', usersOnly(sound).replace('halo.example.com/portal', 'support.example.com'), []],
  ['the same where nativeSignIn opens it', usersOnly(firstPortal('nativeSignIn: true')), []],
  ['an agent portal that is forced itself', sound, []],

  [
    'nativeSignIn beside a forced agent portal',
    agentsOnly(secondPortal('nativeSignIn: true')),
    ['7:75 NATIVE_SIGN_IN_OPEN'],
  ],
  ['nativeSignIn of a forced agent portal', firstPortal('nativeSignIn: true'), ['6:66 NATIVE_SIGN_IN_OPEN']],
  ['nativeSignIn where no agent portal is forced', unforced(secondPortal('nativeSignIn: true')), []],

  [
    'an anonymous portal beside a forced one',
    secondPortal('anonymous: true'),
    ['7:5 UNFORCED_PORTAL', '7:75 ANONYMOUS_PORTAL'],
  ],
  [
    'an anonymous portal beside a forced user portal',
    `${secondPortal('anonymous: true').replace('kind: agent', 'kind: user')}`,
    ['7:75 ANONYMOUS_PORTAL'],
  ],
  ['an anonymous portal where nothing is forced', unforced(secondPortal('anonymous: true')), []],

  ['an unforced portal beside a forced agent portal', agentsOnly(sound), ['7:5 UNFORCED_PORTAL']],
  [
    'the same on hosts of their own',
    agentsOnly(sound).replace('halo.example.com/portal', 'support.example.com'),
    ['7:5 UNFORCED_PORTAL'],
  ],
  ['a connection that is not published', agentsOnly(sound).replace('published: true', 'published: false'), []],
];

for (const [what, text, expected] of table) {
  t.test(`${what}: ${expected.length === 0 ? 'no warning' : expected.join(', ')}`, async t => {
    t.same(await briefly(text), expected);
    t.ok((await findingsOf(text)).every(finding => finding.severity === 'warning'));
  });
}

import t from 'tap';
import { briefly, changed, findingsOf, sound } from '../support/settings.ts';

t.test('sound settings have no finding', async t => {
  t.same(await briefly(sound), []);
});

const table: [what: string, text: string, expected: string[]][] = [
  ['an empty file', '', ['1:1 EMPTY_FILE']],
  ['a file of comments', '# nothing\n', ['1:1 EMPTY_FILE']],
  ['a list in place of settings', '- a\n', ['1:1 WRONG_TYPE']],
  ['a bracket left open', changed('listen:', 'trust: [a'), ['3:1 YAML_SYNTAX']],
  ['a tab as indentation', changed('published', '\tpublished: true'), ['10:1 YAML_SYNTAX']],
  ['an alias without an anchor', changed('clientId:', '    clientId: *nobody'), ['12:15 YAML_SYNTAX']],
  ['an alias of what it stands in', changed('listen:', 'trust: &a [*a]'), ['2:12 YAML_SYNTAX']],
  ['a tag', changed('clientId:', '    clientId: !env ID'), ['12:15 YAML_SYNTAX']],
  ['a merge key that merges no map', changed('listen:', 'log: {<<: 3}'), ['1:1 YAML_SYNTAX']],
  ['a second document', `${sound}---\nversion: 1\n`, ['18:1 YAML_SYNTAX']],
  ['a key that stands twice', changed('clientId:', '    clientId: a\n    clientId: b'), ['13:5 DUPLICATE_KEY']],
  [
    'a key that no setting has',
    changed('autoRedirect:', '    autoRedirct: true'),
    ['9:5 MISSING_KEY', '15:5 UNKNOWN_KEY'],
  ],
  ['an unknown key at the top', `${sound}lissten: 1\n`, ['18:1 UNKNOWN_KEY']],
  ['a missing key at the top', changed('version:', ''), ['1:1 MISSING_KEY']],
  ['a missing key in a list', changed('clientId:', ''), ['9:5 MISSING_KEY']],
  ['a missing key in a map', changed('halo:', 'halo: {timeout: 1s}'), ['4:1 MISSING_KEY']],
  ['an empty list of what is required', changed('session:', 'session: {secret: []}'), ['17:11 MISSING_KEY']],
  ['another version', changed('version:', 'version: 2'), ['1:10 INVALID_VALUE']],
  ['a number in place of text', changed('clientId:', '    clientId: 12'), ['12:15 WRONG_TYPE']],
  ['a text in place of a flag', changed('published:', '    published: yes'), ['10:16 WRONG_TYPE']],
  ['nothing in place of a map', `${sound}routes:\n`, ['18:8 WRONG_TYPE']],
  ['a number in place of a choice of types', changed('halo:', 'halo: {upstream: 1}'), ['4:18 WRONG_TYPE']],
  ['true in place of an assertion', `${sound}identity: {assertion: true}\n`, ['18:23 INVALID_VALUE']],
  ['a word outside a choice', changed('allow:', '    allow: everybody'), ['14:12 INVALID_VALUE']],
  ['an empty text', changed('clientId:', '    clientId: ""'), ['12:15 INVALID_VALUE']],
  ['a name with a space', changed('- name:', '  - name: a b'), ['9:11 INVALID_VALUE']],
  [
    'two credentials',
    changed('credential:', '    credential: {secret: a, certificate: {cert: a, key: b}}'),
    ['13:5 CHOOSE_ONE'],
  ],
  ['no credential', changed('credential:', '    credential: {}'), ['13:5 CHOOSE_ONE']],
  ['a secret in two ways', changed('credential:', '    credential: {secret: {env: A, file: b}}'), ['13:18 CHOOSE_ONE']],
  ['a secret in no way', changed('credential:', '    credential: {secret: {}}'), ['13:18 CHOOSE_ONE']],
  [
    'an unknown key within a form of upstream',
    changed('halo:', 'halo: {upstream: {url: "http://h", cа: x}}'),
    ['4:36 UNKNOWN_KEY'],
  ],
  ['a bad entry of a list of secrets', changed('session:', 'session: {secret: [1]}'), ['17:20 WRONG_TYPE']],
  [
    'a duration without a unit',
    changed('halo:', 'halo: {upstream: "http://h", timeout: "60"}'),
    ['4:39 INVALID_DURATION'],
  ],
  ['a duration in days', `${sound}drain: {wait: 1d}\n`, ['18:15 INVALID_DURATION']],
  [
    'JSON with a slip',
    '{"version": 1,\n "halo": {"upstrem": "http://h"}}',
    [
      '1:1 MISSING_KEY',
      '1:1 MISSING_KEY',
      '1:1 MISSING_KEY',
      '2:2 MISSING_KEY',
      '2:11 UNKNOWN_KEY',
      '1:1 NO_TRUSTED_PROXIES',
    ],
  ],
];

for (const [what, text, expected] of table) {
  t.test(`${what} is found where it stands`, async t => {
    t.same(await briefly(text), expected);
  });
}

t.test('what an alias repeats is told once, where it is written', async t => {
  const text = changed('- name:', '  - &first\n    name: default\n    clientld: x', '').replace(
    'session:',
    '  - {<<: *first, name: second}\nsession:',
  );
  t.same(await briefly(text), ['11:5 UNKNOWN_KEY']);
});

t.test('a value is looked for in the map itself before those that are merged into it', async t => {
  const text = changed('- name:', '  - &first\n    name: default', '').replace(
    'session:',
    '  - {<<: *first, name: second, allow: nobody}\nsession:',
  );
  t.same(await briefly(text), ['18:39 INVALID_VALUE']);
});

t.test('the nearest known key is named', async t => {
  const cases: [string, string][] = [
    ['autoRedirct', 'autoRedirect'],
    ['auto_redirect', 'autoRedirect'],
    ['AUTOREDIRECT', 'autoRedirect'],
    ['clietnId', 'clientId'],
    ['client-id', 'clientId'],
    ['portal', 'portals'],
  ];
  for (const [written, meant] of cases) {
    const [finding] = (await findingsOf(changed('published:', `    published: true\n    ${written}: x`))).filter(
      ({ code }) => code === 'UNKNOWN_KEY',
    );
    t.match(finding?.message, `did you mean "${meant}"?`, written);
  }
});

t.test('a key that is like no other is answered with the known ones', async t => {
  const [finding] = await findingsOf(`${sound}log: {verbosity: high}\n`);
  t.equal(finding?.message, 'log.verbosity: unknown key "verbosity"; expected one of level');
});

t.test('a message says what was found and what was expected', async t => {
  const messages: [string, string][] = [
    [
      changed('allow:', '    allow: everybody'),
      'connections[0].allow: expected "agents" or "users" or "agents-and-users", found "everybody"',
    ],
    [changed('published:', '    published: 1'), 'connections[0].published: expected true or false, found a number'],
    [
      changed('clientId:', '    clientId: 12'),
      'connections[0].clientId: expected text, found a number (quotes make it text)',
    ],
    [changed('clientId:', ''), 'connections[0].clientId: is required'],
    [
      `${sound}drain: {wait: 5}\n`,
      'drain.wait: expected a duration such as 500ms, 30s, 15m or 12h, found a number (quotes make it text)',
    ],
  ];
  for (const [text, expected] of messages) t.equal((await findingsOf(text))[0]?.message, expected);
});

t.test('everything is found at once: errors before warnings, each in order of position', async t => {
  const text = `version: 2
listen: 0.0.0.0:8080
halo: {upstream: "http://halo.internal/path"}
portals:
  - {name: a, kind: agent, url: "ftp://halo.example.com"}
connections:
  - name: c
    published: true
    tenant: contoso
    clientId: client
    credential: {secret: {env: UNSET}}
    allow: agents
    autoRedirect: true
    portals: [b]
session: {secret: c2hvcnQ=, idle: 13h}
`;
  t.same(await briefly(text), [
    '1:10 INVALID_VALUE',
    '3:18 INVALID_URL',
    '5:33 INVALID_URL',
    '9:13 INVALID_ID',
    '11:26 SECRET_MISSING',
    '14:15 UNKNOWN_PORTAL',
    '15:19 SECRET_TOO_SHORT',
    '15:35 IDLE_BEYOND_ABSOLUTE',
    '2:9 NO_TRUSTED_PROXIES',
    '7:5 AGENTS_UNRESTRICTED',
  ]);
});

t.test('whatever is wrong with the file, no rejection', async t => {
  const texts = [
    'a: &a {<<: *a}',
    '? [x]\n: 1',
    '__proto__: {b: 1}',
    '%YAML 1.1\n---\nversion: 1',
    '\u0000',
    'version: !!binary aGk=',
  ];
  for (const text of texts) t.not((await findingsOf(text)).length, 0, JSON.stringify(text));
});

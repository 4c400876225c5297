import t from 'tap';
import { check } from '../../src/commands/check.ts';
import { changed, sound } from '../support/settings.ts';

async function run(config: string, isStatic = false): Promise<{ status: number; lines: string[] }> {
  let output = '';
  const status = await check({ config, static: isStatic }, text => {
    output += text;
  });
  return { status, lines: output.trimEnd().split('\n') };
}

t.test('sound settings: a summary, status 0', async t => {
  const file = `${t.testdir({ 'halogate.yaml': sound })}/halogate.yaml`;
  t.same(await run(file), { status: 0, lines: [`${file}: 0 errors, 0 warnings`] });
});

t.test('warnings are printed, status 0', async t => {
  const file = `${t.testdir({ 'halogate.yaml': sound.replace('127.0.0.1', '0.0.0.0').replace('[10.0.0.0/24]', '[]') })}/halogate.yaml`;
  const { status, lines } = await run(file);
  t.equal(status, 0);
  t.match(lines, [/^.*halogate\.yaml:2:9 NO_TRUSTED_PROXIES warning: listen: /, /: 0 errors, 1 warning$/]);
});

t.test('every error is printed with its place, status 78', async t => {
  const file = `${t.testdir({ 'halogate.yaml': changed('allow:', '    allow: all', 'lisen: x\n') })}/halogate.yaml`;
  const { status, lines } = await run(file);
  t.equal(status, 78);
  t.same(lines, [
    `${file}:14:12 INVALID_VALUE connections[0].allow: expected "agents" or "users" or "agents-and-users", found "all"`,
    `${file}:18:1 UNKNOWN_KEY lisen: unknown key "lisen"; did you mean "listen"?`,
    `${file}: 2 errors, 0 warnings`,
  ]);
});

t.test('a file that cannot be read is one finding, status 78', async t => {
  const directory = t.testdir({ binary: Buffer.from([0xff, 0xfe, 0x00]) });
  t.same(await run(`${directory}/nowhere.yaml`), {
    status: 78,
    lines: [
      `${directory}/nowhere.yaml:1:1 FILE_UNREADABLE the file "${directory}/nowhere.yaml" does not exist; whoever has no settings yet begins with a copy of config/minimal.yaml`,
      `${directory}/nowhere.yaml: 1 error, 0 warnings`,
    ],
  });
  t.match((await run(directory)).lines[0], / FILE_UNREADABLE .* is a directory$/);
  t.match((await run(`${directory}/binary`)).lines[0], / FILE_UNREADABLE .* is not UTF-8 text$/);
});

t.test('an empty file is told what the least is', async t => {
  const { status, lines } = await run(`${t.testdir({ empty: '' })}/empty`);
  t.equal(status, 78);
  for (const key of ['version', 'upstream', 'portals', 'connections', 'tenant', 'clientId', 'credential', 'secret']) {
    t.match(lines[0], key);
  }
});

t.test('--static leaves secrets unread', async t => {
  const text = changed('credential:', '    credential: {secret: {file: /nowhere/at/all}}');
  const file = `${t.testdir({ 'halogate.yaml': text })}/halogate.yaml`;
  t.equal((await run(file, true)).status, 0);
  t.equal((await run(file)).status, 78);
});

const OAUTH2_PROXY: Readonly<Record<string, string>> = {
  'its own format': `# what it listens on
http_address = "0.0.0.0:4180"
upstreams = [
  "http://127.0.0.1:8080/"
]
client_id = "halo"
client_secret = "s3cret"
`,
  YAML: 'upstreams: [http://halo.internal]\nclient_secret: s3cret\noidc_issuer_url: https://id.example.com\n',
  'its alpha format': 'upstreamConfig:\n  upstreams: []\nproviders:\n  - clientSecret: s3cret\n',
  'its environment': 'OAUTH2_PROXY_CLIENT_ID=halo\nexport OAUTH2_PROXY_CLIENT_SECRET=s3cret\n',
};

for (const [form, text] of Object.entries(OAUTH2_PROXY)) {
  t.test(`settings of oauth2-proxy, in ${form}: one finding that leads on`, async t => {
    const { status, lines } = await run(`${t.testdir({ 'proxy.cfg': text })}/proxy.cfg`);
    t.equal(status, 78);
    t.equal(lines.length, 2);
    t.match(lines[0], /proxy\.cfg:[12]:1 OTHER_PROGRAM .*oauth2-proxy .*docs\/from-oauth2-proxy\.md/);
    t.notMatch(lines[0], 's3cret');
  });
}

t.test('one key of theirs does not make a file theirs, nor does anything in a file of ours', async t => {
  const stray = await run(`${t.testdir({ a: 'upstreams: x\n' })}/a`);
  t.match(stray.lines.join('\n'), /UNKNOWN_KEY upstreams/);
  const { lines } = await run(`${t.testdir({ a: `${sound}upstreams: x\nclient_id: y\n` })}/a`);
  t.match(lines.join('\n'), /UNKNOWN_KEY upstreams.*\n.*UNKNOWN_KEY client_id/);
});

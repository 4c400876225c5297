import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadSettings } from '../../src/config/index.ts';
import { registrationsOf } from '../../src/signin/index.ts';
import { readPage, root } from '../support/docs.ts';

const APP = '99999999-0000-4000-8000-000000000009';
const SETTINGS = join(root, 'config/minimal.yaml');

/** The options that each command takes, as the reference of the Azure CLI has them. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'account show': [],
  'ad app create': ['display-name', 'sign-in-audience', 'web-redirect-uris'],
  'ad app credential reset': ['id', 'cert', 'append', 'display-name', 'years'],
  'ad app federated-credential create': ['id', 'parameters'],
  'ad app permission add': ['id', 'api', 'api-permissions'],
  'ad app permission admin-consent': ['id'],
  'ad app show': ['id'],
  'ad app update': ['id', 'optional-claims', 'set'],
  'ad sp create': ['id'],
  rest: ['method', 'url', 'body'],
};
const GLOBAL = ['query', 'output'];

/** Stands in for `az`: notes how it was called, with the JSON of files, and prints what the page reads. */
const AZ = `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require('node:fs');
const words = process.argv.slice(2);
const files = words.filter(word => /^@?[a-z.-]+[.](json|crt)$/.test(word)).map(word => [word, readFileSync(word.replace('@', ''), 'utf8')]);
appendFileSync('calls.ndjson', JSON.stringify({ words, files }) + '\\n');
const answers = { appId: '${APP}', tenantId: '00000000-0000-4000-8000-00000000000a', password: 'the secret' };
const query = words[words.indexOf('--query') + 1];
if (words.includes('--query') && query in answers) console.log(answers[query]);
`;

/** Stands in for `jq`: what the programs of the page mean. */
const JQ = `#!/usr/bin/env node
const { readFileSync } = require('node:fs');
const addresses = ({ redirectUris, signedOutUris }) => [...redirectUris.map(({ uri }) => uri), ...signedOutUris];
const programs = {
  '.[0]': ([first]) => JSON.stringify(first),
  '.redirectUris[].uri, .signedOutUris[]': input => addresses(input).join('\\n'),
  '{web: {redirectUris: [.redirectUris[].uri, .signedOutUris[]], logoutUrl: .frontChannelUri}}': input =>
    JSON.stringify({ web: { redirectUris: addresses(input), logoutUrl: input.frontChannelUri } }),
};
console.log(programs[process.argv.at(-1)](JSON.parse(readFileSync(0, 'utf8'))));
`;

/** Stands in for `openssl req -x509`: a certificate and its key in the files that are named. */
const OPENSSL = `#!/usr/bin/env node
const { writeFileSync } = require('node:fs');
const words = process.argv.slice(2);
if (!words.join(' ').startsWith('req -x509 -newkey rsa:')) throw new Error(words.join(' '));
import('${join(root, 'test/support/certificate.ts')}').then(({ makeCertificate }) => {
  const { cert, key } = makeCertificate();
  writeFileSync(words[words.indexOf('-keyout') + 1], key);
  writeFileSync(words[words.indexOf('-out') + 1], cert);
});
`;

/** On a machine that has the two, the page is tried with them as well. */
const worlds: readonly Readonly<Record<string, string>>[] = [
  { jq: JQ, openssl: OPENSSL },
  ...(['jq', 'openssl'].every(name => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0) ? [{}] : []),
];

interface Call {
  readonly command: string;
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly files: ReadonlyMap<string, string>;
}

function callOf(line: string): Call {
  const { words, files }: { words: string[]; files: [string, string][] } = JSON.parse(line);
  const first = words.findIndex(word => word.startsWith('--'));
  const options = new Map<string, string[]>();
  let values: string[] = [];
  for (const word of first === -1 ? [] : words.slice(first)) {
    if (word.startsWith('--')) {
      values = [];
      options.set(word.slice(2), values);
    } else values.push(word);
  }
  return { command: words.slice(0, first === -1 ? words.length : first).join(' '), options, files: new Map(files) };
}

for (const standIns of worlds) {
  t.test(`the blocks run in order, with ${Object.keys(standIns).length} stand-ins beside az`, t =>
    tryPage(t, standIns),
  );
}

/** Holds what the blocks register against what the gateway needs. @param standIns for other programs than `az`, by their names */
async function tryPage(t: Test, standIns: Readonly<Record<string, string>>): Promise<void> {
  const script = readPage('docs/entra-cli.md').blocks.filter(({ mark }) => mark === 'az');
  const halogate = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'src/cli.ts')}' "$@"\n`;
  const programs = { az: AZ, halogate, ...standIns };
  const cwd = t.testdir({
    bin: programs,
    'halogate.yaml': readFileSync(SETTINGS, 'utf8'),
  });
  for (const program of Object.keys(programs)) chmodSync(join(cwd, 'bin', program), 0o755);
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script.map(({ text }) => text).join('\n')], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(cwd, 'bin')}:${process.env.PATH}` },
  });
  t.equal(status, 0, stderr);
  t.match(stdout, `clientId: ${APP}`);

  const calls = readFileSync(join(cwd, 'calls.ndjson'), 'utf8').trim().split('\n').map(callOf);
  for (const { command, options, files } of calls) {
    const known = OPTIONS[command];
    if (!t.ok(known, `az ${command}`)) continue;
    for (const option of options.keys())
      t.ok([...(known ?? []), ...GLOBAL].includes(option), `az ${command} --${option}`);
    if (known?.includes('id')) t.same(options.get('id'), [APP], command);
    for (const [name, text] of files) if (name.endsWith('.json')) t.doesNotThrow(() => JSON.parse(text), name);
  }

  const { layout } = await loadSettings(SETTINGS, { static: true });
  const [registration] = layout ? registrationsOf(layout) : [];
  const wanted = [...(registration?.redirectUris.map(({ uri }) => uri) ?? []), ...(registration?.signedOutUris ?? [])];
  t.ok(wanted.length > 2);
  const find = (command: string) => calls.find(call => call.command === command);
  t.same(find('ad app create')?.options.get('web-redirect-uris'), wanted);
  t.same(JSON.parse(find('rest')?.files.get('@web.json') ?? ''), {
    web: { redirectUris: wanted, logoutUrl: registration?.frontChannelUri },
  });
  const claims: { idToken: { name: string }[] } = JSON.parse(
    calls.flatMap(({ files }) => files.get('@claims.json') ?? [])[0] ?? '',
  );
  t.same(
    claims.idToken.map(({ name }) => name),
    ['sid', 'login_hint', 'acct', 'email', 'xms_edov', 'groups'],
  );
  t.notMatch(find('ad app credential reset')?.files.get('@halogate.crt'), 'PRIVATE KEY');
  t.match(find('ad app credential reset')?.files.get('@halogate.crt'), 'BEGIN CERTIFICATE');
  t.equal(readFileSync(join(cwd, 'entra-client-secret'), 'utf8'), 'the secret\n');
}

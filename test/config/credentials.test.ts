import t from 'tap';
import { formatFinding, loadSettings } from '../../src/config/index.ts';
import { DAY, makeCertificate } from '../support/certificate.ts';
import { briefly, changed, findingsOf } from '../support/settings.ts';

const fixtures = new URL('../fixtures/tls/', import.meta.url).pathname;
const good = makeCertificate();

const certificate = (cert: string, key: string) =>
  changed('credential:', `    credential:\n      certificate:\n        cert: ${cert}\n        key: ${key}`);
const workload = changed('credential:', '    credential: {workloadIdentity: true}');

/** The findings of settings beside the files of a certificate. */
async function findingsBeside(t: Test, files: Record<string, string>, text = certificate('a.crt', 'a.key')) {
  const directory = t.testdir({ ...files, 'settings.yaml': text });
  const { config, findings } = await loadSettings(`${directory}/settings.yaml`);
  return { config, lines: findings.map(finding => formatFinding(finding).replace(`${directory}/`, '')) };
}
type Test = Pick<typeof t, 'testdir'>;

t.test('a certificate and its key are read, relative to the settings', async t => {
  const { config, lines } = await findingsBeside(t, { 'a.crt': good.cert, 'a.key': good.key });
  t.same(lines, []);
  t.match(config?.connections[0]?.credential, { certificate: { ...good, expires: Number } });
});

t.test('a certificate that is not there, or not one', async t => {
  t.same((await findingsBeside(t, { 'a.key': good.key })).lines, [
    'settings.yaml:15:15 FILE_UNREADABLE connections[0].credential.certificate.cert: the file "a.crt" does not exist',
  ]);
  t.same((await findingsBeside(t, { 'a.crt': 'junk', 'a.key': good.key })).lines, [
    'settings.yaml:15:15 INVALID_CERTIFICATE connections[0].credential.certificate.cert: expected a certificate in PEM',
  ]);
});

t.test('a key that is not there, not one, or not that of the certificate', async t => {
  const key = 'settings.yaml:16:14 INVALID_KEY connections[0].credential.certificate.key:';
  t.match((await findingsBeside(t, { 'a.crt': good.cert })).lines, [/^settings.yaml:16:14 FILE_UNREADABLE /]);
  t.same((await findingsBeside(t, { 'a.crt': good.cert, 'a.key': 'junk' })).lines, [
    `${key} expected an unencrypted private key in PEM`,
  ]);
  t.same((await findingsBeside(t, { 'a.crt': good.cert, 'a.key': makeCertificate().key })).lines, [
    `${key} the private key is not that of "cert"`,
  ]);
});

t.test('a key that PS256 does not take', async t => {
  const short = makeCertificate({ bits: 1024 });
  const expected = 'connections[0].credential.certificate.key: expected an RSA key of 2048 bits or more, found';
  t.same((await findingsBeside(t, { 'a.crt': short.cert, 'a.key': short.key })).lines, [
    `settings.yaml:16:14 INVALID_KEY ${expected} one of 1024 bits`,
  ]);
  const elliptic = certificate(`${fixtures}client.crt`, `${fixtures}client.key`);
  t.same((await findingsBeside(t, {}, elliptic)).lines, [
    `settings.yaml:16:14 INVALID_KEY ${expected} a key of type ec`,
  ]);
});

t.test('a certificate that ends within 30 days, or has ended, is warned of', async t => {
  const endsIn = async (ends: number) => {
    const { cert, key } = makeCertificate({ ends });
    const { config, lines } = await findingsBeside(t, { 'a.crt': cert, 'a.key': key });
    t.ok(config, 'the gateway starts all the same');
    return lines;
  };
  const date = (ends: number) => new Date(Date.now() + ends).toISOString().slice(0, 10);
  const place =
    'settings.yaml:15:15 CREDENTIAL_EXPIRES warning: connections[0].credential.certificate.cert: the certificate';
  t.same(await endsIn(31 * DAY), []);
  t.match(await endsIn(29 * DAY), [`${place} ends on ${date(29 * DAY)}: nobody can sign in afterwards unless`]);
  t.match(await endsIn(-2 * DAY), [`${place} ended on ${date(-2 * DAY)}: nobody can sign in with it`]);
});

t.test('no finding quotes a private key', async t => {
  const { lines } = await findingsBeside(t, { 'a.crt': good.key, 'a.key': `x${good.key.slice(1)}` });
  t.equal(lines.length, 2);
  for (const line of lines) t.notMatch(line, good.key.split('\n')[1] ?? '');
});

t.test('a workload identity has its token in the file that the platform names', async t => {
  const { token, empty } = { token: 'a-token\n', empty: ' \n' };
  const directory = t.testdir({ token, empty });
  const named = (file: string) => ({ AZURE_FEDERATED_TOKEN_FILE: file });
  t.same(await briefly(workload, named(`${directory}/token`)), []);
  const messages = async (env: NodeJS.ProcessEnv) => (await findingsOf(workload, env)).map(formatFinding);
  const place = '/nowhere/halogate.yaml:13:36 SECRET_MISSING connections[0].credential.workloadIdentity:';
  const unset = `${place} the environment variable AZURE_FEDERATED_TOKEN_FILE is not set`;
  t.same(await messages({}), [unset]);
  t.same(await messages(named('')), [unset]);
  t.same(await messages(named(`${directory}/none`)), [
    `${place} AZURE_FEDERATED_TOKEN_FILE: the file "${directory}/none" does not exist`,
  ]);
  t.same(await messages(named(`${directory}/empty`)), [`${place} AZURE_FEDERATED_TOKEN_FILE: the file is empty`]);
});

t.test('the token that is meant for Entra ID is shown to no other provider', async t => {
  const text = workload.replace(/tenant: .*/, 'provider: oidc\n    issuer: https://id.example.com');
  const env = { AZURE_FEDERATED_TOKEN_FILE: `${t.testdir({ token: 'a-token' })}/token` };
  t.same(await briefly(text, env), ['14:18 KEY_NOT_APPLICABLE']);
});

t.test('a static check looks at neither', async t => {
  for (const text of [certificate('/nowhere.crt', '/nowhere.key'), workload]) {
    const file = `${t.testdir({ 'settings.yaml': text })}/settings.yaml`;
    t.same((await loadSettings(file, { static: true, env: {} })).findings, []);
  }
});

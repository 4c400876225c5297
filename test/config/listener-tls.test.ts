import { join } from 'node:path';
import t from 'tap';
import { loadSettings } from '../../src/config/index.ts';
import { makeCertificate } from '../support/certificate.ts';
import { createMount } from '../support/mount.ts';
import { findingsOf, sound } from '../support/settings.ts';

const { cert, key } = makeCertificate();
const other = makeCertificate();
const short = makeCertificate({ bits: 1024 });

async function load(t: Parameters<typeof createMount>[0], files: Readonly<Record<string, string>>) {
  const text = `${sound}tls:\n  cert: tls.crt\n  key: tls.key\n`;
  const mount = await createMount(t, { 'halogate.yaml': text, ...files });
  const { config, findings } = await loadSettings(join(mount.directory, 'halogate.yaml'));
  return { tls: config?.tls, found: findings.map(({ line, column, code }) => `${line}:${column} ${code}`) };
}

t.test('a certificate and its key are read', async t => {
  t.same(await load(t, { 'tls.crt': cert, 'tls.key': key }), { tls: { cert, key }, found: [] });
});

const refused: [what: string, files: Readonly<Record<string, string>>, found: string[]][] = [
  ['neither is there', {}, ['19:9 FILE_UNREADABLE', '20:8 FILE_UNREADABLE']],
  ['the key of another', { 'tls.crt': cert, 'tls.key': other.key }, ['20:8 INVALID_KEY']],
  ['the wrong way round', { 'tls.crt': key, 'tls.key': cert }, ['19:9 INVALID_CERTIFICATE', '20:8 INVALID_KEY']],
  ['cut off in the middle', { 'tls.crt': cert.slice(0, 300), 'tls.key': key }, ['19:9 INVALID_CERTIFICATE']],
  ['too short for TLS', { 'tls.crt': short.cert, 'tls.key': short.key }, ['19:9 INVALID_CERTIFICATE']],
];

for (const [what, files, found] of refused) {
  t.test(`a pair that does not serve is a finding: ${what}`, async t => {
    t.same(await load(t, files), { tls: undefined, found });
  });
}

t.test('both are needed', async t => {
  t.match(await findingsOf(`${sound}tls: {cert: tls.crt}\n`), [{ code: 'MISSING_KEY' }]);
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { readPage, root } from '../support/docs.ts';

const page = readPage('docs/deploy-systemd.md');
const unit = readFileSync(join(root, 'config/halogate.service'), 'utf8');
const fixture = (name: string) => join(root, 'test/fixtures/tls', name);

/** Whether a program is on this machine: without it nobody can be asked. */
function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** The values of a key of the unit. */
function valuesOf(key: string): readonly string[] {
  return [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);
}

t.test('the settings read exactly the secrets that the unit hands over', async t => {
  const handed = valuesOf('LoadCredential').map(value => `/run/credentials/halogate.service/${value.split(':')[0]}`);
  const settings = page.blocks.find(({ language }) => language === 'yaml')?.text ?? '';
  const read = [...JSON.stringify(parse(settings)).matchAll(/"file":"([^"]+)"/g)].map(([, file]) => file);
  t.same(read.sort(), handed.sort());
  for (const source of valuesOf('LoadCredential').map(value => value.split(':')[1] ?? '')) {
    t.match(page.text, source, `${source} is made`);
  }
});

t.test('the unit starts what is built, checks first, and waits longer than the drain', async t => {
  for (const command of [...valuesOf('ExecStart'), ...valuesOf('ExecStartPre')]) {
    t.match(
      command,
      /^\/usr\/bin\/node \/opt\/halogate\/dist\/cli\.js (serve|check) --config \/etc\/halogate\/halogate\.yaml$/,
    );
  }
  t.ok(Number(valuesOf('TimeoutStopSec')[0]) > 25);
  t.match(valuesOf('RestartPreventExitStatus')[0], /\b78\b/);
});

t.test('the audit log that the pages show can be written: its folder is the one that the unit makes', async t => {
  const [folder] = valuesOf('LogsDirectory');
  for (const file of ['docs/audit.md', 'docs/deploy-systemd.md', 'config/full.yaml']) {
    t.match(readFileSync(join(root, file), 'utf8'), new RegExp(`file: /var/log/${folder}/[a-z.]+`), file);
  }
});

t.test('systemd finds nothing wrong with the unit, nor with it and the drop-in', async t => {
  const dropIn = page.blocks.find(({ language }) => language === 'ini')?.text ?? '';
  t.match(dropIn, /^\[Service\]\n/);
  if (!isThere('systemd-analyze')) return t.comment('systemd-analyze is not here: the unit was not given to it');
  const node = unit.replaceAll('/usr/bin/node', process.execPath);
  const directory = t.testdir({ 'halogate.service': node, 'other.service': `${node}\n${dropIn}\n` });
  for (const name of ['halogate.service', 'other.service']) {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', join(directory, name)], { encoding: 'utf8' });
    t.equal(status, 0, stderr);
    t.equal(stderr, '');
  }
  // It fails where the exposure, in tenths, is above the threshold.
  const rating = ['security', '--offline=true', '--threshold=20', join(directory, 'halogate.service')];
  const { status, stdout } = spawnSync('systemd-analyze', rating, { encoding: 'utf8' });
  t.equal(status, 0, stdout.split('\n').slice(-3).join('\n'));
});

t.test('nginx takes the block of the page', async t => {
  const server = page.blocks.find(({ language }) => language === 'nginx')?.text ?? '';
  t.match(server, 'proxy_set_header Host $host;');
  if (!isThere('nginx')) return t.comment('nginx is not here: the block was not given to it');
  const text = server
    .replace(/ssl_certificate .*/, `ssl_certificate ${fixture('redis-server.crt')};`)
    .replace(/ssl_certificate_key .*/, `ssl_certificate_key ${fixture('redis-server.key')};`)
    .replace('listen 443', 'listen unix:nginx.sock');
  const cwd = t.testdir({ 'nginx.conf': `pid nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n${text}\n}\n` });
  const { status, stderr } = spawnSync('nginx', ['-t', '-p', cwd, '-c', join(cwd, 'nginx.conf')], {
    cwd,
    encoding: 'utf8',
  });
  t.equal(status, 0, stderr);
});

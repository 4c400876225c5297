import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { readPage, root } from '../support/docs.ts';

t.test('a machine with the two programs that the README names has all that the ordinary tests start', async t => {
  t.match(readPage('README.md').prose, /The tests start\s+`redis-server` and Chromium/);
  const PATH = t.testdir({ 'redis-server': '', chromium: '' });
  const ask = () => {
    const { href } = pathToFileURL(join(root, 'scripts/needs.ts'));
    const program = `const { needs } = await import('${href}'); console.log(JSON.stringify(needs([])));`;
    const env = { PATH, HOME: PATH };
    return spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8', env });
  };
  t.match(ask().stderr, /The tests need redis-server/, 'what cannot be started is not there');
  for (const name of ['redis-server', 'chromium']) chmodSync(join(PATH, name), 0o755);
  const { status, stdout, stderr } = ask();
  t.equal(status, 0, stderr);
  t.same(JSON.parse(stdout), { CHROMIUM_PATH: join(PATH, 'chromium') });
});

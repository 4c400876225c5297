import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { root } from '../../scripts/run.ts';
import { freePort } from '../support/free-port.ts';
import { SESSION_SECRET } from '../support/world.ts';
import { makeBases } from './bases.ts';
import { createBuildah, variablesOf } from './buildah.ts';
import { type Container, runInside } from './container.ts';
import { tryDeployment } from './deployment.ts';
import { execute } from './execute.ts';

const NAME = 'localhost/halogate:test';
const MIB = 1024 * 1024;
const CLI = ['/usr/local/bin/node', '/app/dist/cli.js'];

const buildah = await createBuildah(t);
await makeBases(buildah, buildah.directory);
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
await buildah.build(NAME, { VERSION: version, REVISION: 'abc' });
const config = await buildah.inspect(NAME);
const rootfs = await buildah.mount(NAME);

/** Every file of the image, as paths from its root. */
const files = (await readdir(rootfs, { recursive: true, withFileTypes: true }))
  .filter(entry => !entry.isDirectory())
  .map(entry => join(entry.parentPath, entry.name).slice(rootfs.length));

t.test('says how it is started: without a shell, as a number', async t => {
  t.equal(config.User, '65532:65532');
  t.same([...config.Entrypoint, ...config.Cmd], [...CLI, 'serve', '--config', '/etc/halogate/halogate.yaml']);
  t.same(config.Healthcheck.Test, ['CMD', ...CLI, 'probe', '--config', '/etc/halogate/halogate.yaml']);
  t.same(Object.keys(config.ExposedPorts).sort(), ['8080/tcp', '9090/tcp']);
});

t.test('is labelled', async t => {
  t.match(config.Labels, {
    'org.opencontainers.image.title': 'Halogate',
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.revision': 'abc',
  });
});

t.test('is smaller than 200 MiB', async t => {
  const [bytes] = (await execute('du', ['--summarize', '--apparent-size', '--block-size=1', rootfs])).split('\t');
  t.ok(Number(bytes) < 200 * MIB, `${Math.round(Number(bytes) / MIB)} MiB`);
});

t.test('has no shell and no package manager', async t => {
  const programs = /\/(?:sh|bash|dash|ash|busybox|apt|apt-get|dpkg|apk|npm|npx|yarn|corepack|curl|wget)$/;
  t.same(
    files.filter(file => /\/s?bin\//.test(file) && programs.test(file)),
    [],
  );
});

t.test('holds the program and what it needs, nothing else', async t => {
  t.same((await readdir(join(rootfs, 'app'))).sort(), ['LICENSE', 'dist', 'node_modules', 'package.json']);
  t.same(
    files.filter(file => file.startsWith('/app/dist/') && !file.endsWith('.js')),
    [],
  );
  for (const name of ['.git', 'demo', 'bench', 'scripts', '.npmrc', 'npmrc']) {
    const found = files.filter(file => !file.startsWith('/app/node_modules/') && file.split('/').includes(name));
    t.same(found, [], name);
  }
});

t.test('its packages are those of the lock file that are neither for development nor optional', async t => {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true; optional?: true; devOptional?: true }>;
  };
  const wanted = Object.entries(lock.packages)
    .filter(([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional)
    .map(([path]) => path);
  const found = new Set(
    files
      .map(file => /^\/app\/(node_modules\/.*\/)?package\.json$/.exec(file)?.[1]?.replace(/\/$/, ''))
      .filter(path => path !== undefined && /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path)),
  );
  t.same([...found].sort(), wanted.sort());
});

t.test('serves as its user with the root read-only, and drains on SIGTERM', async t => {
  const [port, opsPort] = [await freePort(), await freePort()];
  const settings = join(buildah.directory, 'settings');
  await mkdir(settings);
  await writeFile(
    join(settings, 'halogate.yaml'),
    JSON.stringify({
      version: 1,
      listen: `127.0.0.1:${port}`,
      opsListen: `127.0.0.1:${opsPort}`,
      halo: { upstream: 'http://127.0.0.1:9' },
      portals: [{ name: 'agents', kind: 'agent', url: `http://127.0.0.1:${port}` }],
      connections: [
        {
          name: 'default',
          published: true,
          tenant: '00000000-0000-0000-0000-000000000000',
          clientId: 'halogate',
          credential: { secret: { env: 'ENTRA_CLIENT_SECRET' } },
          allow: 'agents',
          autoRedirect: true,
        },
      ],
      session: { secret: { env: 'HALOGATE_SESSION_SECRET' } },
      drain: { wait: '0s', deadline: '5s' },
    }),
  );
  const [uid = NaN, gid = NaN] = config.User.split(':').map(Number);
  const container: Container = {
    rootfs,
    uid,
    gid,
    groups: [],
    env: {
      ...variablesOf(config),
      ENTRA_CLIENT_SECRET: 'example',
      HALOGATE_SESSION_SECRET: SESSION_SECRET,
    },
    binds: [{ source: settings, target: '/etc/halogate', writable: false }],
  };
  const look =
    'const tries = ["/x", "/app/x", "/tmp/x"].map(f => { try { fs.writeFileSync(f, "x"); return f } catch (e) { return e.code } });' +
    'console.log(JSON.stringify([process.pid, process.getuid(), process.getgid(), ...tries]))';
  const seen = await (await runInside(t, container, ['/usr/local/bin/node', '-e', look])).ended;
  t.same(JSON.parse(seen.output), [1, 65532, 65532, 'EROFS', 'EROFS', 'EROFS']);

  const [, ...healthcheck] = config.Healthcheck.Test;
  const healthy = async () => (await runInside(t, container, healthcheck)).ended;
  t.match(await healthy(), { status: 1, output: /ECONNREFUSED\n$/ }, 'before it is started');

  const gateway = await runInside(t, container, [...config.Entrypoint, ...config.Cmd]);
  let health = await healthy();
  const attempts = 60;
  for (let attempt = 1; health.status !== 0 && attempt < attempts; attempt += 1) {
    await sleep(500);
    health = await healthy();
  }
  t.same(health, { status: 0, output: 'ready\n' });
  t.equal((await fetch(`http://127.0.0.1:${opsPort}/readyz`)).status, 200);
  const alive = await runInside(t, container, [...CLI, 'probe', '--live', '--config', '/etc/halogate/halogate.yaml']);
  t.same(await alive.ended, { status: 0, output: 'live\n' });
  const refused = await fetch(`http://127.0.0.1:${port}/`);
  t.equal(refused.status, 401);
  t.match(await refused.json(), { code: 'SIGN_IN_REQUIRED', signIn: /^\/\.halogate\/sign-in\?/ });

  await gateway.signal('SIGTERM');
  const { status, output } = await gateway.ended;
  t.equal(status, 0, output);
  t.match(output, /"msg":"drained"/);
  t.equal((await healthy()).status, 1);
});

t.test('a pod of it, as the chart deploys it', t => tryDeployment(t, { rootfs, config }));

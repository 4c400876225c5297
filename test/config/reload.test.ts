import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { type Config, createReload, loadSettings, type Reload } from '../../src/config/index.ts';
import { createMount } from '../support/mount.ts';
import { changed, sound } from '../support/settings.ts';

type Test = Parameters<typeof createMount>[0];

/** No test waits for the next look without a sign, unless it says so. */
const NEVER = 2 ** 30;
const START = Date.UTC(2026, 0, 1);

const titled = (title: string, more = '') => `${sound}pages: {title: ${title}}\n${more}`;
const secretInFile = changed('credential:', '    credential: {secret: {file: secret}}');

/** Watches a settings file. `apply` is told every time. */
async function watched(t: Test, file: string, interval = NEVER, apply: (config: Config) => void = () => {}) {
  const { config, files } = await loadSettings(file);
  if (!config) throw new Error('The first settings are not good.');
  const applied: Config[] = [];
  const lines: { level: string; message: string; [field: string]: unknown }[] = [];
  const write = (level: string) => (fields: object, message: string) => void lines.push({ ...fields, level, message });
  const clock = { time: START };
  const reload = createReload({
    file,
    loaded: { config, files, at: START },
    async apply(config) {
      applied.push(config);
      apply(config);
    },
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    now: () => clock.time,
    interval,
  });
  // Keeps the process alive, which watching itself must not.
  const alive = setInterval(() => {}, 1000);
  t.teardown(async () => {
    clearInterval(alive);
    await reload.close();
  });
  return { config, reload, applied, lines, clock };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('It did not come to hold.');
    await sleep(10);
  }
}

const titleOf = (reload: Reload) => reload.state().config.pages.title;

t.test('a mounted ConfigMap that is swapped is loaded each time', async t => {
  const mount = await createMount(t, { 'halogate.yaml': titled('One') });
  const { reload, applied, clock } = await watched(t, join(mount.directory, 'halogate.yaml'));
  for (const [at, title] of ['Two', 'Three', 'Four'].entries()) {
    clock.time = START + at + 1;
    await mount.swap({ 'halogate.yaml': titled(title) });
    await until(() => titleOf(reload) === title);
    t.equal(reload.state().at, START + at + 1);
  }
  t.same(
    applied.map(({ pages }) => pages.title),
    ['Two', 'Three', 'Four'],
  );
});

t.test('two swaps right behind each other: the last one counts', async t => {
  const mount = await createMount(t, { 'halogate.yaml': titled('One') });
  const { reload } = await watched(t, join(mount.directory, 'halogate.yaml'));
  await mount.swap({ 'halogate.yaml': titled('Two') });
  await mount.swap({ 'halogate.yaml': titled('Three') });
  await until(() => titleOf(reload) === 'Three');
});

t.test('a secret that changes is loaded although the settings file stays', async t => {
  const mount = await createMount(t, { 'halogate.yaml': secretInFile, secret: 'old\n' });
  const { config, reload, applied } = await watched(t, join(mount.directory, 'halogate.yaml'));
  t.same(config.connections[0]?.credential, { secret: 'old' });
  await mount.swap({ 'halogate.yaml': secretInFile, secret: 'new\n' });
  await until(() => applied.length > 0);
  t.same(applied[0]?.connections[0]?.credential, { secret: 'new' });
  t.equal(reload.state().config.hash, config.hash);
});

t.test('a file elsewhere that the settings name is watched, also one that they did not name at first', async t => {
  const mount = await createMount(t, { 'halogate.yaml': sound });
  const secrets = await createMount(t, { client: 'old' });
  const { reload, applied } = await watched(t, join(mount.directory, 'halogate.yaml'));
  const text = changed('credential:', `    credential: {secret: {file: ${join(secrets.directory, 'client')}}}`);
  await mount.swap({ 'halogate.yaml': text });
  await until(() => applied.length === 1);
  await secrets.swap({ client: 'new' });
  await until(() => applied.length === 2);
  t.same(reload.state().config.connections[0]?.credential, { secret: 'new' });
});

t.test('a change that gives no sign is found by looking', async t => {
  const [here, there] = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'halogate-'))));
  if (!here || !there) throw new Error('No directory.');
  t.teardown(() => Promise.all([here, there].map(directory => rm(directory, { recursive: true }))));
  const [file, link] = [join(there, 'settings'), join(here, 'halogate.yaml')];
  await writeFile(file, titled('One'));
  await symlink(file, link);
  const { reload } = await watched(t, link, 20);
  await writeFile(file, titled('Two'));
  await until(() => titleOf(reload) === 'Two');
});

t.test('what is touched but the same is not loaded', async t => {
  const mount = await createMount(t, { 'halogate.yaml': titled('One') });
  const { reload, applied } = await watched(t, join(mount.directory, 'halogate.yaml'), 20);
  await mount.swap({ 'halogate.yaml': titled('One') });
  await mount.swap({ 'halogate.yaml': titled('Two') });
  await until(() => titleOf(reload) === 'Two');
  t.equal(applied.length, 1);
});

t.test('settings that are not good change nothing: each finding is in the log, the first in the state', async t => {
  const mount = await createMount(t, { 'halogate.yaml': titled('One') });
  const file = join(mount.directory, 'halogate.yaml');
  const { config, reload, applied, lines, clock } = await watched(t, file);
  clock.time = START + 60_000;
  await mount.swap({ 'halogate.yaml': titled('Two', 'lisen: 1\nlog: {level: loud}\n') });
  await until(() => reload.state().failure !== undefined);
  t.same(applied, []);
  t.equal(reload.state().config, config);
  t.equal(reload.state().at, START);
  const findings = lines.filter(({ level }) => level === 'error').map(({ finding }) => String(finding));
  t.match(findings, [/UNKNOWN_KEY .*lisen/, /INVALID_VALUE .*log\.level/]);
  t.same(reload.state().failure, { at: START + 60_000, why: `${findings[0]} (and 1 more)` });

  await mount.swap({ 'halogate.yaml': titled('Three') });
  await until(() => reload.state().failure === undefined);
  t.equal(titleOf(reload), 'Three');
});

t.test('a file that vanishes changes nothing, and is loaded when it is back', async t => {
  const mount = await createMount(t, { 'halogate.yaml': secretInFile, secret: 'old' });
  const { reload, applied } = await watched(t, join(mount.directory, 'halogate.yaml'));
  await mount.swap({ 'halogate.yaml': secretInFile });
  await until(() => reload.state().failure !== undefined);
  t.match(reload.state().failure?.why, /SECRET_MISSING .*does not exist/);
  await mount.swap({});
  await until(() => /FILE_UNREADABLE/.test(reload.state().failure?.why ?? ''));
  t.same(applied, []);
  await mount.swap({ 'halogate.yaml': secretInFile, secret: 'new' });
  await until(() => reload.state().failure === undefined);
  t.same(reload.state().config.connections[0]?.credential, { secret: 'new' });
});

t.test('on demand they are loaded whether or not they have changed', async t => {
  const mount = await createMount(t, { 'halogate.yaml': titled('One') });
  const { reload, applied, lines } = await watched(t, join(mount.directory, 'halogate.yaml'));
  reload.demand();
  await until(() => applied.length === 1);
  await mount.swap({ 'halogate.yaml': '' });
  await until(() => reload.state().failure !== undefined);
  const told = () => lines.filter(({ finding }) => /EMPTY_FILE/.test(String(finding))).length;
  t.equal(told(), 1);
  reload.demand();
  await until(() => told() === 2);
  t.equal(applied.length, 1);
});

t.test('settings that cannot be applied change nothing', async t => {
  const mount = await createMount(t, { 'halogate.yaml': titled('One') });
  const { reload } = await watched(t, join(mount.directory, 'halogate.yaml'), NEVER, ({ pages }) => {
    if (pages.title === 'Two') throw new Error('No.');
  });
  await mount.swap({ 'halogate.yaml': titled('Two') });
  await until(() => reload.state().failure?.why === 'No.');
  t.equal(titleOf(reload), 'One');
  await mount.swap({ 'halogate.yaml': titled('Three') });
  await until(() => titleOf(reload) === 'Three');
});

t.test('what cannot be changed stays, and is named for as long as it differs', async t => {
  const text = changed('listen:', 'listen: 127.0.0.1:8081', 'opsListen: 127.0.0.1:9091\npages: {title: Two}\n');
  const mount = await createMount(t, { 'halogate.yaml': sound });
  const { config, reload, applied, lines } = await watched(t, join(mount.directory, 'halogate.yaml'));
  await mount.swap({ 'halogate.yaml': text });
  await until(() => applied.length === 1);
  t.same([applied[0]?.listen, applied[0]?.opsListen], [config.listen, config.opsListen]);
  t.equal(applied[0]?.pages.title, 'Two', 'the rest is applied');
  t.same(reload.state().waiting, ['listen', 'opsListen']);
  t.same(
    lines.filter(({ level }) => level === 'warn').map(({ key }) => key),
    ['listen', 'opsListen'],
  );
  await mount.swap({ 'halogate.yaml': sound });
  await until(() => applied.length === 2);
  t.same(reload.state().waiting, []);
});

t.test('once closed, nothing is loaded any more', async t => {
  const mount = await createMount(t, { 'halogate.yaml': titled('One') });
  const { reload, applied } = await watched(t, join(mount.directory, 'halogate.yaml'), 1);
  await reload.close();
  await mount.swap({ 'halogate.yaml': titled('Two') });
  reload.demand();
  await sleep(200);
  t.same(applied, []);
});

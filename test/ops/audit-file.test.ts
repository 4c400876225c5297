import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { createFileSink } from '../../src/ops/audit/file-sink.ts';

/** A sink for a file in a folder of the test's own. */
function started(t: Test, { mostWaiting }: { readonly mostWaiting?: number } = {}) {
  const folder = t.testdir({});
  const file = join(folder, 'audit.ndjson');
  const said: string[] = [];
  const counts = { failed: 0, lost: 0 };
  const open = () => {
    const sink = createFileSink(file, {
      recorder: {
        auditFailed: () => (counts.failed += 1),
        auditLost: count => (counts.lost += count),
      },
      log: { info: (_, message) => said.push(message), error: (_, message) => said.push(message) },
      retry: 10,
      ...(mostWaiting === undefined ? {} : { mostWaiting }),
    });
    t.teardown(() => sink.close());
    return sink;
  };
  return { folder, file, said, counts, open };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(5);
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

t.test('appends to what is there, and makes a file that nobody else reads', async t => {
  const { file, open } = started(t);
  const sink = open();
  sink.write('one\n');
  await sink.close();
  t.equal((await stat(file)).mode & 0o777, 0o600);
  const again = open();
  again.write('two\n');
  again.write('three\n');
  await again.close();
  t.equal(await textOf(file), 'one\ntwo\nthree\n');
});

t.test('is there as soon as it is opened', async t => {
  const { file, open } = started(t);
  open();
  await until(() =>
    stat(file).then(
      () => true,
      () => false,
    ),
  );
  t.pass('before the first event');
});

t.test('a file that was moved away is left for a new one, without anybody saying so', async t => {
  const { file, open } = started(t);
  const sink = open();
  sink.write('before\n');
  await until(async () => (await textOf(file)) === 'before\n');
  await rename(file, `${file}.1`);
  sink.write('after\n');
  await sink.close();
  t.same([await textOf(`${file}.1`), await textOf(file)], ['before\n', 'after\n']);
});

t.test('another file of the same name is taken for it', async t => {
  const { file, open } = started(t);
  const sink = open();
  sink.write('before\n');
  await until(async () => (await textOf(file)) === 'before\n');
  await rename(file, `${file}.1`);
  await writeFile(file, '');
  sink.write('after\n');
  await sink.close();
  t.same([await textOf(`${file}.1`), await textOf(file)], ['before\n', 'after\n']);
});

t.test('opens the file again when told to, before there is anything to write', async t => {
  const { file, open } = started(t);
  const sink = open();
  sink.write('before\n');
  await until(async () => (await textOf(file)) === 'before\n');
  await rename(file, `${file}.1`);
  sink.reopen();
  await until(() =>
    stat(file).then(
      () => true,
      () => false,
    ),
  );
  t.equal(await textOf(file), '');
});

t.test('what cannot be written is said once, counted, kept and written in its order', async t => {
  const { folder, file, open, said, counts } = started(t);
  await rm(folder, { recursive: true });
  const sink = open();
  sink.write('one\n');
  await until(() => counts.failed > 2);
  sink.write('two\n');
  t.same(said, ['the audit log cannot be written']);
  await mkdir(folder);
  await until(async () => (await textOf(file)) === 'one\ntwo\n');
  t.same(said, ['the audit log cannot be written', 'the audit log can be written again']);
  t.equal(counts.lost, 0);
});

t.test('what is too much to keep is lost, said once and counted', async t => {
  const { folder, file, open, said, counts } = started(t, { mostWaiting: 8 });
  await rm(folder, { recursive: true });
  const sink = open();
  await until(() => counts.failed > 0);
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) sink.write(line);
  t.equal(counts.lost, 2);
  t.same(said, ['the audit log cannot be written', 'audit events are lost']);
  await mkdir(folder);
  await until(async () => (await textOf(file)) === 'one\ntwo\n');
});

t.test('what is left at the end is written, or given up', async t => {
  const { folder, open, counts } = started(t);
  await rm(folder, { recursive: true });
  const sink = open();
  sink.write('one\n');
  await sink.close();
  t.ok(counts.failed > 0);
});

t.test('many lines at once stay whole and in order', async t => {
  const { file, open } = started(t);
  const sink = open();
  const lines = Array.from({ length: 2000 }, (_, index) => `${JSON.stringify({ index, text: 'x'.repeat(500) })}\n`);
  for (const [index, line] of lines.entries()) {
    sink.write(line);
    if (index % 100 === 0) await sleep(0);
  }
  await sink.close();
  t.equal(await textOf(file), lines.join(''));
});

t.test('a file whose permissions others have changed is still written', async t => {
  const { file, open } = started(t);
  const sink = open();
  sink.write('one\n');
  await until(async () => (await textOf(file)) === 'one\n');
  await chmod(file, 0o640);
  sink.write('two\n');
  await sink.close();
  t.equal((await stat(file)).mode & 0o777, 0o640, 'and left as it is');
  t.equal(await textOf(file), 'one\ntwo\n');
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { readCommandLine } from '../../src/commands/command-line.ts';
import { findCommand } from '../../src/commands/table.ts';
import { commandsOf, type DocPage, docPages, root } from '../support/docs.ts';

const pages = docPages();

/** How the program is called: by its name, from a checkout, or in a container. */
const CALL = /(?:^|\s--\s+)(?:sudo )?(?:halogate|npm run -s halogate --|docker run .* IMAGE) (.+)$/;

/** The words of a command line up to what the shell takes for itself. */
function wordsOf(line: string): readonly string[] {
  const [own = ''] = line.split(/\s(?:[|>]|&&|\|\|)|;/);
  return own.split(/\s+/).filter(word => word !== '');
}

/** The calls in blocks, each as its words; not the synopsis of a command, which says what may stand there. */
function callsOf(blocks: DocPage['blocks']): readonly { at: string; words: readonly string[] }[] {
  return blocks
    .filter(({ language }) => ['sh', 'bash', 'indented'].includes(language))
    .flatMap(({ at, text }) =>
      commandsOf(text).flatMap(line => {
        const [, call] = CALL.exec(line) ?? [];
        return call === undefined || /[|[\]]\S|\S\|/.test(call) ? [] : [{ at, words: wordsOf(call) }];
      }),
    );
}

t.test('every call in a block is one that the command line accepts, settings named', async t => {
  const calls = pages.flatMap(({ blocks }) => callsOf(blocks));
  t.ok(calls.length > 15);
  for (const { at, words } of calls) {
    const read = readCommandLine(words, {});
    t.notOk('problem' in read && read.problem, `${at}: halogate ${words.join(' ')}`);
  }
});

t.test('none calls a Node of which nobody knows how old it is', async t => {
  for (const { file, text } of pages) t.notMatch(text, 'node dist/', file);
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'halogate', '--', '--version'], {
    cwd: root,
    encoding: 'utf8',
  });
  t.match([status, stdout], [0, /^\d+\.\d+\.\d+\n$/], stderr);
});

t.test('every command that a sentence names is one', async t => {
  let found = 0;
  for (const { file, prose } of pages) {
    for (const [whole, words = ''] of prose.matchAll(/`halogate ([a-z-][^`|]*)`/g)) {
      found++;
      const [name = '', ...rest] = wordsOf(words);
      if (name.startsWith('--')) t.notOk('problem' in readCommandLine([name], {}), `${file}: ${whole}`);
      else if (t.ok(findCommand(name), `${file}: ${whole}`) && rest.length > 0) {
        const read = readCommandLine([name, ...rest], { HALOGATE_CONFIG: 'halogate.yaml' });
        t.notOk('problem' in read && read.problem, `${file}: ${whole}`);
      }
    }
  }
  t.ok(found > 15);
});

/** Those that end by themselves and ask nobody. */
const RUNNABLE = new Set(['check', 'explain', 'redirect-uris', 'schema']);

t.test('what a page calls with its own settings works', async t => {
  let ran = 0;
  for (const { file, blocks } of pages) {
    const settings = blocks.find(({ language, text }) => language === 'yaml' && text.startsWith('version: 1'));
    if (settings === undefined) continue;
    const cwd = t.testdir({ 'halogate.yaml': settings.text });
    const names = [...JSON.stringify(parse(settings.text)).matchAll(/"env":"([A-Z_]+)"/g)].map(([, name = '']) => name);
    const secret = Buffer.alloc(32, 7).toString('base64');
    const env = { ...process.env, ...Object.fromEntries(names.map(name => [name, secret])) };
    for (const { at, words } of callsOf(blocks)) {
      if (!RUNNABLE.has(words[0] ?? '')) continue;
      ran++;
      const args = words.map(word => (word.endsWith('halogate.yaml') ? 'halogate.yaml' : word));
      const cli = join(root, 'src/cli.ts');
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd, env, encoding: 'utf8' });
      t.equal(status, 0, `${file}, ${at}: ${words.join(' ')}\n${stdout}${stderr}`);
    }
  }
  t.ok(ran > 5);
});

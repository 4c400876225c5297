import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';
import { anchorsOf, docPages, readPage, root } from '../support/docs.ts';

const pages = docPages();

/** Where links of a page lead, without those to other sites. */
function linksOf(prose: string): readonly string[] {
  // An address in quoted code is text.
  const plain = prose.replace(/`[^`]*`/g, quoted => (quoted.includes('](') ? '' : quoted));
  return [...plain.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => (/^[a-z]+:/.test(link) ? [] : [link]));
}

t.test('every relative link leads to a file, and to a heading of it', async t => {
  for (const { file, prose } of pages) {
    for (const link of linksOf(prose)) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : normalize(join(dirname(file), path));
      if (!t.ok(existsSync(join(root, target)), `${file}: ${link}`) || anchor === undefined) continue;
      t.ok(anchorsOf(readPage(target)).has(anchor), `${file}: ${link} is a heading`);
    }
  }
});

t.test('every file that a page names is there', async t => {
  let found = 0;
  for (const { file, text } of pages) {
    const named = [...text.matchAll(/`((?:config|demo|docs|helm|scripts|src|test)\/[\w./-]*\w)`/g)];
    for (const [, path = ''] of named) {
      found++;
      t.ok(existsSync(join(root, path)), `${file}: ${path}`);
    }
  }
  t.ok(found > 5);
});

t.test('the README lists every page', async t => {
  const readme = pages.find(({ file }) => file === 'README.md');
  const listed = new Set(linksOf(readme?.prose ?? ''));
  for (const { file } of pages) {
    if (file !== 'README.md') t.ok(listed.has(file), file);
  }
});

t.test('every page begins with its title and ends with a line', async t => {
  for (const { file, text } of pages) {
    t.match(text, /^# \S/, file);
    t.match(text, /[^\n]\n$/, file);
    t.ok(statSync(join(root, file)).size < 60_000, file);
  }
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A page of the documentation. */
export interface DocPage {
  /** From the root: `docs/settings.md`. */
  readonly file: string;
  readonly text: string;
  /** Everything but blocks of code. */
  readonly prose: string;
  readonly blocks: readonly CodeBlock[];
}

export interface CodeBlock {
  /** `docs/settings.md:12`, for messages. */
  readonly at: string;
  /** The word after the fence; `indented` for a block without one. */
  readonly language: string;
  readonly text: string;
  /** The word of a comment just above it, which says what it is for. */
  readonly mark?: string;
}

/** All pages, the README among them. */
export function docPages(): readonly DocPage[] {
  const files = readdirSync(join(root, 'docs')).filter(file => file.endsWith('.md'));
  return ['README.md', ...files.sort().map(file => `docs/${file}`)].map(readPage);
}

/** @param file from the root */
export function readPage(file: string): DocPage {
  const text = readFileSync(join(root, file), 'utf8');
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  let open: { fence: string; indent: number; language: string; line: number; lines: string[] } | undefined;
  let loose: string[] = [];
  const lines = text.split('\n');
  const at = (line: number) => `${file}:${line + 1}`;
  const endLoose = (line: number) => {
    if (loose.length > 0) blocks.push({ at: at(line - loose.length), language: 'indented', text: loose.join('\n') });
    loose = [];
  };
  for (const [index, line] of lines.entries()) {
    const fence = /^(\s*)(`{3,})(\S*)\s*$/.exec(line);
    if (open) {
      if (fence?.[2] === open.fence && fence[3] === '') {
        const mark = /^<!-- ([a-z-]+) -->$/.exec(lines[open.line - 1]?.trim() ?? '')?.[1];
        const { language, line: start } = open;
        blocks.push({ at: at(start), language, text: open.lines.join('\n'), ...(mark === undefined ? {} : { mark }) });
        open = undefined;
      } else open.lines.push(line.slice(open.indent));
      continue;
    }
    const [, indent = '', ticks = '', language = ''] = fence ?? [];
    // Four spaces begin a block after an empty line, and a paragraph of a list elsewhere.
    const isLoose =
      line.startsWith('    ') && !/^\s*([-*]|\d+[.])\s/.test(line) && (loose.length > 0 || lines[index - 1] === '');
    if (ticks !== '') open = { fence: ticks, indent: indent.length, language, line: index, lines: [] };
    else if (isLoose) loose.push(line.slice(4));
    else prose.push(line);
    if (!isLoose) endLoose(index);
  }
  endLoose(lines.length);
  if (open) throw new Error(`${at(open.line)}: the block is never closed`);
  return { file, text, prose: prose.join('\n'), blocks };
}

/** The commands of a block: comments and continued lines resolved. */
export function commandsOf(text: string): readonly string[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map(line => line.replace(/(^|\s)#.*$/, '').trim())
    .filter(line => line !== '');
}

/** The anchors of a page, as GitHub makes them of its headings. */
export function anchorsOf({ prose }: DocPage): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const words = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let anchor = words;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${words}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

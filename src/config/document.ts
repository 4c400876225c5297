import {
  type Document,
  isAlias,
  isMap,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Anchor, Path, Position } from './location.ts';
import { findOtherProgram } from './other-program.ts';
import { keyText } from './yaml-keys.ts';
import { findYamlProblems, type YamlProblem } from './yaml-problems.ts';

/** A settings file that was read as YAML, with the place of everything in it. */
export interface SettingsDocument {
  /** Undefined where `problems` stand in the way. */
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
  /** Where the setting stands; where it is missing, the nearest map around it. */
  locate(path: Path, anchor: Anchor): Position;
}

/** Reads YAML 1.2 with merge keys; JSON is YAML. */
export function parseSettings(text: string): SettingsDocument {
  const lines = new LineCounter();
  // A key that stands twice is found by findYamlProblems, which can say where it stood first.
  const document = parseDocument(text, {
    merge: true,
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const other = findOtherProgram(text);
  const problems: readonly YamlProblem[] = other
    ? [{ code: 'OTHER_PROGRAM', ...other, readable: false }]
    : findYamlProblems(document, at);
  const value = problems.every(problem => problem.readable) ? document.toJS() : undefined;
  return { value, problems, locate: (path, anchor) => at(offsetOf(document, path, anchor)) };
}

function offsetOf(document: Document, path: Path, anchor: Anchor): number {
  let value = document.contents as Node | null;
  let offset = startOf(value) ?? 0;
  let valueOffset = offset;
  for (const step of path) {
    const next = child(resolved(value, document), step, document);
    if (next === undefined) return offset;
    value = next.value;
    offset = startOf(next.key) ?? startOf(value) ?? offset;
    valueOffset = startOf(value) ?? offset;
  }
  return anchor === 'key' ? offset : valueOffset;
}

function child(node: Node | undefined, step: string | number, document: Document) {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? undefined : { key: undefined, value: item as Node | null };
  }
  return isMap(node) ? entry(node, String(step), document) : undefined;
}

/** The pair of a key: the map's own (of two, the last is the one that counts), else the first of those that are merged into it. */
function entry(map: YAMLMap, key: string, document: Document): { key: Node; value: Node | null } | undefined {
  const pairs = map.items as Pair<Node, Node | null>[];
  const own = pairs.findLast(pair => keyText(pair.key) === key);
  if (own !== undefined) return own;
  for (const pair of pairs.filter(candidate => keyText(candidate.key) === '<<')) {
    const source = resolved(pair.value, document);
    for (const merged of isSeq(source) ? source.items : [source]) {
      const target = resolved(merged as Node, document);
      const found = isMap(target) ? entry(target, key, document) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function resolved(node: Node | null | undefined, document: Document): Node | undefined {
  return (isAlias(node) ? node.resolve(document) : node) ?? undefined;
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}

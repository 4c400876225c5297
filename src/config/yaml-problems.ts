import { type Document, type ErrorCode, isNode, isScalar, visit, type YAMLMap } from 'yaml';
import { quote } from './findings.ts';
import type { Position } from './location.ts';
import { keyText } from './yaml-keys.ts';

export interface YamlProblem extends Position {
  readonly code: 'YAML_SYNTAX' | 'DUPLICATE_KEY' | 'OTHER_PROGRAM';
  readonly message: string;
  /** The rest of the file can be understood all the same. */
  readonly readable: boolean;
}

/**
 * The parser's own messages quote the text of the file, which may be a secret, so each code has a sentence here.
 */
const sentences: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: 'the indentation does not fit what stands above',
  TAB_AS_INDENT: 'a tab where only spaces may indent',
  MISSING_CHAR: 'a closing bracket, brace, quote or a colon is missing',
  UNEXPECTED_TOKEN: 'something stands here that YAML does not expect; a text with ": " or " #" needs quotes',
  BAD_SCALAR_START: 'a text that begins like this needs quotes',
  BAD_DQ_ESCAPE: 'an unknown escape in a text in double quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a map within a line; a text with ": " needs quotes',
  MULTILINE_IMPLICIT_KEY: 'a key that spans lines; perhaps a colon is missing',
  MULTIPLE_DOCS: 'a second document begins here; settings are one document',
  TAG_RESOLVE_FAILED: 'an unknown tag; a text that begins with "!" needs quotes',
  BAD_ALIAS: 'a malformed alias; a text that begins with "*" or "&" needs quotes',
};

/** Everything that keeps the file from being read as YAML, and every key that stands twice. */
export function findYamlProblems(document: Document, at: (offset: number) => Position): YamlProblem[] {
  const problems: YamlProblem[] = [];
  const syntax = (offset: number, message: string) =>
    problems.push({ code: 'YAML_SYNTAX', ...at(offset), message, readable: false });

  // After a first error the parser stumbles over what follows, which would only hide the cause.
  const [first] = document.errors;
  for (const { code, pos } of first === undefined ? document.warnings : [first]) {
    syntax(pos[0], sentences[code] ?? 'not valid YAML');
  }
  visit(document, {
    Alias(_key, alias, ancestors) {
      const target = alias.resolve(document);
      const offset = alias.range?.[0] ?? 0;
      if (target === undefined)
        syntax(offset, 'an alias without an anchor before it; a text that begins with "*" needs quotes');
      else if (ancestors.includes(target)) syntax(offset, 'an alias of what it stands in');
    },
    Map(_key, map) {
      problems.push(...duplicateKeys(map, at));
    },
  });
  if (problems.every(problem => problem.readable)) {
    try {
      document.toJS();
    } catch {
      // What is left to fail at this point are merge keys that merge no map, and aliases that multiply without bound.
      syntax(0, 'a merge key ("<<") whose value is no map, or too many aliases');
    }
  }
  return problems;
}

function duplicateKeys(map: YAMLMap, at: (offset: number) => Position): YamlProblem[] {
  const problems: YamlProblem[] = [];
  const seen = new Map<string, Position>();
  for (const { key } of map.items) {
    const position = at(isNode(key) ? (key.range?.[0] ?? 0) : 0);
    const text = keyText(key);
    const first = seen.get(text);
    if (first === undefined) seen.set(text, position);
    else {
      const message = `the key ${quote(text)} stands twice; first in line ${first.line}`;
      problems.push({ code: 'DUPLICATE_KEY', ...position, message, readable: isScalar(key) });
    }
  }
  return problems;
}

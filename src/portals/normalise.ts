import { foldAscii } from './fold.ts';
import { normalisePath } from './path.ts';
import type { Misplaced, Target } from './place.ts';
import { badTarget, isMisplaced } from './refusal.ts';

const SLASH = 0x2f;
const DOT = 0x2e;
const QUESTION_MARK = 0x3f;

const FORBIDDEN = 0;
const PLAIN = 1;
const UPPER_CASE = 2;
/** What makes a path worth a closer look. */
const SPECIAL = 3;

const KINDS = new Uint8Array(0x80);
for (let code = 0x21; code <= 0x7e; code += 1) {
  const character = String.fromCharCode(code);
  KINDS[code] = /[%;(:]/.test(character) ? SPECIAL : /[A-Z]/.test(character) ? UPPER_CASE : PLAIN;
}
KINDS['#'.charCodeAt(0)] = FORBIDDEN;
KINDS['\\'.charCodeAt(0)] = FORBIDDEN;

const FORBIDDEN_CHARACTER = badTarget(
  'The target holds a space, a control character, `#`, a backslash or a byte above 0x7E.',
);

/**
 * A request target in its one normal form, or why it has none (specification: Portals and paths).
 * @param target the request target as it came: origin form, or absolute form of `http` or `https`
 * @param hostNames the spellings of the request's own host, in lower case; an absolute form of any other host is refused
 */
export function normalise(target: string, hostNames: readonly string[] = []): Target | Misplaced {
  if (target.charCodeAt(0) === SLASH) return normaliseOriginForm(target);
  const absolute = /^https?:\/\/([^/?]*)/i.exec(target);
  if (absolute === null) return badTarget('The target is neither a path nor an http or https address.');
  const [prefix, authority = ''] = absolute;
  if (!hostNames.includes(foldAscii(authority)))
    return badTarget('The target names another host than the Host header.');
  const rest = target.slice(prefix.length);
  return normaliseOriginForm(rest.charCodeAt(0) === SLASH ? rest : `/${rest}`);
}

/** One pass over the characters; only a path that holds something special is taken apart. */
function normaliseOriginForm(target: string): Target | Misplaced {
  let special = false;
  let upperCase = false;
  let previous = 0;
  let end = 0;
  for (; end < target.length; end += 1) {
    const code = target.charCodeAt(end);
    if (code === QUESTION_MARK) break;
    const kind = KINDS[code] ?? FORBIDDEN;
    if (kind === FORBIDDEN) return FORBIDDEN_CHARACTER;
    if (kind === UPPER_CASE) upperCase = true;
    else if (kind === SPECIAL || (code === SLASH && (previous === SLASH || previous === DOT))) special = true;
    previous = code;
  }
  for (let index = end; index < target.length; index += 1) {
    if ((KINDS[target.charCodeAt(index)] ?? FORBIDDEN) === FORBIDDEN) return FORBIDDEN_CHARACTER;
  }
  const path = target.slice(0, end);
  const query = target.slice(end);
  if (special || previous === DOT) {
    const normal = normalisePath(path);
    return isMisplaced(normal) ? normal : { path: normal.path, query, key: normal.key };
  }
  const trimmed = previous === SLASH && end > 1 ? path.slice(0, -1) : path;
  return { path, query, key: upperCase ? trimmed.toLowerCase() : trimmed };
}

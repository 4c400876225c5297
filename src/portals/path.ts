import { foldAscii } from './fold.ts';
import type { Misplaced, Target } from './place.ts';
import { badTarget } from './refusal.ts';

/** A segment in the form that is forwarded, and as the upstream will read it. */
interface Segment {
  readonly kept: string;
  readonly decoded: string;
}

const UNRESERVED = /%(?:2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f|7e)/gi;

/** What a second decoding would turn into a percent, dot, slash, backslash or control character, `%uXXXX` of ASP.NET included. */
const DECODES_ONCE_MORE = /%(?:u00)?(?:2[5ef]|5c|7f|[01][0-9a-f])|%(?:c2%|u00)[89][0-9a-f]/i;

/** ASP.NET's cookieless session, which it removes from the path before it routes: `(S(…))`. */
const COOKIELESS = /^\([a-z]\(/i;

/**
 * Normalises a path that holds something special. The characters of `path` have been checked: printable ASCII, no `#`, no backslash.
 * Segments are examined decoded and before dot segments are resolved, so that nothing hides in what `..` removes.
 * @param path begins with `/`
 */
export function normalisePath(path: string): Omit<Target, 'query'> | Misplaced {
  const kept: string[] = [];
  const decoded: string[] = [];
  let directory = false;
  for (const raw of path.slice(1).split('/')) {
    directory = raw === '';
    if (directory) continue;
    const segment = decodeSegment(raw);
    if (segment === undefined) return badTarget('The path holds an invalid percent-encoding or invalid UTF-8.');
    const flaw = flawOf(segment.decoded);
    if (flaw !== undefined) return badTarget(flaw);
    directory = segment.decoded === '.' || segment.decoded === '..';
    if (segment.decoded === '..') {
      kept.pop();
      decoded.pop();
    } else if (!directory) {
      kept.push(segment.kept);
      decoded.push(segment.decoded);
    }
  }
  const end = directory && kept.length > 0 ? '/' : '';
  return { path: `/${kept.join('/')}${end}`, key: foldAscii(`/${decoded.join('/')}`) };
}

function decodeSegment(raw: string): Segment | undefined {
  if (!raw.includes('%')) return { kept: raw, decoded: raw };
  try {
    const decoded = decodeURIComponent(raw);
    const kept = raw.replace(UNRESERVED, octet => String.fromCharCode(Number.parseInt(octet.slice(1), 16)));
    return { kept, decoded };
  } catch {
    return undefined;
  }
}

/** Why a segment is refused; undefined where nothing is wrong with it. */
function flawOf(segment: string): string | undefined {
  if (segment === '.' || segment === '..') return undefined;
  if (holdsSeparatorOrControl(segment)) return 'The path holds an encoded slash, backslash or control character.';
  if (segment.includes('%') && DECODES_ONCE_MORE.test(segment)) return 'The path is percent-encoded twice.';
  if (segment.endsWith('.') || segment.endsWith(' ')) return 'A segment of the path ends in a dot or a space.';
  if (segment.includes('::')) return 'A segment of the path holds a double colon.';
  if (segment.startsWith('.;') || segment.startsWith('..;')) return 'A dot segment of the path carries parameters.';
  if (COOKIELESS.test(segment)) return 'A segment of the path looks like a cookieless session.';
  return undefined;
}

function holdsSeparatorOrControl(segment: string): boolean {
  for (let index = 0; index < segment.length; index += 1) {
    const code = segment.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f) || code === 0x2f || code === 0x5c) return true;
  }
  return false;
}

import { foldAscii } from './fold.ts';
import { isBelow } from './prefix.ts';

/** Whether a key (see `Target.key`) matches a path pattern. */
export type PathMatcher = (key: string) => boolean;

/** The literal text around the `*`s of one segment; without `last` the segment holds none. */
interface SegmentPattern {
  readonly first: string;
  readonly middle: readonly string[];
  readonly last?: string;
}

/**
 * Compiles a path pattern: `*` is any run within a segment, also none; `**` as the last segment is the rest of the path or nothing.
 * It is matched by segment, without letter case, against the decoded path, and one trailing slash does not count.
 * @throws RangeError where the pattern could not match what its author meant: no leading slash, an empty segment, `**` elsewhere
 */
export function compilePattern(pattern: string): PathMatcher {
  const segments = splitPattern(pattern);
  const open = segments.at(-1) === '**';
  if (open) segments.pop();
  if (segments.some(segment => segment.includes('**'))) {
    throw new RangeError('`**` may only be the last segment of a path pattern.');
  }
  const wild = segments.findIndex(segment => segment.includes('*'));
  const literal = wild === -1 ? segments : segments.slice(0, wild);
  const head = literal.map(segment => `/${segment}`).join('');
  if (wild === -1) return open ? key => isBelow(key, head) : key => key === (head || '/');
  const tail = segments.slice(wild).map(compileSegment);
  return key => isBelow(key, head) && matchesTail(key, head.length, tail, open);
}

function splitPattern(pattern: string): string[] {
  if (!pattern.startsWith('/')) throw new RangeError('A path pattern begins with a slash.');
  if (pattern === '/') return [];
  const segments = foldAscii(pattern).slice(1).split('/');
  if (segments.at(-1) === '') segments.pop();
  if (segments.includes('')) throw new RangeError('A path pattern has no empty segments.');
  return segments;
}

function compileSegment(segment: string): SegmentPattern {
  const [first = '', ...others] = segment.split('*');
  const last = others.pop();
  return last === undefined ? { first, middle: [] } : { first, middle: others, last };
}

/** Walks the segments from `start`, which is the end of the key or a slash in it. */
function matchesTail(key: string, start: number, tail: readonly SegmentPattern[], open: boolean): boolean {
  let at = start;
  for (const segment of tail) {
    const from = at + 1;
    if (from >= key.length) return false;
    const slash = key.indexOf('/', from);
    at = slash === -1 ? key.length : slash;
    if (!matchesSegment(segment, key, from, at)) return false;
  }
  return open || at === key.length;
}

/** No place for a piece is better than the leftmost one, so there is nothing to go back for. */
function matchesSegment(segment: SegmentPattern, key: string, from: number, to: number): boolean {
  const { first, middle, last } = segment;
  if (last === undefined) return to - from === first.length && key.startsWith(first, from);
  if (!key.startsWith(first, from)) return false;
  let at = from + first.length;
  for (const piece of middle) {
    const found = key.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at + last.length <= to && key.endsWith(last, to);
}

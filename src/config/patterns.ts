/**
 * What is wrong with a path pattern: `*` stands for any run within a segment, `**` for the rest of the path or nothing.
 * @returns a clause that begins in lower case, or undefined
 */
export function patternProblem(pattern: string): string | undefined {
  if (!pattern.startsWith('/')) return 'a path pattern begins with "/"';
  if (/[?#\\%]/.test(pattern))
    return 'a path pattern has no "?", "#", "\\" or "%"; it is compared with the decoded path alone';
  if ([...pattern].some(character => character < ' ' || character === '\u007f'))
    return 'a path pattern has no control characters';
  const segments = segmentsOf(pattern);
  for (const [index, segment] of segments.entries()) {
    if (segment === '') return 'a path pattern has no empty segments ("//")';
    if (segment === '.' || segment === '..') return 'a path pattern has no dot segments';
    if (segment.includes('**') && (segment !== '**' || index < segments.length - 1)) {
      return '"**" is a segment of its own, and the last one';
    }
  }
  return undefined;
}

/** The pattern as requests are compared with it: without a trailing slash. */
export function normalPattern(pattern: string): string {
  return pattern === '/' ? pattern : pattern.replace(/\/$/, '');
}

/** Whether the pattern names one path. */
export function isLiteral(pattern: string): boolean {
  return !pattern.includes('*');
}

/** Whether the pattern matches the path `base` or some path below it. */
export function reachesBelow(pattern: string, base: string): boolean {
  const segments = segmentsOf(pattern);
  for (const [index, literal] of segmentsOf(base).entries()) {
    const segment = segments[index];
    if (segment === '**') return true;
    if (segment === undefined || !segmentMatches(segment, literal)) return false;
  }
  return true;
}

function segmentsOf(path: string): string[] {
  const normal = normalPattern(path);
  return normal === '/' ? [] : normal.split('/').slice(1);
}

function segmentMatches(pattern: string, literal: string): boolean {
  const source = pattern
    .split('*')
    .map(text => text.replace(/[.+?^${}()|[\]\\-]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 'i').test(literal);
}

import type { Logo } from './config.ts';
import { quote, type Report } from './findings.ts';
import type { Path } from './location.ts';
import { readBytes, type Surroundings } from './secrets.ts';

/** Every page loads it: a larger one would make people on a phone wait. In KiB. */
const MOST_KIB = 256;

/** By what an image is told, read as Latin-1, and where that stands. */
const SIGNATURES = [
  { contentType: 'image/png', text: '\x89PNG\r\n\x1a\n', at: 0 },
  { contentType: 'image/jpeg', text: '\xff\xd8\xff', at: 0 },
  { contentType: 'image/gif', text: 'GIF8', at: 0 },
  { contentType: 'image/webp', text: 'WEBP', at: 8 },
] as const;

/** What may stand before the root element of an SVG: declaration, comments, a document type without one of its own. One of them. */
const SVG_PROLOGUE = /\s+|<\?[^>]*\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>[]*>/y;
const SVG_ROOT = /<svg\s[^>]*>/y;
/** Without its namespace a browser does not draw it. */
const SVG_NAMESPACE = /\sxmlns\s*=\s*(["'])http:\/\/www\.w3\.org\/2000\/svg\1/;

/** The image of `pages.logo`; what it is, its bytes say and not its name. Undefined where it could not be read or cannot serve. */
export function readLogo(
  file: string | undefined,
  path: Path,
  surroundings: Surroundings,
  report: Report,
): Logo | undefined {
  if (file === undefined) return undefined;
  const { value: bytes, problem } = readBytes(file, surroundings);
  if (problem !== undefined) report('FILE_UNREADABLE', path, problem);
  if (bytes === undefined) return undefined;
  if (bytes.length > MOST_KIB * 1024) {
    const size = Math.ceil(bytes.length / 1024);
    report(
      'UNSUITABLE_LOGO',
      path,
      `the file ${quote(file)} has ${size} KiB; every page loads it, so ${MOST_KIB} KiB is the most`,
    );
    return undefined;
  }
  const contentType = contentTypeOf(bytes);
  if (contentType === undefined) {
    report('UNSUITABLE_LOGO', path, `the file ${quote(file)} is no SVG (with its xmlns), PNG, JPEG, GIF or WebP`);
    return undefined;
  }
  return { bytes, contentType };
}

function contentTypeOf(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 16);
  const known = SIGNATURES.find(({ text, at }) => start.startsWith(text, at));
  if (known) return known.contentType;
  return SVG_NAMESPACE.test(svgRootOf(bytes.toString('utf8'))) ? 'image/svg+xml' : undefined;
}

/** The tag that begins an SVG; empty where there is none. Each part before it is passed once: no file makes this slow. */
function svgRootOf(text: string): string {
  let at = 0;
  let part: string;
  do {
    part = match(SVG_PROLOGUE, text, at);
    at += part.length;
  } while (part !== '');
  return match(SVG_ROOT, text, at);
}

/** What a sticky pattern finds at a place; empty where it finds nothing. */
function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

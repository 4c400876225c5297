const SLASH = 0x2f;

/**
 * Whether a key lies at or below a prefix, on a segment boundary: `/portalx` is not below `/portal`.
 * @param prefix a key without trailing slash; `''` is the root, below which everything lies
 */
export function isBelow(key: string, prefix: string): boolean {
  return key.startsWith(prefix) && (key.length === prefix.length || key.charCodeAt(prefix.length) === SLASH);
}

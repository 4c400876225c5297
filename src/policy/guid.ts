const GUIDS = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/i;

/** An id for comparison: a GUID, or two joined by a dot, in lower case; any other id, which may tell letter case apart, as it is. */
export function comparableId(id: string): string {
  return GUIDS.test(id) ? id.toLowerCase() : id;
}

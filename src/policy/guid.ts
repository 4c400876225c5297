const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ONE_OR_TWO = new RegExp(`^${GUID}(?:\\.${GUID})?$`, 'i');
const TWO = new RegExp(`^${GUID}\\.${GUID}$`, 'i');

/** An id for comparison: a GUID, or two joined by a dot, in lower case; any other id, which may tell letter case apart, as it is. */
export function comparableId(id: string): string {
  return ONE_OR_TWO.test(id) ? id.toLowerCase() : id;
}

/** Whether an id is that of a person at Entra, `{tid}.{oid}` in GUIDs. */
export function isEntraPerson(id: string): boolean {
  return TWO.test(id);
}

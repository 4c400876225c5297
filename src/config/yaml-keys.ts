import { isScalar } from 'yaml';

/** The text of a key; a merge key is `<<`. */
export function keyText(key: unknown): string {
  if (!isScalar(key)) return String(key);
  return typeof key.value === 'symbol' ? (key.value.description ?? '') : String(key.value ?? '');
}

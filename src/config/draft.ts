import type { Path } from './location.ts';

/**
 * Settings of which any part may be missing: those that were found wrong are left out, so that the checks of the others still run.
 */
export type Draft<T> = T extends readonly (infer U)[]
  ? readonly (Draft<U> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
    : T;

/** The entries of a list that are left, with their paths. */
export function entries<T>(
  list: readonly (T | undefined)[] | undefined,
  path: Path,
): { value: T; path: Path; index: number }[] {
  const found: { value: T; path: Path; index: number }[] = [];
  for (const [index, value] of (list ?? []).entries()) {
    if (value !== undefined) found.push({ value, path: [...path, index], index });
  }
  return found;
}

/** The entries of a list that are left. */
export function present<T>(list: readonly (T | undefined)[] | undefined): T[] {
  return (list ?? []).filter(value => value !== undefined);
}

/** Takes out of a document what stands at a path. */
export function leaveOut(root: unknown, path: Path): void {
  const last = path.at(-1);
  let holder = root;
  for (const step of path.slice(0, -1)) {
    if (typeof holder !== 'object' || holder === null) return;
    holder = Reflect.get(holder, step);
  }
  if (typeof holder !== 'object' || holder === null || last === undefined) return;
  // The places of the other entries of a list must stay what they are in the file.
  if (Array.isArray(holder)) holder[Number(last)] = undefined;
  else Reflect.deleteProperty(holder, last);
}

import type { Misplaced } from './place.ts';

/** A target that has no normal form. */
export function badTarget(why: string): Misplaced {
  return { refused: 'BAD_TARGET', why };
}

export function isMisplaced(result: object): result is Misplaced {
  return 'refused' in result;
}

export { createLocate, IMPORT_CALLBACK } from './locate.ts';
export { normalise } from './normalise.ts';
export { compilePattern, type PathMatcher } from './pattern.ts';
export type { Locate, Misplaced, Place, Target } from './place.ts';
export { isMisplaced } from './refusal.ts';

export { type Halo, type HaloOptions, startHalo } from './halo.ts';
export type { Received } from './received.ts';

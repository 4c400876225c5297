export { type Halo, startHalo } from './halo.ts';

export { CLIENT, type Entra, startEntra } from './entra.ts';
export type { FaultName } from './faults.ts';
export { G1, HOME } from './people.ts';

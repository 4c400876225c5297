export { CLIENT, type Entra, type EntraOptions, startEntra } from './entra.ts';
export { FAULTS, type FaultName } from './faults.ts';
export { CONSUMER_TENANT, ELSEWHERE, G1, HOME, type PersonKey } from './people.ts';
export type { AccessToken, Choice } from './state.ts';

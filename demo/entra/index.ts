export { CLIENT, type Entra, type EntraOptions, PARTNERS, startEntra } from './entra.ts';
export { FAULTS, type FaultName } from './faults.ts';
export { AGENT_ROLE, CONSUMER_TENANT, ELSEWHERE, G1, HOME, PARTNER, type PersonKey } from './people.ts';
export type { AccessToken, Choice } from './state.ts';

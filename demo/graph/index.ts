export type { Customer } from './customers.ts';
export { type Graph, type GraphOptions, startGraph } from './graph.ts';
export type { WrongAnswer } from './state.ts';

export { CONTOSO } from './customers.ts';
export { type Graph, startGraph } from './graph.ts';

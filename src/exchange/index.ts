export { createExchange, type Exchange } from './exchange.ts';
export { createListener } from './listener.ts';
export { createRetiring } from './retiring.ts';
export { createSockets, type Sockets } from './sockets.ts';
export { carryUpgrades } from './upgrades.ts';

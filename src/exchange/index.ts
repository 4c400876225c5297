export { answerClientError } from './client-error.ts';
export { createExchange } from './exchange.ts';
export { createSockets } from './sockets.ts';
export { carryUpgrades, isWebSocket } from './upgrades.ts';

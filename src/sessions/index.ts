export type { Ended, ListedSession, NewSession, Renewal, Sealer, Sessions } from './api.ts';
export { cookieName, foreignCookieNames, isOwnCookie, readCookies, serializeCookie } from './cookie.ts';
export { createLiveSealer, createSealer } from './sealing.ts';
export type { ProviderTokens, Session } from './session.ts';
export { createSessions } from './sessions.ts';
export { type Store, type StoredSession, StoreUnreachableError } from './store.ts';
export { createMemoryStore } from './store-memory.ts';
export { createRedisStore } from './store-redis.ts';
export { type StoreTrial, tryStore } from './store-trial.ts';

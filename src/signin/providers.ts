import type { Connection } from '../config/index.ts';
import { createProvider, type Provider } from './provider.ts';

/** One provider a connection, made when it is first needed: what it has learned outlives a change of other settings. */
export interface Providers {
  of(connection: Connection): Provider;
  /** Forgets those of all other connections. */
  keep(connections: readonly Connection[]): void;
}

export function createProviders(): Providers {
  let providers = new Map<string, Provider>();
  return {
    of(connection) {
      const key = keyOf(connection);
      const provider = providers.get(key) ?? createProvider(connection);
      providers.set(key, provider);
      return provider;
    },
    keep(connections) {
      const keys = new Set(connections.map(keyOf));
      providers = new Map([...providers].filter(([key]) => keys.has(key)));
    },
  };
}

/** What a provider is made of. */
function keyOf({ name, provider, issuer, authority, tenantType, clientId, credential }: Connection): string {
  return JSON.stringify([name, provider, issuer, authority, tenantType, clientId, credential]);
}

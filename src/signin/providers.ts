import type { Connection } from '../config/index.ts';
import type { SignInRecorder } from '../ops/index.ts';
import { createProvider, type Provider } from './provider.ts';
import { recordedFetch } from './recorded-fetch.ts';

/** One provider a connection, made when it is first needed: what it has learned outlives a change of other settings. */
export interface Providers {
  of(connection: Connection): Provider;
  /** Forgets those of all other connections. */
  keep(connections: readonly Connection[]): void;
}

/** @param recorder told how they answer */
export function createProviders(recorder?: Pick<SignInRecorder, 'providerAnswered'>): Providers {
  let providers = new Map<string, Provider>();
  return {
    of(connection) {
      const key = keyOf(connection);
      const provider = providers.get(key) ?? createProvider(connection, recordedFetch(recorder, connection.name));
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

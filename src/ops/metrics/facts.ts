import type { Registry } from 'prom-client';
import type { Config } from '../../config/index.ts';
import { definitions } from './definitions.ts';
import { createInstruments } from './instruments.ts';

/** What is not told as it happens, but asked when somebody looks. */
export interface MetricFacts {
  readonly version: string;
  readonly settings: () => {
    readonly config: Pick<Config, 'hash' | 'connections'>;
    /** Since when they are in use, in milliseconds since the epoch. */
    readonly at: number;
    /** There where newer ones could not be put to use. */
    readonly failure?: object;
  };
  /** How many sessions are known here. */
  readonly sessions: () => number;
  /** Of each multi-tenant connection, how many tenants it admits. Times in milliseconds since the epoch. */
  readonly tenants: () => readonly {
    readonly connection: string;
    readonly settings: number;
    readonly csp?: { readonly admitted: number; readonly readAt?: number };
  }[];
}

/**
 * Gauges of facts.
 * @param registry where they are made
 * @returns sets them to what is so now
 */
export function createFactGauges(registry: Registry, facts: MetricFacts): () => void {
  const { gauge } = createInstruments(registry);
  const sessions = gauge(definitions.sessions);
  const tenants = gauge(definitions.tenants);
  const tenantsRead = gauge(definitions.tenantsRead);
  const credentialEnds = gauge(definitions.credentialEnds);
  const reloadSuccessful = gauge(definitions.reloadSuccessful);
  const reloadedAt = gauge(definitions.reloadedAt);
  const settings = gauge(definitions.config);
  gauge(definitions.build).set({ version: facts.version, node: process.version }, 1);

  return () => {
    // What the settings no longer have is gone.
    for (const each of [tenants, tenantsRead, credentialEnds, settings]) each.reset();
    const { config, at, failure } = facts.settings();
    settings.set({ hash: config.hash }, 1);
    reloadSuccessful.set(failure ? 0 : 1);
    reloadedAt.set(at / 1000);
    for (const { name: connection, credential } of config.connections) {
      if ('certificate' in credential) credentialEnds.set({ connection }, credential.certificate.expires / 1000);
    }
    sessions.set(facts.sessions());
    for (const { connection, settings: listed, csp } of facts.tenants()) {
      tenants.set({ connection, source: 'settings' }, listed);
      if (!csp) continue;
      tenants.set({ connection, source: 'csp' }, csp.admitted);
      tenantsRead.set({ connection }, (csp.readAt ?? 0) / 1000);
    }
  };
}
